package import CacheModel

/// Failures of many keys: how many there were for each reason, and a few names; bounded however many
/// there are.
package struct FailureTally: Sendable, Equatable {
  /// One reason.
  package struct Reason: Sendable, Equatable {
    package var error: BackendError
    package var count: Int
    /// The first few keys.
    package var keys: [CacheKey]
  }

  package private(set) var reasons: [Reason] = []
  package private(set) var count = 0

  package init() {}

  package static let reasonsKept = 8
  package static let keysKept = 10

  package var isEmpty: Bool { count == 0 }

  /// The ninth reason and those after it are counted only.
  package mutating func add(_ error: BackendError, of key: CacheKey) {
    count += 1
    if let place = reasons.firstIndex(where: { $0.error == error }) {
      reasons[place].count += 1
      if reasons[place].keys.count < Self.keysKept { reasons[place].keys.append(key) }
    } else if reasons.count < Self.reasonsKept {
      reasons.append(Reason(error: error, count: 1, keys: [key]))
    }
  }
}
