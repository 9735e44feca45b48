/// Figures with units of a bounded width, so that a changing number never moves its neighbours
/// when it is right-aligned in that width. No result depends on a locale.
package enum FigureFormat {
  /// Widest result of `bytes`.
  package static let bytesWidth = 6
  /// Widest result of `duration` for lives below 10,000 days.
  package static let durationWidth = 7

  /// `214 B`, `1.2 KB`, `412 MB`: units of 1,024; one decimal below 10. At most 6 columns.
  package static func bytes(_ bytes: UInt64) -> String {
    guard bytes >= 1000 else { return "\(bytes) B" }
    let (figure, unit) = scaled(
      Double(bytes), by: 1024, units: ["KB", "MB", "GB", "TB", "PB", "EB"])
    return "\(figure) \(unit)"
  }

  /// The same in 4 columns, for headers: `214B`, `1.2K`, `412M`.
  package static func compactBytes(_ bytes: UInt64) -> String {
    guard bytes >= 1000 else { return "\(bytes)B" }
    let (figure, unit) = scaled(Double(bytes), by: 1024, units: ["K", "M", "G", "T", "P", "E"])
    return figure + unit
  }

  /// `812`, `8.2k`, `412M`: units of 1,000. At most 4 columns, with a sign 5.
  package static func count(_ count: Double) -> String {
    guard count.isFinite else { return "–" }
    let magnitude = count.magnitude
    let sign = count < 0 ? "-" : ""
    guard magnitude >= 999.5 else { return sign + "\(Int(magnitude.rounded()))" }
    guard magnitude < 9e20 else { return sign + "∞" }
    let (figure, unit) = scaled(magnitude, by: 1000, units: ["k", "M", "G", "T", "P", "E"])
    return sign + figure + unit
  }

  /// Rates, which matter below 10 too: `0`, `0.4`, `31`, `8.2k`. At most 4 columns.
  package static func rate(_ rate: Double) -> String {
    guard rate.isFinite, rate >= 0.05, rate < 9.95 else { return count(rate) }
    return decimal(rate, places: 1)
  }

  /// All digits, in groups of three: `1,204,331`.
  package static func grouped(_ count: Int) -> String {
    let digits = Array(String(count.magnitude))
    var text = count < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A share from 0 to 1 with one decimal: `94.2 %`; `100 %` only for all. At most 6 columns.
  package static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    guard share < 1 else { return "100 %" }
    return decimal(min(max(share * 100, 0), 99.9), places: 1) + " %"
  }

  /// `94.2%`, without the blank that tables have.
  package static func compactPercent(_ share: Double) -> String {
    percent(share).filter { $0 != " " }
  }

  /// A number with so many decimals (0 to 9), rounded to nearest: `0.3`.
  package static func decimal(_ number: Double, places: Int) -> String {
    guard number.isFinite, number.magnitude < 1e15 else { return "–" }
    var scale = 1
    for _ in 0..<min(max(places, 0), 3) { scale *= 10 }
    let scaled = Int((number.magnitude * Double(scale)).rounded())
    let sign = number < 0 && scaled > 0 ? "-" : ""
    guard scale > 1 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: String(scale).count - 1 - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }

  /// Divides by the unit until fewer than four digits are left.
  private static func scaled(
    _ number: Double, by step: Double, units: [String]
  ) -> (figure: String, unit: String) {
    var (rest, unit) = (number / step, 0)
    while rest >= 999.5, unit + 1 < units.count {
      rest /= step
      unit += 1
    }
    return (decimal(rest, places: rest < 9.95 ? 1 : 0), units[unit])
  }
}
