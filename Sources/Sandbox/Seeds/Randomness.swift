/// SplitMix64: a small generator whose numbers depend on its seed alone, on every machine.
struct Randomness {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// Each record has a stream of its own, so that one record does not depend on how many came before.
  init(_ seed: UInt64, stream: UInt64) {
    var mixer = Randomness(seed ^ (stream &* 0xD1B5_4A32_D192_ED03))
    state = mixer.next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 ..< bound; 0 if there is nothing to choose from.
  mutating func below(_ bound: Int) -> Int {
    bound <= 1 ? 0 : Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  mutating func between(_ low: Int64, _ high: Int64) -> Int64 {
    low >= high ? low : low + Int64(below(Int(high - low) + 1))
  }

  /// True in `percent` cases out of 100.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ choices: [Element], default fallback: Element) -> Element {
    let index = below(choices.count)
    return choices.indices.contains(index) ? choices[index] : fallback
  }

  mutating func pick(_ choices: [String]) -> String { pick(choices, default: "") }
}
