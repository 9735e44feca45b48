package import CacheModel

/// What became of the keys of one batch, packed, so that many batches that nobody has looked at yet
/// take little room.
package struct SettledKeys: Sendable, Equatable {
  package enum Fate: Sendable, Equatable {
    /// The change was made.
    case changed
    /// The key had gone.
    case gone
    /// Nothing was done, for the key is otherwise than was thought.
    case otherwise
    /// Nothing was done, or nobody knows.
    case failed
  }

  package private(set) var names = KeyNameList(bound: .max)
  /// One for each name, in their order.
  package private(set) var fates: [Fate] = []

  package init(_ changes: [KeyedChange], _ results: [Result<ChangeOutcome, BackendError>]) {
    self.init(zip(changes, results).map { ($0.key, Fate($1)) })
  }

  init(_ keys: [(key: CacheKey, fate: Fate)]) {
    for (key, fate) in keys where names.append(key) { fates.append(fate) }
  }

  /// The names with what became of them.
  package func forEach(_ body: (CacheKey, Fate) -> Void) {
    var place = 0
    names.forEach { key in
      body(key, fates[place])
      place += 1
    }
  }
}

extension SettledKeys.Fate {
  fileprivate init(_ result: Result<ChangeOutcome, BackendError>) {
    switch result {
    case .success(.done): self = .changed
    case .success(.gone), .success(.elementGone): self = .gone
    case .success: self = .otherwise
    case .failure: self = .failed
    }
  }
}
