/// The numbers of a sequence's stages, as `stdlib/prelude/sequences.parl` has them.
enum Stage {
  static let source = 0
  static let map = 1
  static let filter = 2
  static let take = 4
  static let drop = 5
  static let enumerate = 10
  static let cache = 12
  static let sort = 13
}
