/// The instructions of the register machine: the one list that encoder, loader, machine, verifier and
/// disassembler read (each opcode's operands stand in `Opcode+Layout.swift`).
///
/// An instruction is one 32-bit word, `op | A << 8 | B << 16 | C << 24`, or `op | A << 8 | Bx << 16`
/// with a 16-bit operand (`sBx` where it is signed), or `op | sAx << 8`; some are followed by extra words.
/// `R[x]` is a register, `K[x]` a constant, `G[x]` a global, `X1`, `X2` the extra words. Jumps count words
/// from the end of the whole instruction.
public enum Opcode: UInt8, CaseIterable, Sendable {
  // Loads and moves.
  /// R[A] := R[B]
  case move
  /// R[A] := K[Bx]
  case loadConstant
  /// R[A] := sBx, an int
  case loadInt
  /// R[A] := null
  case loadNull
  /// R[A] := true
  case loadTrue
  /// R[A] := false
  case loadFalse
  /// R[A] := the mark of an argument that was left out
  case loadAbsent
  /// R[A] := G[Bx]; an error where its line has not run yet
  case getGlobal
  /// G[Bx] := R[A]
  case setGlobal
  /// R[A] := captured value B of the running function
  case getCapture
  /// R[A] := the running function itself
  case getSelf
  /// Sets the shared bit of the list or record in R[A], if it is one: it is about to be stored a second time.
  case share
  /// R[A] := a copy of the list or record in R[A] if it is shared, so that it may be changed in place.
  case own

  // Arithmetic. The K forms take K[C].
  /// R[A] := R[B] + R[C]
  case add
  /// R[A] := R[B] + K[C]
  case addConstant
  /// R[A] := R[B] - R[C]
  case subtract
  /// R[A] := R[B] - K[C]
  case subtractConstant
  /// R[A] := R[B] * R[C]
  case multiply
  /// R[A] := R[B] * K[C]
  case multiplyConstant
  /// R[A] := R[B] / R[C], always a float (or a duration)
  case divide
  /// R[A] := R[B] / K[C]
  case divideConstant
  /// R[A] := R[B] % R[C], with the divisor's sign
  case remainder
  /// R[A] := R[B] % K[C]
  case remainderConstant
  /// R[A] := -R[B]
  case negate
  /// R[A] := not R[B]
  case not
  /// R[A] += R[B]: appends in place where R[A] is an unshared list
  case appendTo
  /// R[A] += [R[B]]: appends one item in place where R[A] is an unshared list
  case push

  // Comparisons to a bool.
  /// R[A] := R[B] == R[C]
  case equal
  /// R[A] := R[B] != R[C]
  case notEqual
  /// R[A] := R[B] < R[C]; false with null
  case less
  /// R[A] := R[B] <= R[C]; false with null
  case lessOrEqual
  /// R[A] := the word operator numbered X1 (`WordOperator`) of R[B] and R[C]
  case word
  /// R[A] := R[B]..R[C]
  case makeRange

  // Jumps.
  /// pc += sAx
  case jump
  /// pc += sAx, and counts a step: every loop goes back by one of these
  case jumpBack
  /// if R[A] is false or null, pc += sBx; an error unless it is a bool or null
  case jumpIfFalse
  /// if R[A] is true, pc += sBx; an error unless it is a bool or null
  case jumpIfTrue
  /// if R[A] is null, pc += sBx
  case jumpIfNull
  /// if R[A] is not null, pc += sBx
  case jumpIfNotNull
  /// if R[A] is not the mark of an argument left out, pc += sBx
  case jumpIfPresent
  /// if R[A] == R[B], pc += X1
  case jumpIfEqual
  /// if R[A] != R[B], pc += X1
  case jumpUnlessEqual
  /// if R[A] < R[B], pc += X1
  case jumpIfLess
  /// unless R[A] < R[B], pc += X1
  case jumpUnlessLess
  /// if R[A] <= R[B], pc += X1
  case jumpIfLessOrEqual
  /// unless R[A] <= R[B], pc += X1
  case jumpUnlessLessOrEqual
  /// if R[A] == K[B], pc += X1
  case jumpIfEqualConstant
  /// if R[A] != K[B], pc += X1
  case jumpUnlessEqualConstant
  /// if R[A] < K[B], pc += X1
  case jumpIfLessConstant
  /// unless R[A] < K[B], pc += X1
  case jumpUnlessLessConstant
  /// if R[A] <= K[B], pc += X1
  case jumpIfLessOrEqualConstant
  /// unless R[A] <= K[B], pc += X1
  case jumpUnlessLessOrEqualConstant
  /// if R[A] > K[B], pc += X1
  case jumpIfGreaterConstant
  /// unless R[A] > K[B], pc += X1
  case jumpUnlessGreaterConstant
  /// if R[A] >= K[B], pc += X1
  case jumpIfGreaterOrEqualConstant
  /// unless R[A] >= K[B], pc += X1
  case jumpUnlessGreaterOrEqualConstant

