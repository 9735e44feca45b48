package import CacheModel
import KeyPattern
import RESP

// From a tag to its keys, and back.
extension RedisBackend {
  package func keys(
    tagged tag: Tag, from cursor: ScanCursor, count: Int
  ) async throws(BackendError) -> ScanPage {
    if tag.keeper == .engine {
      return try await engineKeys(tagged: tag.name, from: cursor, count: count)
    }
    switch try await places(of: [tag])[0]?.source {
    case nil, .some(.none): return ScanPage(keys: [], next: nil)
    case .members(let lists): return try await members(of: lists, from: cursor, count)
    case .names(let glob, let check, let look):
      var page = try await scan(from: cursor, matching: glob, count: count)
      if let check { page.keys = page.keys.filter { check.fits($0.bytes) } }
      if let look {
        let answers = try await sendInParts(page.keys.map { look.question($0.bytes) })
        page.keys = zip(page.keys, answers).filter { look.fits($1) }.map(\.0)
      }
      return page
    }
  }

  /// The highest bit of a cursor says in which of two sets the walk is: a server's cursor is below the
  /// size of its table, so that bit is free.
  private static let secondList = UInt64(1) << 63

  private func members(
    of lists: [MemberList], from cursor: ScanCursor, _ count: Int
  ) async throws(BackendError) -> ScanPage {
    let index = cursor.position & Self.secondList == 0 ? 0 : 1
    guard index < lists.count else { return ScanPage(keys: [], next: nil) }
    let list = lists[index]
    let verb = list.isSorted ? "ZSCAN" : "SSCAN"
    let position = String(cursor.position & ~Self.secondList)
    let options = [position, "COUNT", String(max(1, count))].map { Array($0.utf8) }
    let reply = try await send(RESPCommand(verb, [list.key] + options))
    var (next, found) = try page(in: reply, of: verb)
    if index == 1 { next = next.map { ScanCursor(position: $0.position | Self.secondList) } }
    if next == nil, index + 1 < lists.count { next = ScanCursor(position: Self.secondList) }
    let names = list.isSorted ? stride(from: 0, to: found.count, by: 2).map { found[$0] } : found
    return ScanPage(keys: names.compactMap(\.bytes).map(list.key(of:)), next: next)
  }

  package func tags(
    of keys: [CacheKey], among known: [Tag]
  ) async throws(BackendError) -> [[Tag]] {
    guard traits.keepsTags else { return try await libraryTags(of: keys, among: known) }
    let own = try await engineTags(of: keys)
    let others = known.filter { $0.keeper != .engine }
    guard !others.isEmpty else { return own }
    let told = try await libraryTags(of: keys, among: others)
    return zip(own, told).map { $0 + $1.filter(others.contains) }
  }

  private func libraryTags(
    of keys: [CacheKey], among known: [Tag]
  ) async throws(BackendError) -> [[Tag]] {
    var questions = TagQuestions(keys)
    for key in keys { questions.ask(byName: key) }
    for (tag, place) in zip(known, try await places(of: known)) {
      switch place?.source {
      case .members(let lists): for list in lists { questions.ask(list, tag) }
      case .names(_, let check?, _): questions.note(tag) { check.fits($0.bytes) }
      case .names(let glob, nil, nil):
        let pattern = GlobPattern(glob)
        questions.note(tag) { pattern.matches($0.bytes) }
      case .names where tag.keeper == .drupal: questions.ask(drupal: tag)
      case .names(let glob, nil, let look?):
        let pattern = GlobPattern(glob)
        questions.ask(look, tag) { pattern.matches($0.bytes) }
      case nil, .some(.none): continue
      }
    }
    return questions.tags(by: try await sendInParts(questions.commands))
  }

  private func engineTags(of keys: [CacheKey]) async throws(BackendError) -> [[Tag]] {
    let replies = try await sendInParts(keys.map { RESPCommand("CACHESCOPE.TAGS", [$0.bytes]) })
    return replies.map { reply in
      (reply.elements ?? []).compactMap(\.bytes).map { Tag(keeper: .engine, name: $0) }
    }
  }
}

