/// How tightly an infix operator binds, from loose to tight.
enum Precedence: Int, Comparable {
  case or = 1
  case and, not, comparison, pipe, range, sum, term

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  /// What the right operand may hold; everything but `not` leans to the left.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .term }
}

/// An infix operator of the grammar.
enum Infix {
  case binary(BinaryOperator, Precedence)
  case stage

  var precedence: Precedence {
    switch self {
    case .binary(_, let precedence): precedence
    case .stage: .pipe
    }
  }

  /// The table of the operators that are one token; `not in` and the like are made of these.
  init?(_ kind: Token.Kind) {
    switch kind {
    case .or, .bars: self = .binary(.or, .or)
    case .and, .ampersands: self = .binary(.and, .and)
    case .equal: self = .binary(.equal, .comparison)
    case .notEqual: self = .binary(.notEqual, .comparison)
    case .less: self = .binary(.less, .comparison)
    case .lessOrEqual: self = .binary(.lessOrEqual, .comparison)
    case .greater: self = .binary(.greater, .comparison)
    case .greaterOrEqual: self = .binary(.greaterOrEqual, .comparison)
    case .in: self = .binary(.in, .comparison)
    case .contains: self = .binary(.contains, .comparison)
    case .startsWith: self = .binary(.startsWith, .comparison)
    case .endsWith: self = .binary(.endsWith, .comparison)
    case .matches: self = .binary(.matches, .comparison)
    case .bar, .barArrow: self = .stage
    case .coalesce: self = .binary(.coalesce, .pipe)
    case .range: self = .binary(.range, .range)
    case .plus: self = .binary(.add, .sum)
    case .minus: self = .binary(.subtract, .sum)
    case .star: self = .binary(.multiply, .term)
    case .slash: self = .binary(.divide, .term)
    case .percent: self = .binary(.remainder, .term)
    default: return nil
    }
  }

  /// A word operator behind `not`.
  init?(negated kind: Token.Kind) {
    switch kind {
    case .in: self = .binary(.notIn, .comparison)
    case .contains: self = .binary(.notContains, .comparison)
    case .startsWith: self = .binary(.notStartsWith, .comparison)
    case .endsWith: self = .binary(.notEndsWith, .comparison)
    case .matches: self = .binary(.notMatches, .comparison)
    default: return nil
    }
  }
}
