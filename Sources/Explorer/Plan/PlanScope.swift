package import CacheModel

/// The keys that an action is meant for.
package enum ActionScope: Sendable, Equatable {
  /// The one under the cursor, or the only one that is marked.
  case key(CacheKey)
  /// All that are marked, so many.
  case marks(Int)
  /// All that are shown below a prefix, so many.
  case below([UInt8], Int)
  /// Every key of the database, so many.
  case database(Int)
  /// Those of a tag, so many as it says.
  case tag(Tag, Int)

  /// How many there are, as far as it is known before they are collected.
  package var count: Int {
    switch self {
    case .key: 1
    case .marks(let count), .below(_, let count), .database(let count), .tag(_, let count): count
    }
  }

  package var isMany: Bool { key == nil }

  /// The key, where it is a single one.
  package var key: CacheKey? {
    if case .key(let key) = self { key } else { nil }
  }

  var prefix: [UInt8] {
    if case .below(let prefix, _) = self { prefix } else { [] }
  }

  package var isSurveyed: Bool { surveyed != nil }

  /// What is walked over where the list does not know which keys are meant.
  var surveyed: SurveyedKeys? {
    switch self {
    case .key, .marks, .below: nil
    case .database: .database
    case .tag(let tag, _): .tag(tag)
    }
  }
}

/// Keys of a plan that the source is asked for.
package enum SurveyedKeys: Sendable, Equatable {
  case database
  case tag(Tag)
}
