import CacheModel
import RESP

/// The conventions that are known, in the order in which a name is shown to them.
enum TagConventions {
  static let all: [any TagConvention] = [
    LaravelEntries(), LaravelReferences(), SymfonyTagSets(), SymfonyTagVersions(), MagentoTags(),
    DrupalTags(), FlaskVersions(), DogpileFunctions(), DjangoVersions(),
  ]

  static func convention(of keeper: TagKeeper) -> (any TagConvention)? {
    all.first { $0.keeper == keeper }
  }

  /// What a name shows: the tag that may be kept in the key, or else those that a value of this name
  /// may belong to, each with the convention that knows how to confirm it.
  static func sightings(_ key: [UInt8]) -> [TagSighting] {
    for convention in all {
      if let tag = convention.tag(keptIn: key) {
        return [TagSighting(tag: tag, key: key, convention: convention, isOwnKey: true)]
      }
    }
    return all.compactMap { convention in
      convention.tag(shownBy: key).map {
        TagSighting(tag: $0, key: key, convention: convention, isOwnKey: false)
      }
    }
  }
}

/// A tag that a name shows, not confirmed yet.
struct TagSighting: Sendable {
  var tag: Tag
  var key: [UInt8]
  var convention: any TagConvention
  var isOwnKey: Bool

  /// What is asked to confirm it.
  var question: RESPCommand {
    if !isOwnKey, let look = convention.look { return look.question(key) }
    switch convention.ownKind {
    case .set: return RESPCommand("SCARD", [key])
    case .sortedSet: return RESPCommand("ZCARD", [key])
    default: return RESPCommand("TYPE", [key])
    }
  }

  /// The tag, and how many keys it has where its set tells; nil when it was a chance likeness.
  func confirmed(by answer: RESPValue) -> SeenTag? {
    if !isOwnKey, let look = convention.look { return look.fits(answer) ? SeenTag(tag) : nil }
    switch convention.ownKind {
    case .set, .sortedSet: return answer.integer.map { SeenTag(tag, keys: $0) }
    case let kind: return answer.text == kind.redisName ? SeenTag(tag) : nil
    }
  }
}