/// The questions that tell the tags of some keys where libraries keep them, and how to read what was
/// answered.
struct TagQuestions {
  private enum Reading {
    /// The tag, if the answer confirms it.
    case sighting(TagSighting)
    /// The tag, if the value looks as one of its library does.
    case look(ValueLook, Tag)
    /// The tag, if the answer is not null and not 0.
    case member(Tag)
    /// The tags that a field lists.
    case magento([UInt8])
    case drupal(prefix: [UInt8])
  }

  private let keys: [CacheKey]
  private var readings: [(place: Int, reading: Reading)] = []
  private var prefixes: Set<[UInt8]> = []
  /// What needed no question.
  private var noted: [(place: Int, tag: Tag)] = []
  private(set) var commands: [RESPCommand] = []
  private let places: [CacheKey: Int]

  init(_ keys: [CacheKey]) {
    self.keys = keys
    places = Dictionary(
      keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func ask(_ command: RESPCommand, of place: Int, _ reading: Reading) {
    commands.append(command)
    readings.append((place, reading))
  }

  /// What the name of a key shows.
  mutating func ask(byName key: CacheKey) {
    guard let place = places[key] else { return }
    for sighting in TagConventions.sightings(key.bytes) where !sighting.isOwnKey {
      ask(sighting.question, of: place, .sighting(sighting))
    }
    if key.bytes.range(of: MagentoTags.items) != nil {
      ask(RESPCommand("HGET", [key.bytes, MagentoTags.tagsField]), of: place, .magento(key.bytes))
    }
  }

  /// The tag of those keys whose names tell it.
  mutating func note(_ tag: Tag, where fits: (CacheKey) -> Bool) {
    for (place, key) in keys.enumerated() where fits(key) { noted.append((place, tag)) }
  }

  /// Whether the values of those keys whose names may be the tag's are its library's.
  mutating func ask(_ look: ValueLook, _ tag: Tag, where fits: (CacheKey) -> Bool) {
    for (place, key) in keys.enumerated() where fits(key) {
      ask(look.question(key.bytes), of: place, .look(look, tag))
    }
  }

  /// Whether the keys are named in a set. Magento's values tell their tags themselves.
  mutating func ask(_ list: MemberList, _ tag: Tag) {
    guard tag.keeper != .magento else { return }
    for (place, key) in keys.enumerated() {
      for member in list.members(for: key) {
        let command = RESPCommand(list.isSorted ? "ZSCORE" : "SISMEMBER", [list.key, member])
        ask(command, of: place, .member(tag))
      }
    }
  }

  /// All tags of the keys behind the prefix of a tag of Drupal, which their values list.
  mutating func ask(drupal tag: Tag) {
    guard prefixes.insert(tag.prefix).inserted else { return }
    for (place, key) in keys.enumerated()
    where key.bytes.starts(with: tag.prefix + [UInt8(ascii: ":")]) {
      ask(
        RESPCommand("HGET", [key.bytes, DrupalTags.tagsField]), of: place,
        .drupal(prefix: tag.prefix))
    }
  }

  /// The tags of each key. A question that was refused or does not fit the key tells none.
  func tags(by answers: [RESPValue]) -> [[Tag]] {
    var tags: [[Tag]] = keys.map { _ in [] }
    for (place, tag) in noted { tags[place].append(tag) }
    for ((place, reading), answer) in zip(readings, answers) {
      for tag in read(reading, answer) where !tags[place].contains(tag) {
        tags[place].append(tag)
      }
    }
    return keys.map { tags[places[$0] ?? 0] }
  }

  private func read(_ reading: Reading, _ answer: RESPValue) -> [Tag] {
    switch reading {
    case .sighting(let sighting): return sighting.confirmed(by: answer).map { [$0.tag] } ?? []
    case .look(let look, let tag): return look.fits(answer) ? [tag] : []
    case .member(let tag):
      return answer.error == nil && !answer.isNull && answer.integer != 0 ? [tag] : []
    case .magento(let key): return MagentoTags().tags(listedIn: answer, of: key)
    case .drupal(let prefix): return DrupalTags().tags(listedIn: answer, prefix: prefix)
    }
  }
}
