/// Everything that can be wrong with the text of a script, with the facts of the case.
/// `Mistake+Prose.swift` says it in words.
enum Mistake: Hashable, Sendable {
  // Characters and literals.
  case fileTooLarge
  case controlCharacter(UInt8)
  case unexpectedCharacter(String)
  case slashComment
  case unclosedText
  case unclosedBlockText
  case unclosedRawText
  case unclosedInterpolation
  case emptyInterpolation
  case unknownEscape(String)
  case malformedUnicodeEscape
  case lessIndented
  case digitBeforePoint
  case leadingZero
  case strayUnderscore
  case numberTooLarge
  case integerBecomesFloat
  case unknownUnit(String)
  case fractionalDuration(String)
  case durationTooLong
  case malformedInstant
  case impossibleInstant(String)

  // Statements.
  case expectedNewLine(found: String, callee: String?, argument: String)
  case startsStatement(String)
  case strayKeyword(String)
  case onLineOfBrace(String)
  case unmatchedBracket(String)
  case onlyAtTop(String)
  case expected(String, after: String, found: String)
  case expectedName(String, found: String)
  case expectedBody(found: String)
  case missingHead
  case unclosedBrace(line: Int)
  case functionNeedsName
  case functionValue
  case notAssignable
  case assignmentInCondition
  case tryNeedsCatch
  case plainTextNeeded(String)

  // Expressions.
  case expectedExpression(found: String, isKeyword: Bool)
  case expectedClosing(String, found: String)
  /// `line` is that of the bracket, where it is another than this one.
  case expectedInList(closing: String, found: String, line: Int?)
  case expectedInRecord(found: String, isAfterName: Bool)
  case expectedEntry(found: String)
  case expectedField(found: String)
  case habit(String)
  case foreign(ForeignForm)
  case notInsideComparison
  case chainedComparison
  case chainedRange
  case stageGoesOn(String)
  case stageIsField(String)
  case stageNeedsName(found: String)
  case textCallGoesOn
  case textCallInside(String)
  case argumentWithEquals
  case positionalAfterNamed
  case noMethods(String?)
  case misplacedBlock
  case blockInHead
  case blockNotRecord
  case bodyNotRecord
  case recordNotBlock(found: String)
  case noItem
  case noItemInArguments(of: String)
  case noItemInFunction
  case itemHasName
  case nestedTooDeeply(Int)
  case chainTooLong(Int)

  // Declarations.
  case expectedType(found: String)
  case operationNeedsEffect(found: String)
  case operationNeedsMethod(found: String)
  case oneALine(found: String)
  case literalNeeded
}
