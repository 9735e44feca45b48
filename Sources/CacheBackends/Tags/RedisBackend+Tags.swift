package import CacheModel
import KeyPattern
import RESP

// The tags of the source: those of the engine by its own commands, on other servers those that
// libraries keep, by `TagConvention`.
extension RedisBackend {
  package func tagNames(
    from cursor: ScanCursor, named name: [UInt8]?, count: Int
  ) async throws(BackendError) -> TagPage {
    if traits.keepsTags { return try await engineTagNames(from: cursor, named: name, count: count) }
    let glob = name.map { [UInt8(ascii: "*")] + GlobPattern.escape($0) + [UInt8(ascii: "*")] }
    let page = try await scan(from: cursor, matching: glob, count: count)
    let sightings = Self.toConfirm(page.keys, name)
    let answers = try await sendInParts(sightings.map(\.question))
    var told: Set<Tag> = []
    let tags = zip(sightings, answers).compactMap { $0.confirmed(by: $1) }.filter {
      told.insert($0.tag).inserted
    }
    return TagPage(tags: tags, next: page.next)
  }

  /// What the names of keys show, a few sightings of each tag: not every value of a library looks
  /// like one.
  private static func toConfirm(_ keys: [CacheKey], _ name: [UInt8]?) -> [TagSighting] {
    var seen: [Tag: Int] = [:]
    return keys.flatMap { TagConventions.sightings($0.bytes) }.filter { sighting in
      guard name == nil || sighting.tag.name == name else { return false }
      seen[sighting.tag, default: 0] += 1
      return seen[sighting.tag, default: 0] <= sightingsOfOneTag
    }
  }

  private static let sightingsOfOneTag = 8

  /// On the engine a tag may be named like one of a library; then the engine's own is meant.
  package func tags(spelled spelling: [UInt8]) async throws(BackendError) -> [Tag] {
    if traits.keepsTags {
      let page = try await engineKeys(tagged: spelling, from: .start, count: 1)
      if !page.keys.isEmpty || page.next != nil { return [Tag(keeper: .engine, name: spelling)] }
    }
    let found = try await tagsOfKeepers(spelled: spelling)
    return found.isEmpty ? [DrupalTags().tag(spelled: spelling)].compactMap { $0 } : found
  }

  package func invalidation(of tag: Tag) async throws(BackendError) -> TagInvalidation? {
    guard tag.keeper != .engine else {
      return TagInvalidation(tag: tag, deletesKeys: true, words: "delete its keys")
    }
    return try await places(of: [tag])[0]?.invalidation
  }

  /// Looks the places of tags up, in their order; nil for a tag that is not there any more.
  func places(of tags: [Tag]) async throws(BackendError) -> [TagPlace?] {
    let conventions = tags.map { TagConventions.convention(of: $0.keeper) }
    let questions = zip(tags, conventions).map { tag, convention in
      convention?.questions(of: tag) ?? []
    }
    var answers = ReplyReader(try await sendInParts(questions.flatMap(\.self)))
    var places: [TagPlace?] = []
    for (index, tag) in tags.enumerated() {
      let told = questions[index].map { _ in answers.next() }
      for (question, answer) in zip(questions[index], told) {
        if let error = answer.error, !error.isWrongType {
          throw BackendError(error, of: question.verb)
        }
      }
      places.append(conventions[index]?.place(of: tag, told))
    }
    return places
  }

  package func trackers(of key: CacheKey) async throws(BackendError) -> KeyTrackers {
    if traits.keepsTags {
      let reply = try await send(RESPCommand("CACHESCOPE.TRACKERS", [key.bytes]))
      if let error = reply.error { throw BackendError(error, of: "CACHESCOPE.TRACKERS") }
      let clients = (reply.elements ?? []).compactMap(TrackingClient.init)
      let own = traits.ownTrackers
      return .clients(clients.filter { !own.contains($0.id) })
    }
    guard traits.has(.info) else { return .unknown }
    let reply = try await send(RESPCommand("INFO", "clients"))
    if lose(.info, if: reply) { return .unknown }
    let told = ServerFigures(reply.text ?? "").number("tracking_clients")
    return told.map { .counted(max(0, $0 - Int64(traits.ownTrackers.count))) } ?? .unknown
  }

  /// Many commands, some at a time so that the server looks after others between.
  func sendInParts(_ batch: [RESPCommand]) async throws(BackendError) -> [RESPValue] {
    var replies: [RESPValue] = []
    var start = 0
    while start < batch.count {
      let part = Array(batch[start..<min(batch.count, start + 500)])
      replies += try await send(part)
      start += part.count
    }
    return replies
  }

  // MARK: The engine

  private func engineTagNames(
    from cursor: ScanCursor, named name: [UInt8]?, count: Int
  ) async throws(BackendError) -> TagPage {
    let pattern = name.map { [Array("MATCH".utf8), GlobPattern.escape($0)] } ?? []
    let (next, found) = try await engineWalk("CACHESCOPE.TAGLIST", pattern, from: cursor, count)
    let tags = stride(from: 0, to: found.count - 1, by: 2).compactMap { index in
      found[index].bytes.map {
        SeenTag(Tag(keeper: .engine, name: $0), keys: found[index + 1].integer)
      }
    }
    return TagPage(tags: tags, next: next)
  }

  func engineKeys(
    tagged name: [UInt8], from cursor: ScanCursor, count: Int
  ) async throws(BackendError) -> ScanPage {
    let (next, found) = try await engineWalk("CACHESCOPE.TAGGED", [name], from: cursor, count)
    return ScanPage(keys: found.compactMap(\.bytes).map { CacheKey($0) }, next: next)
  }

  private func engineWalk(
    _ verb: String, _ arguments: [[UInt8]], from cursor: ScanCursor, _ count: Int
  ) async throws(BackendError) -> (next: ScanCursor?, found: [RESPValue]) {
    let options = ["CURSOR", String(cursor.position), "COUNT", String(max(1, count))]
    let reply = try await send(RESPCommand(verb, arguments + options.map { Array($0.utf8) }))
    return try page(in: reply, of: verb)
  }

  /// The cursor and the elements of the reply to a step of a walk.
  func page(
    in reply: RESPValue, of verb: String
  ) throws(BackendError) -> (next: ScanCursor?, found: [RESPValue]) {
    if let error = reply.error { throw BackendError(error, of: verb) }
    guard let parts = reply.elements, parts.count == 2, let found = parts[1].elements,
      let next = parts[0].text.flatMap({ UInt64($0) })
    else { throw .malformedReply("\(verb) without a cursor and a list") }
    return (next == 0 ? nil : ScanCursor(position: next), found)
  }
}

extension TrackingClient {
  /// From names and values in turn.
  fileprivate init?(_ reply: RESPValue) {
    var fields: [String: RESPValue] = [:]
    let flat = reply.elements ?? []
    for index in stride(from: 0, to: flat.count - 1, by: 2) {
      fields[flat[index].text ?? ""] = flat[index + 1]
    }
    guard let id = fields["id"]?.integer else { return nil }
    self.init(
      id: id, name: fields["name"]?.text ?? "", address: fields["addr"]?.text ?? "")
  }
}
