/// Tags, for sources that have none.
extension CacheBackend {
  package func tags(
    of keys: [CacheKey], among known: [Tag]
  ) async throws(BackendError) -> [[Tag]] {
    keys.map { _ in [] }
  }

  package func tagNames(
    from cursor: ScanCursor, named name: [UInt8]?, count: Int
  ) async throws(BackendError) -> TagPage {
    TagPage(tags: [], next: nil)
  }

  package func keys(
    tagged tag: Tag, from cursor: ScanCursor, count: Int
  ) async throws(BackendError) -> ScanPage {
    throw .unsupported("keep tags")
  }

  package func invalidation(of tag: Tag) async throws(BackendError) -> TagInvalidation? {
    throw .unsupported("keep tags")
  }

  package func trackers(of key: CacheKey) async throws(BackendError) -> KeyTrackers {
    .unknown
  }
}

extension CacheBackend {
  package func tags(spelled spelling: [UInt8]) async throws(BackendError) -> [Tag] {
    try await tagsOfKeepers(spelled: spelling)
  }

  /// Django's versions and the functions and regions of dogpile.cache need no look; for the others
  /// this walks over all tags of the name.
  package func tagsOfKeepers(spelled spelling: [UInt8]) async throws(BackendError) -> [Tag] {
    if let tag = Tag(selfContained: spelling) { return [tag] }
    let (keeper, name) = TagKeeper.split(spelling)
    let found = try await tags(named: name, by: keeper)
    guard found.isEmpty, let at = name.lastIndex(of: UInt8(ascii: "@")) else { return found }
    let prefix = name[(at + 1)...]
    return try await tags(named: Array(name[..<at]), by: keeper).filter {
      $0.prefix.elementsEqual(prefix)
    }
  }

  private func tags(
    named name: [UInt8], by keeper: TagKeeper?
  ) async throws(BackendError) -> [Tag] {
    var found: [Tag] = []
    var cursor: ScanCursor? = .start
    while let place = cursor {
      let page = try await tagNames(from: place, named: name, count: 1000)
      for seen in page.tags where keeper == nil || seen.tag.keeper == keeper {
        if !found.contains(seen.tag) { found.append(seen.tag) }
      }
      cursor = page.next
    }
    return found
  }
}

extension TagKeeper {
  /// The keeper that stands before the first colon, where one does, and the rest.
  fileprivate static func split(_ spelling: [UInt8]) -> (TagKeeper?, [UInt8]) {
    guard let colon = spelling.firstIndex(of: UInt8(ascii: ":")),
      let keeper = TagKeeper(rawValue: String(decoding: spelling[..<colon], as: UTF8.self))
    else { return (nil, spelling) }
    return (keeper, Array(spelling[(colon + 1)...]))
  }
}

extension Tag {
  /// A tag that lies in the names of keys alone, so that nothing has to be looked up.
  fileprivate init?(selfContained spelling: [UInt8]) {
    let (keeper, rest) = TagKeeper.split(spelling)
    switch keeper {
    case .django:
      guard let colon = rest.lastIndex(of: UInt8(ascii: ":")), colon + 1 < rest.count else {
        return nil
      }
      self.init(keeper: .django, prefix: Array(rest[..<colon]), name: Array(rest[(colon + 1)...]))
    case .dogpile where !rest.isEmpty: self.init(keeper: .dogpile, name: rest)
    default: return nil
    }
  }
}
