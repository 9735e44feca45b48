import CacheModel

/// Editing a string or a field: read it whole, let the person change it in one line here or in
/// their editor, send it only when it differs, and only over the value that was read.
extension ExplorerState {
  /// Values longer than this are edited outside.
  static let inlineLimit = 2000
  /// Values larger than this are not fetched for editing.
  static let editBound = ValueBound(bytes: 16 << 20, elements: 500)

  mutating func startEdit(isExternal: Bool) -> [Effect] {
    guard let key = targetUnderCursor(), let slot = keys.index.slot(of: key) else { return [] }
    switch keys.index.kind(slot) {
    case .string, nil:
      let request = newRequest()
      work.pendingEdit = PendingEdit(
        request: request, key: key, field: nil, original: nil, isExternal: isExternal)
      return [.read(request, key, Self.editBound)]
    case .hash: return editField(of: key, isExternal: isExternal)
    case let kind?:
      say("a \(kind.redisName) can be looked at, but not edited here", .warning)
      return []
    }
  }

  private mutating func editField(of key: CacheKey, isExternal: Bool) -> [Effect] {
    guard focus == .value, preview.key == key, let field = preview.field else {
      focus = .value
      say("choose a field, then press e")
      return []
    }
    let edit = PendingEdit(
      request: newRequest(), key: key, field: field.field, original: field.value,
      isExternal: isExternal)
    return open(edit, on: field.value)
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
    return open(edit, on: bytes)
  }

  private mutating func open(_ edit: PendingEdit, on bytes: [UInt8]) -> [Effect] {
    var edit = edit
    edit.original = bytes
    if !edit.isExternal, let line = Self.oneLine(bytes) {
      openEditForm(edit, on: bytes, text: line)
      return []
    }
    edit.request = newRequest()
    work.pendingEdit = edit
    return [.editOutside(edit.request, EditorTask(bytes: bytes, suffix: Self.suffix(of: bytes)))]
  }

  private mutating func openEditForm(_ edit: PendingEdit, on bytes: [UInt8], text: String) {
    let notes = ["enter saves, the TTL stays · esc leaves it"]
    guard let field = edit.field else {
      openForm(
        .editString(edit.key, original: bytes), title: "Edit \(subject([edit.key]))",
        notes: notes, fields: [.text("", text)])
      return
    }
    openForm(
      .editField(edit.key, field: field, original: bytes),
      title: "Edit \(SpelledName.of(field, limit: 30)) of \(subject([edit.key]))", notes: notes,
      fields: [.text("", text)])
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
    guard String(validating: bytes, as: UTF8.self) != nil else { return ".bin" }
    let first = bytes.first { $0 > 0x20 }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? ".json" : ".txt"
  }

  mutating func take(editor outcome: EditorOutcome, of request: RequestID) -> [Effect] {
    guard let edit = work.pendingEdit, edit.request == request else { return [] }
    work.pendingEdit = nil
    switch outcome {
    case .unchanged:
      say("unchanged: nothing was sent")
      return []
    case .failed(let reason):
      say("the editor failed (\(reason)): nothing was sent", .failure)
      return []
    case .changed(let bytes):
      let change: KeyChange =
        if let field = edit.field {
          .setField(field, value: bytes, expected: edit.original)
        } else {
          .setString(bytes, expected: edit.original)
        }
      return release(
        .change(change, [edit.key], title: "edit \(nameForMessage(edit.key))"))
    }
  }
}
