import CacheModel
import ValueDecoding

/// Editing a string or a part of a collection: have it whole, let the person change it in one line
/// here or in their editor, send it only when it differs, and only over what was read.
extension ExplorerState {
  /// Values longer than this are edited outside.
  static let inlineLimit = 2000
  /// A longer line is shown from its start.
  private static let longLine = 50
  /// Values larger than this are not fetched for editing.
  static let editBound = ValueBound(bytes: 16 << 20, elements: 500)

  mutating func startEdit(isExternal: Bool) -> [Effect] {
    guard let key = targetUnderCursor(), let slot = keys.index.slot(of: key) else { return [] }
    switch keys.index.kind(slot) {
    case .string, nil:
      if preview.key == key, let page = preview.page, page.totalLength > Self.editBound.bytes {
        say("\(page.totalLength) bytes are too many to edit here (16 MiB at most)", .warning)
        return []
      }
      let request = newRequest()
      work.pendingEdit = PendingEdit(request: request, key: key, isExternal: isExternal)
      return [.read(request, key, Self.editBound)]
    case .hash, .list, .set, .sortedSet: return editPart(of: key, isExternal: isExternal)
    case let kind?:
      say("a \(kind.redisName) can be looked at, but not edited here", .warning)
      return []
    }
  }

  private mutating func editPart(of key: CacheKey, isExternal: Bool) -> [Effect] {
    guard focus == .value, preview.key == key, let part = preview.part else {
      focus = .value
      say("choose what to edit, then press e")
      return []
    }
    guard isSeen(part) else { return [] }
    let edit = PendingEdit(request: newRequest(), key: key, isExternal: isExternal)
    return open(edit, on: part)
  }

  mutating func beginEdit(of page: ValuePage?) -> [Effect] {
    guard let edit = work.pendingEdit else { return [] }
    work.pendingEdit = nil
    guard !isCovered, keys.cursorKey == edit.key else {
      say("\(nameForMessage(edit.key)) came too late to be edited: press e again", .warning)
      return []
    }
    guard let page else {
      say("\(nameForMessage(edit.key)) has gone: nothing to edit", .warning)
      return []
    }
    guard case .string(let bytes) = page.content else {
      say("\(nameForMessage(edit.key)) holds a \(page.kind.redisName) now", .warning)
      return []
    }
    guard page.isComplete else {
      say("\(page.totalLength) bytes are too many to edit here (16 MiB at most)", .warning)
      return []
    }
    return open(edit, on: .string(bytes))
  }

  private mutating func open(_ edit: PendingEdit, on part: ValuePart) -> [Effect] {
    guard !isMasked(part, of: edit.key) else { return [] }
    var isChosen = false
    if case .form = preview.way { isChosen = preview.key == edit.key }
    let subject = EditSubject(part, asBytes: isChosen)
    if !edit.isExternal, openEditForm(of: subject, in: edit.key) { return [] }
    guard mayBeEditedAsText(subject, of: edit.key) else { return [] }
    var edit = edit
    edit.subject = subject
    return editOutside(edit, subject.pages)
  }

  mutating func editOutside(_ edit: PendingEdit, _ text: [UInt8]) -> [Effect] {
    guard let subject = edit.subject else { return [] }
    var edit = edit
    edit.request = newRequest()
    work.pendingEdit = edit
    let suffix = subject.isJSON ? ".json" : Self.suffix(of: text)
    return [.editOutside(edit.request, EditorTask(bytes: text, suffix: suffix))]
  }

  /// Bytes that are no text are opened when that has been said and the key is pressed again.
  private mutating func mayBeEditedAsText(_ subject: EditSubject, of key: CacheKey) -> Bool {
    let isText = ValueForm.of(subject.text) != .binary
    defer { work.binaryTold = isText ? nil : key }
    guard !isText, work.binaryTold != key else { return true }
    let count = subject.part.bytes.count
    let reason = subject.refusal.map { "\($0.words); the \(count) bytes are" }
    say(
      "\(reason ?? "these \(count) bytes are") no text, and many editors change such bytes: "
        + "press again to open them all the same", .warning)
    return false
  }

