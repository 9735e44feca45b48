/// A label under which keys lie together, so that all of them can be invalidated at once.
///
/// The built-in engine keeps tags itself. On other servers it is a library in the application that
/// keeps them, in keys of its own or in the names of keys; `keeper` says which one, because each has
/// its own rule for invalidating.
package struct Tag: Sendable, Hashable {
  package var keeper: TagKeeper
  /// What the application puts before the names of its keys, where the tag belongs to one such
  /// prefix alone.
  package var prefix: [UInt8]
  package var name: [UInt8]
  /// The key in which the tag itself is kept: its set, its counter or its version.
  package var ownKey: CacheKey?

  package init(
    keeper: TagKeeper, prefix: [UInt8] = [], name: [UInt8], ownKey: CacheKey? = nil
  ) {
    self.keeper = keeper
    self.prefix = prefix
    self.name = name
    self.ownKey = ownKey
  }

  /// As a person types it: the name alone on the engine, otherwise the keeper before it. The
  /// versions of Django are numbers, so there the prefix belongs to it.
  package var spelling: String {
    let text = String(decoding: name, as: UTF8.self)
    switch keeper {
    case .engine: return text
    case .django: return "django:\(String(decoding: prefix, as: UTF8.self)):\(text)"
    default: return "\(keeper.rawValue):\(text)"
    }
  }

  /// The spelling with the prefix behind it, for a name that the keeper has under several prefixes.
  package var wholeSpelling: String {
    switch keeper {
    case .engine, .django, .dogpile: spelling
    default: "\(spelling)@\(String(decoding: prefix, as: UTF8.self))"
    }
  }
}

/// Who keeps a tag. Raw values are what a person types before the name.
package enum TagKeeper: String, Sendable, Hashable, CaseIterable {
  /// The built-in engine.
  case engine
  /// Laravel from version 10: a sorted set of keys for each tag.
  case laravel
  /// Laravel up to version 9: an id for each tag, and two sets of keys for each id.
  case laravel9
  /// Symfony's adapter for tags on Redis: a set of keys for each tag.
  case symfony
  /// Symfony's adapter for tags on any cache: a version for each tag.
  case symfonyVersion = "symfony-version"
  /// Magento and OpenMage: a set of ids for each tag.
  case magento
  /// Drupal: a counter of invalidations for each tag.
  case drupal
  /// Django: a version in the name of each key.
  case django
  /// dogpile.cache: the function in the name of each key; all values of a region know their age.
  case dogpile
  /// Flask-Caching: a version for each memoized function.
  case flask

  /// Whether anything on the server tells which keys have a tag.
  package var tellsKeys: Bool { self != .symfonyVersion }

  /// The library's own name.
  package var product: String {
    switch self {
    case .engine: "the engine"
    case .laravel, .laravel9: "Laravel"
    case .symfony, .symfonyVersion: "Symfony"
    case .magento: "Magento"
    case .drupal: "Drupal"
    case .django: "Django"
    case .dogpile: "dogpile.cache"
    case .flask: "Flask-Caching"
    }
  }
}

/// A tag that was seen, and how many keys have it where the source tells. A set may name keys that
/// have gone.
package struct SeenTag: Sendable, Hashable {
  package var tag: Tag
  package var keys: Int64?

  package init(_ tag: Tag, keys: Int64? = nil) {
    self.tag = tag
    self.keys = keys
  }
}

/// One step of a walk over the tags of a source. A tag may come more than once.
package struct TagPage: Sendable, Equatable {
  package var tags: [SeenTag]
  /// Where to go on; nil when the walk is complete.
  package var next: ScanCursor?

  package init(tags: [SeenTag], next: ScanCursor?) {
    self.tags = tags
    self.next = next
  }
}

/// What invalidating a tag consists of, by the rule of its keeper.
package struct TagInvalidation: Sendable, Equatable {
  package var tag: Tag
  /// Whether the keys of the tag, which `CacheBackend.keys(tagged:…)` walks over, are deleted first.
  package var deletesKeys: Bool
  /// What follows when they are gone, in this order: the tag's own sets go, its counter counts.
  package var afterwards: [KeyedChange]
  /// What is done, for a plan: `delete its keys, then the set that names them`.
  package var words: String
  /// What stays behind or may surprise, one sentence each.
  package var notes: [String]

  package init(
    tag: Tag, deletesKeys: Bool, afterwards: [KeyedChange] = [], words: String,
    notes: [String] = []
  ) {
    self.tag = tag
    self.deletesKeys = deletesKeys
    self.afterwards = afterwards
    self.words = words
    self.notes = notes
  }
}