  // Lists, records, texts.
  /// R[A] := [R[B], … R[B + C - 1]]
  case makeList
  /// R[A] := {…}: X1 is the key list in K, its values lie in R[B], R[B + 1], …
  case makeRecord
  /// R[A] is a fresh record: every entry of the record R[B] goes into it
  case spread
  /// R[A] := R[B].X1; X2 caches shape and place
  case getField
  /// R[A].X1 := R[B], in place unless R[A] is shared; X2 caches shape and place
  case setField
  /// As `setField`; where R[A] was changed in place pc += X3, over what would put it back
  case putField
  /// R[A] := R[B][R[C]]; X1 and X2 cache shape, place and key
  case getIndex
  /// R[A] := R[B][R[C]].X1; X2 caches as `getField`, X3 and X4 as `getIndex`
  case getItemField
  /// R[A][R[B]] := R[C], in place unless R[A] is shared
  case setIndex
  /// R[A] := R[B][R[C]], to be changed in place: what is shared is copied first, R[B] for itself, the item where it
  /// stands. Who changed R[A] puts it back, as it may have moved.
  case takeIndex
  /// R[A] := R[B].X1, to be changed in place as with `takeIndex`; X2 caches shape and place
  case takeField
  /// R[A] := the text of R[B], … R[B + C - 1] in a row
  case concatenate

  // Calls. Arguments lie in R[A + 1], … R[A + B]; the result goes to R[A].
  /// Calls the function in R[A].
  case call
  /// Calls prototype X1 of this chunk's functions, which captures nothing.
  case callStatic
  /// Calls the native numbered X1.
  case callNative
  /// Leaves the function with R[A].
  case returnValue
  /// Leaves the function with R[A], shared if it is a list or record: it may be stored elsewhere.
  case returnShared
  /// Leaves the function with null.
  case returnNull
  /// R[A] := a function of child prototype Bx and what it captures
  case makeFunction

  // Loops over what can be iterated.
  /// The state of a loop that counts from R[A] to R[A + 1]: R[A + 1] := how many, R[A + 2] := R[A] - 1
  case countPrepare
  /// If there is a next number, R[A + 2] := it and pc += sBx (back to the body)
  case countNext
  /// R[A] := the state of a loop over R[A]; R[A + 1] is the loop's own
  case loopPrepare
  /// If there is a next item, R[A + 2] := it and pc += sBx (back to the body); else goes on behind the
  /// `loopCheck` that always follows. A sequence's item comes by a call, and `loopCheck` looks at it.
  case loopNext
  /// unless R[A + 2] is the end mark, pc += sBx
  case loopCheck
  /// R[A] := an iterator over R[B]
  case iterate
  /// R[A] := the next item of the iterator R[B], or the end mark
  case advance
  /// if R[A] is the end mark, pc += sBx
  case jumpIfEnd
  /// R[A] := slot C of the internal object R[B]
  case getSlot
  /// slot C of the internal object R[A] := R[B]
  case setSlot
  /// Raises what is in R[A].
  case raise
}

/// The operators written as words; the raw value is `word`'s extra word. `not` is a `not` behind it.
public enum WordOperator: UInt8, CaseIterable, Sendable {
  case isIn, contains, startsWith, endsWith, matches
}