  /// Opens a line to edit in; false when the text is not one line that shows every character.
  private mutating func openEditForm(of subject: EditSubject, in key: CacheKey) -> Bool {
    let part = subject.part
    let line = Self.oneLine(subject.text)
    var fields = [FormField.text("", line ?? "")]
    if case .scored(let member) = part {
      let score = FormField.text("score", ScoreText.of(member.score))
      // Bytes that are no text stay as they are: the score alone can be typed.
      fields = line.map { [score, .text("member", $0)] } ?? [score]
    } else if line == nil {
      return false
    }
    if (line?.count ?? 0) > Self.longLine {
      // What a value begins with says what it is.
      for place in fields.indices { fields[place].apply(.moveToStart) }
    }
    let name = part.name.map { "\($0) of " } ?? ""
    let chain = subject.chain.map { ["goes back into \($0)"] } ?? []
    openForm(
      .edit(key, subject), title: "Edit \(name)\(nameForMessage(key))",
      notes: chain + ["enter saves, the TTL stays · esc leaves it"], fields: fields)
    return true
  }

  /// The bytes as a line that a person can edit without harm: text that shows every character.
  static func oneLine(_ bytes: [UInt8]) -> String? {
    guard bytes.count <= inlineLimit, let text = String(validating: bytes, as: UTF8.self) else {
      return nil
    }
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator,
        .paragraphSeparator:
        false
      default: true
      }
    }
    return isPlain && Array(String(Array(text)).utf8) == bytes ? text : nil
  }

  private static func suffix(of bytes: [UInt8]) -> String {
    switch ValueForm.of(bytes) {
    case .json: ".json"
    case .text, .integer: ".txt"
    case .binary: ".bin"
    }
  }

  mutating func take(editor outcome: EditorOutcome, of request: RequestID) -> [Effect] {
    guard let edit = work.pendingEdit, edit.request == request, let subject = edit.subject else {
      return []
    }
    work.pendingEdit = nil
    switch outcome {
    case .unchanged:
      say("unchanged: nothing was sent")
      return []
    case .failed(let reason):
      say("the editor failed (\(reason)): nothing was sent", .failure)
      return []
    case .changed(let text): return take(edited: text, edit, subject)
    }
  }

  private mutating func take(
    edited text: [UInt8], _ edit: PendingEdit, _ subject: EditSubject
  ) -> [Effect] {
    let change: KeyChange?
    do throws(EditRefusal) {
      change = try subject.change(to: text)
    } catch {
      ask(
        Confirmation(
          title: "It cannot be saved: \(error.words)",
          lines: ["Cancel drops what was edited."], held: .editAgain(edit, text),
          verb: "edit again"))
      return []
    }
    guard let change else {
      say("unchanged: nothing was sent")
      return []
    }
    let step = HeldStep.change(change, edit.key, title: editTitle(subject.part, edit.key))
    let undo = undoLine(for: edit.key)
    if subject.losesJSON(to: text) {
      ask(
        Confirmation(
          title: "It was JSON and no longer is. Save it all the same?",
          lines: ["Cancel drops what was edited.", undo], held: step, verb: "save"))
      return []
    }
    guard let chain = subject.chain else { return release(step) }
    let difference = ValueDifference(
      from: subject.text, to: text, under: subject.part.context ?? edit.key.bytes,
      masksSecrets: masksSecrets)
    ask(
      Confirmation(
        title: "Save it as \(chain)?", lines: difference.lines(atMost: 8) + [undo], held: step,
        verb: "save"))
    return []
  }

  func editTitle(_ part: ValuePart, _ key: CacheKey) -> String {
    "edit " + (part.name.map { "\($0) of " } ?? "") + nameForMessage(key)
  }
}
