/// A place on the globe as GEOADD keeps it in the score of a sorted set: 52 bits, of which the even ones
/// are the latitude and the odd ones the longitude. After geohash.c of Redis.
package struct GeoPlace: Sendable, Hashable {
  package let longitude: Double
  package let latitude: Double

  private static let steps = 26
  private static let mostLatitude = 85.05112878

  /// Nil for a score that GEOADD does not write.
  package init?(score: Double) {
    guard score >= 0, score < 0x1p52, score == score.rounded() else { return nil }
    let bits = UInt64(score)
    let cell = 1.0 / Double(1 << Self.steps)
    latitude = (Double(Self.even(bits)) + 0.5) * cell * 2 * Self.mostLatitude - Self.mostLatitude
    longitude = (Double(Self.even(bits >> 1)) + 0.5) * cell * 360 - 180
  }

  /// Whether scores can be meant as places: large whole numbers, as even the milliseconds of this
  /// century are not.
  package static func areLikely(_ scores: [Double]) -> Bool {
    !scores.isEmpty && scores.allSatisfy { $0 >= 0x1p44 && GeoPlace(score: $0) != nil }
  }

  /// `13.361389, 38.115556`: longitude and latitude, as GEOPOS tells them.
  package var text: String { "\(Self.text(longitude)), \(Self.text(latitude))" }

  private static func text(_ degrees: Double) -> String {
    let millionths = Int64((degrees.magnitude * 1_000_000).rounded())
    let fraction = String(millionths % 1_000_000)
    return (degrees < 0 ? "-" : "") + "\(millionths / 1_000_000)."
      + String(repeating: "0", count: 6 - fraction.count) + fraction
  }

  private static func even(_ bits: UInt64) -> UInt32 {
    var result: UInt32 = 0
    for place in 0..<steps where bits >> UInt64(2 * place) & 1 == 1 {
      result |= 1 << UInt32(place)
    }
    return result
  }
}
