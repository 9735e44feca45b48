package import CacheModel

extension ValueKind {
  /// What a value of the kind consists of: `1 field`, `12 members`; of a string its bytes.
  package func parts(_ count: Int64) -> String {
    let noun =
      switch self {
      case .string: "byte"
      case .hash: "field"
      case .list: "element"
      case .set, .sortedSet: "member"
      case .stream: "entry"
      default: "part"
      }
    guard count != 1 else { return "1 \(noun)" }
    return "\(count.grouped) " + (self == .stream ? "entries" : noun + "s")
  }
}
