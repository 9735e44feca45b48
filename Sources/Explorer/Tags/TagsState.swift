package import CacheModel

/// The tags of the source that were seen, and what is known beside its value of the key in view.
///
/// Where libraries keep tags, a key does not tell which sets name it: of those the tags that were
/// seen are looked through. They are found by a walk of their own, begun when the list of tags is
/// opened, and unasked only over so few keys that it costs the server next to nothing.
package struct TagsState: Sendable {
  /// The tags seen, those with the most keys first.
  package private(set) var list: [ListedTag] = []
  /// Whether a walk over all of them has come to its end.
  package internal(set) var isComplete = false
  /// Tags that were seen and are not kept.
  package private(set) var others = 0
  package internal(set) var failure: BackendError?
  /// The step of the walk under way.
  var request: RequestID?
  /// The tags that this walk has come by.
  private var walked: Set<Tag> = []

  /// What is known of the key in view, or of the one before it until that is told.
  package internal(set) var labels: KeyLabels?
  var labelling: (request: RequestID, key: CacheKey)?
  var labelledAt: Moment?

  /// Tags that are kept, and those of them that a key is looked for in.
  static let mostTags = 10_000
  private static let mostLookedThrough = 1000

  package init() {}

  /// The tags that a key does not tell by itself.
  var toLookThrough: [Tag] {
    list.lazy.map(\.tag).filter { $0.keeper != .engine }.prefix(Self.mostLookedThrough)
      .map { $0 }
  }

  mutating func beginWalk(_ request: RequestID) {
    self.request = request
    walked = []
    others = 0
    failure = nil
  }

  /// Takes a step of the walk in. O(tags) for tags that are new.
  mutating func take(_ seen: [SeenTag]) {
    var isChanged = false
    for tag in seen where walked.insert(tag.tag).inserted {
      if let place = list.firstIndex(where: { $0.tag == tag.tag }) {
        isChanged = isChanged || list[place].keys != tag.keys
        list[place].keys = tag.keys
      } else if list.count < Self.mostTags {
        list.append(ListedTag(tag))
        isChanged = true
      } else {
        others += 1
      }
    }
    if isChanged { list.sort(by: ListedTag.stands) }
  }

  /// The walk is over: tags that it did not come by have gone.
  mutating func endWalk() {
    request = nil
    isComplete = true
    list.removeAll { !walked.contains($0.tag) }
    walked = []
    labelledAt = nil
  }
}

/// A tag in the list.
package struct ListedTag: Sendable, Equatable {
  package let tag: Tag
  /// As a person types it.
  package let spelling: String
  /// How many keys have it, where that is told; some may have gone.
  package var keys: Int64?

  init(_ seen: SeenTag) {
    tag = seen.tag
    spelling = seen.tag.spelling
    keys = seen.keys
  }

  static func stands(_ one: ListedTag, before other: ListedTag) -> Bool {
    (other.keys ?? -1, one.spelling) < (one.keys ?? -1, other.spelling)
  }
}

/// What is known of a key beside its value.
package struct KeyLabels: Sendable, Equatable {
  package var key: CacheKey
  package var tags: [Tag]
  package var trackers: KeyTrackers

  package init(key: CacheKey, tags: [Tag], trackers: KeyTrackers) {
    self.key = key
    self.tags = tags
    self.trackers = trackers
  }
}
