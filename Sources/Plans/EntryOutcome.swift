package import CacheModel

/// What became of one entry that was to be put under its key in a source.
package struct EntryOutcome: Sendable, Equatable {
  package enum Fate: Sendable, Hashable {
    /// It is there now, as a new key or in place of what was there.
    case put
    /// It was there already, with the same value and the same end; nothing was written.
    case alreadyThere
    /// The key holds something else and stays as it is.
    case taken
    /// Its time has come; it was not revived.
    case expired
    /// It has gone from where it was to come from.
    case gone
    /// The server is another one than it was.
    case otherSource
  }

  package var key: CacheKey
  package var result: Result<Fate, BackendError>

  package init(_ key: CacheKey, _ result: Result<Fate, BackendError>) {
    self.key = key
    self.result = result
  }
}

extension EntryOutcome {
  init(_ key: CacheKey, putting result: Result<UndoOutcome, BackendError>) {
    self.init(
      key,
      result.map { outcome in
        switch outcome {
        case .restored: .put
        case .asBefore: .alreadyThere
        case .expiredMeanwhile: .expired
        case .changedMeanwhile: .taken
        case .otherSource: .otherSource
        }
      })
  }
}
