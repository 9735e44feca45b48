import CacheModel
import Explorer

/// What the explorer's index of the same keys takes in memory, by the index' own account.
enum IndexCost {
  static func bytesBeyondName(count: Int) -> Double {
    var index = KeyIndex()
    for number in 1...max(1, count) { _ = index.insert(CacheKey(name(number))) }
    return Double(index.bytesBeyondNames) / Double(index.count)
  }

  /// The name of a key as `MillionKeys.filling` makes it.
  private static func name(_ number: Int) -> String {
    switch number % 10 {
    case 0..<4: "app:session:\(padded(number % 64, 2)):\(padded(number, 7))"
    case 4..<7: "app:user:\(number)"
    case 7..<9: "page:/articles/\(number)"
    default: "app:rate:10.0.\(number % 256).\(number)"
    }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
