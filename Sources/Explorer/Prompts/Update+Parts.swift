import CacheModel
import ValueDecoding

/// Editing, adding and removing one part of a value.
extension ExplorerState {
  /// Sends what was typed into the form of an edit.
  mutating func submitEdit(
    _ key: CacheKey, _ subject: EditSubject, _ texts: [String]
  ) -> [Effect] {
    guard let typed = change(of: subject, typed: texts) else { return [] }
    guard let change = typed else {
      prompt = nil
      say("unchanged: nothing was sent")
      return []
    }
    return release(.change(change, key, title: editTitle(subject.part, key)))
  }

  /// Outer nil: the form stays open and says why. Inner nil: nothing was changed.
  private mutating func change(of subject: EditSubject, typed texts: [String]) -> KeyChange?? {
    if case .scored(let member) = subject.part { return scoredChange(member, texts) }
    let text = Array((texts.first ?? "").utf8)
    if subject.losesJSON(to: text), prompt?.problem != Self.jsonProblem {
      prompt?.problem = Self.jsonProblem
      return nil
    }
    do throws(EditRefusal) {
      return .some(try subject.change(to: text))
    } catch {
      prompt?.problem = error.words
      return nil
    }
  }

  private static let jsonProblem = "it was JSON and no longer is: enter again saves it all the same"

  /// Outer nil: the form stays open and says why. Inner nil: nothing was changed.
  private mutating func scoredChange(_ member: ScoredMember, _ texts: [String]) -> KeyChange?? {
    guard let score = ScoreText.parse(texts.first ?? "") else {
      prompt?.problem = "a score is a number, such as 10, 2.5 or inf"
      prompt?.focus = 0
      return nil
    }
    let name = texts.count > 1 ? Array(texts[1].utf8) : member.member
    switch (score == member.score, name == member.member) {
    case (true, true): return .some(nil)
    case (false, true): return .setScore(member.member, score: score, expected: member.score)
    case (true, false):
      return .replaceScoredMember(member.member, with: name, expected: member.score)
    case (false, false):
      prompt?.problem = "change the score or the member: one of them in one step"
      return nil
    }
  }

  /// The form for a new part of the value in view.
  mutating func askForPart() {
    guard let key = targetUnderCursor(), let slot = keys.index.slot(of: key),
      let kind = preview.page?.kind ?? keys.index.kind(slot), let fields = Self.partFields(kind)
    else { return }
    openForm(
      .addPart(key, kind), title: "Add to \(nameForMessage(key))",
      notes: ["enter goes on and then saves, the TTL stays · tab moves · esc leaves it"],
      fields: fields)
  }

  /// What a new part of a collection consists of; nil for what has no parts.
  static func partFields(_ kind: ValueKind) -> [FormField]? {
    switch kind {
    case .hash: [.text("field"), .text("value")]
    case .list:
      [
        .text("element"),
        FormField("at the", .choice([.init("head"), .init("tail")], chosen: 1)),
      ]
    case .set: [.text("member")]
    case .sortedSet: [.text("member"), .text("score")]
    default: nil
    }
  }

  mutating func submitPart(_ key: CacheKey, _ kind: ValueKind, _ texts: [String]) -> [Effect] {
    let first = Array((texts.first ?? "").utf8)
    let second = texts.count > 1 ? texts[1] : ""
    let change: KeyChange
    switch kind {
    case .hash: change = .addField(first, value: Array(second.utf8))
    case .list: change = .pushElement(first, second == "head" ? .head : .tail)
    case .set: change = .addMember(first)
    default:
      guard let score = ScoreText.parse(second) else {
        prompt?.problem = "a score is a number, such as 10, 2.5 or inf"
        return []
      }
      change = .addScoredMember(first, score: score)
    }
    return release(.change(change, key, title: "add to \(nameForMessage(key))"))
  }

  /// Asks before the part under the cursor goes; nil when it is the key that `d` means.
  mutating func askToRemovePart() -> Bool {
    if focus == .value, case .stream = preview.page?.content {
      say("what is in a stream stays: d in the list deletes the key", .warning)
      return true
    }
    guard focus == .value, let part = preview.part, !isWhole(part) else { return false }
    guard let key = targetUnderCursor(), preview.key == key, let name = part.name, isSeen(part)
    else { return true }
    let title = "remove \(name) of \(nameForMessage(key))"
    var lines = ["The \(part.noun) goes, the key and its TTL stay."]
    if preview.page?.totalLength == 1 { lines = ["It is the last \(part.noun): the key goes too."] }
    if case .element(_, let bytes) = part {
      lines.append("It is " + SpelledName.of(shownRow(bytes, under: key.bytes), limit: 50))
    }
    lines.append(undoLine(for: key))
    openPrompt(
      .confirm(
        Confirmation(
          title: "\(title.prefix(1).uppercased())\(title.dropFirst())?", lines: lines,
          held: .change(part.removal, key, title: title), verb: "remove")))
    return true
  }

  /// Whether the person can have meant this part: when another has come under the cursor a moment
  /// ago, nothing is done, and that is said.
  mutating func isSeen(_ part: ValuePart) -> Bool {
    let isNew = preview.displacedAt.map { now.milliseconds(since: $0) < 500 } ?? false
    preview.displacedAt = nil
    guard isNew, !isWhole(part) else { return true }
    say(
      "another \(part.noun) came under the cursor just now: nothing was done, press again", .warning
    )
    return false
  }

  private func isWhole(_ part: ValuePart) -> Bool {
    if case .string = part { true } else { false }
  }
}
