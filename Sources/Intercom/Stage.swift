/// The numbers of a sequence's stages, as `stdlib/prelude/sequences.parl` has them.
enum Stage {
  static let source = 0
  static let map = 1
  static let filter = 2
  static let take = 4
  static let drop = 5
  static let takeWhile = 6
  static let dropWhile = 7
  static let enumerate = 10
  static let unique = 11
  static let cache = 12
  static let sort = 13

  /// Those that hand on the records that they get, or fewer.
  static let keeping: Set<Int> = [filter, take, drop, takeWhile, dropWhile, unique, cache, sort]
}
