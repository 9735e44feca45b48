package import CacheModel
import ValueDecoding

/// One thing in which two values differ, in words that may go to a screen.
package struct Difference: Sendable, Equatable {
  /// Where: `user.cart[2].price`, `line 3`, a field. Empty for the value as a whole.
  package var place: String
  /// What was there; nil when it is new.
  package var before: String?
  /// What is there; nil when it has gone.
  package var after: String?

  /// `price: 10 → 12`, `added name: "tea"`, `removed ann`.
  package var text: String {
    let place = place.isEmpty ? "" : "\(place): "
    return switch (before, after) {
    case (let before?, let after?): "\(place)\(before) → \(after)"
    case (nil, let after?): "added \(place)\(after)"
    case (let before?, nil): "removed \(place)\(before)"
    case (nil, nil): self.place
    }
  }
}

/// In what two values of a key differ, by what their bytes mean: JSON by path, text by line, a number
/// by its value, a collection by field, member or element.
///
/// Compared is what was read. Where one of the two was read in part, what only the other has is not
/// called added or removed, since it may lie in the rest. The first differences are kept and the
/// others counted. Linear in what was read, but for the lines and elements between the first and the
/// last that differ, of which at most `OrderedChange.bound` are matched with one another.
package struct ValueDifference: Sendable, Equatable {
  package private(set) var items: [Difference] = []
  /// How many more there are.
  package private(set) var further = 0
  /// What is to be said besides, or instead when nothing that was read differs.
  package private(set) var remark: String?

  /// Whether secrets are left out.
  let masksSecrets: Bool
  /// The key or the field that the values are of.
  let name: [UInt8]?

  static let limit = 50
  /// Columns of what was and what is there.
  private static let width = 48

  package init(from old: ValuePage, to new: ValuePage, masksSecrets: Bool = false) {
    self.masksSecrets = masksSecrets
    name = new.key.bytes
    let reach = Reach(isOldWhole: old.isComplete, isNewWhole: new.isComplete)
    switch (old.content, new.content) {
    case (.string(let before), .string(let after)): compare(before, after, at: "", reach)
    case (.hash(let before), .hash(let after)):
      compareParts(
        before.map { ($0.field, $0.value) }, after.map { ($0.field, $0.value) }, reach
      ) { $0.compare($1, $2, at: $0.text($3), .whole) }
    case (.sortedSet(let before), .sortedSet(let after)):
      compareParts(
        before.map { ($0.member, $0.score) }, after.map { ($0.member, $0.score) }, reach
      ) { $0.add($0.text($3), ScoreText.of($1), ScoreText.of($2)) }
    case (.set(let before), .set(let after)): compareMembers(before, after, reach)
    case (.list(let from, let before), .list(_, let after)):
      compareElements(before, after, from: from, reach)
    case (.stream(let before, _), .stream(let after, _)): compareEntries(before, after, reach)
    default: if old.kind != new.kind { add("", old.kind.redisName, new.kind.redisName) }
    }
    if items.isEmpty { explain(old, new, reach) }
  }

  /// In what two texts differ, both read whole.
  init(from old: [UInt8], to new: [UInt8], under name: [UInt8]? = nil, masksSecrets: Bool = false) {
    self.masksSecrets = masksSecrets
    self.name = name
    compare(old, new, at: "", .whole)
    if items.isEmpty, old != new { remark = "written otherwise, the same values" }
  }

  /// The first few, a line each, and how many more there are.
  func lines(atMost limit: Int) -> [String] {
    let shown = items.prefix(items.count + further > limit ? limit - 1 : limit).map(\.text)
    let more = items.count - shown.count + further
    return shown + (more > 0 ? ["and \(more) more"] : []) + (remark.map { [$0] } ?? [])
  }

  /// Whether anything differs.
  package var isEmpty: Bool { items.isEmpty && remark == nil }

  /// The first few on one line.
  package var summary: String {
    var parts = items.prefix(3).map(\.text)
    let more = items.count - parts.count + further
    if more > 0 { parts.append("and \(more) more") }
    if let remark { parts.append(remark) }
    return parts.joined(separator: " · ")
  }

  /// Hashes and sets have no order: told in another one they are the same.
  private mutating func explain(_ old: ValuePage, _ new: ValuePage, _ reach: Reach) {
    let isOrdered =
      switch new.content {
      case .hash, .set: false
      default: true
      }
    if isOrdered, reach.isWhole, old.content != new.content {
      remark = "written otherwise, the same values"
    } else if isOrdered, old.content != new.content || old.totalLength != new.totalLength {
      remark = "different beyond what was read"
    } else if old.totalLength != new.totalLength {
      remark = "different beyond what was read"
    }
  }

  /// How much of the two values was read.
  struct Reach {
    var isOldWhole: Bool
    var isNewWhole: Bool

    static let whole = Reach(isOldWhole: true, isNewWhole: true)
    var isWhole: Bool { isOldWhole && isNewWhole }
  }

  mutating func add(_ place: String, _ before: String?, _ after: String?) {
    guard items.count < Self.limit else {
      further += 1
      return
    }
    items.append(Difference(place: place, before: before, after: after))
  }

  /// What is said of bytes; `place` is where they stand.
  func text(_ bytes: some Collection<UInt8>, at place: String = "") -> String {
    let bytes = Array(bytes)
    guard masksSecrets else { return SpelledName.of(bytes, limit: Self.width) }
    let name = place.isEmpty ? name : Array(place.utf8)
    let masked =
      bytes.first == UInt8(ascii: "\"")
      ? SecretMask.maskedJSON(bytes, named: name) : SecretMask.masked(bytes, named: name)
    return SpelledName.of(masked, limit: Self.width)
  }

  // MARK: Collections

  /// Parts that have a name, by name; `changed` tells of one whose content differs.
  private mutating func compareParts<Content: Equatable>(
    _ old: [([UInt8], Content)], _ new: [([UInt8], Content)], _ reach: Reach,
    changed: (inout ValueDifference, Content, Content, [UInt8]) -> Void
  ) {
    let before = Dictionary(old, uniquingKeysWith: { $1 })
    let after = Dictionary(new, uniquingKeysWith: { $1 })
    for (name, content) in new {
      if let past = before[name] {
        if past != content { changed(&self, past, content, name) }
      } else if reach.isOldWhole {
        add(text(name), nil, text(of: content, under: name))
      }
    }
    guard reach.isNewWhole else { return }
    for (name, content) in old where after[name] == nil {
      add(text(name), text(of: content, under: name), nil)
    }
  }

  private func text(of content: some Equatable, under name: [UInt8]) -> String {
    if let bytes = content as? [UInt8] {
      return text(bytes, at: String(decoding: name, as: UTF8.self))
    }
    return (content as? Double).map(ScoreText.of) ?? ""
  }

  private mutating func compareMembers(_ old: [[UInt8]], _ new: [[UInt8]], _ reach: Reach) {
    let (before, after) = (Set(old), Set(new))
    if reach.isOldWhole {
      for member in new where !before.contains(member) { add("", nil, text(member)) }
    }
    guard reach.isNewWhole else { return }
    for member in old where !after.contains(member) { add("", text(member), nil) }
  }

  /// Entries of a stream never change: they come at its end and go at its beginning.
  private mutating func compareEntries(
    _ old: [StreamEntry], _ new: [StreamEntry], _ reach: Reach
  ) {
    func words(_ entry: StreamEntry) -> String {
      entry.fields.prefix(4).map { text($0.field) + "=" + text($0.value, at: text($0.field)) }
        .joined(separator: " ")
    }
    let (before, after) = (Set(old.map(\.id)), Set(new.map(\.id)))
    for entry in new where !before.contains(entry.id) {
      if reach.isOldWhole || old.last.map({ $0.id < entry.id }) == false {
        add(entry.id.text, nil, words(entry))
      }
    }
    for entry in old where !after.contains(entry.id) && reach.isNewWhole {
      add(entry.id.text, words(entry), nil)
    }
  }

  private mutating func compareElements(
    _ old: [[UInt8]], _ new: [[UInt8]], from start: Int64, _ reach: Reach
  ) {
    for change in OrderedChange.between(old, new, isWhole: reach.isWhole) {
      switch change {
      case .removed(let place): add("[\(start + Int64(place))]", text(old[place]), nil)
      case .added(let place): add("[\(start + Int64(place))]", nil, text(new[place]))
      case .changed(let past, let place):
        compare(old[past], new[place], at: "[\(start + Int64(place))]", .whole)
      }
    }
  }
}
