import Glibc

/// How often values fall into ranges of equal width, whose bounds are round numbers.
public struct Histogram: Equatable, Sendable {
  public struct Bin: Equatable, Sendable {
    /// Belongs to the bin.
    public var lower: Double
    /// Belongs to the next bin, except in the last one.
    public var upper: Double
    public var count: Int

    public var label: String {
      lower == upper ? NumberText.short(lower) : "\(NumberText.short(lower)) – \(NumberText.short(upper))"
    }
  }

  /// In order, without gaps; empty if there were no finite values.
  public let bins: [Bin]

  /// About `count` bins. Values that are not finite are left out.
  public init(_ values: [Double], bins count: Int = 10) {
    let values = values.filter(\.isFinite)
    guard let least = values.min(), let most = values.max() else {
      bins = []
      return
    }
    let count = Swift.min(1000, Swift.max(1, count))
    let whole = values.allSatisfy { $0 == $0.rounded() }
    guard let step = Step(span: most - least, parts: count, whole: whole),
      let first = step.index(below: least), let last = step.index(below: most)
    else {
      bins = [Bin(lower: least, upper: most, count: values.count)]
      return
    }
    // A largest value that is a bound itself belongs to the bin below it.
    let end = last > first && step.bound(last) == most ? last - 1 : last
    var bins = (first...end).map { Bin(lower: step.bound($0), upper: step.bound($0 + 1), count: 0) }
    for value in values {
      guard let index = step.index(below: value) else { continue }
      bins[Swift.min(end, Swift.max(first, index)) - first].count += 1
    }
    self.bins = bins
  }

  /// The bins as bars.
  public var bars: [BarChart.Bar] { bins.map { BarChart.Bar($0.label, Double($0.count)) } }

  /// 1, 2 or 5 times a power of ten.
  private struct Step {
    let digit: Int
    let power: Int

    /// Nil where all values are one, or too close together for their size.
    init?(span: Double, parts: Int, whole: Bool) {
      let width = span / Double(parts)
      guard width.isFinite, width > 0 else { return nil }
      var power = Int(floor(log10(width)))
      guard abs(power) < 300 else { return nil }
      let fraction = width / pow(10, Double(power))
      var digit = fraction <= 1.000001 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10
      if digit == 10 {
        digit = 1
        power += 1
      }
      if whole && power < 0 {
        digit = 1
        power = 0
      }
      self.digit = digit
      self.power = power
    }

    func bound(_ index: Int) -> Double {
      let digits = Double(index) * Double(digit)
      // Dividing gives the double nearest to the decimal number, multiplying by 0.1 does not.
      return power < 0 ? digits / pow(10, Double(-power)) : digits * pow(10, Double(power))
    }

    func index(below value: Double) -> Int? {
      let place = floor(value / bound(1))
      guard abs(place) < 1e15 else { return nil }
      var index = Int(place)
      if bound(index) > value { index -= 1 }
      if bound(index + 1) <= value { index += 1 }
      return index
    }
  }
}
