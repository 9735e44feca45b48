import CacheModel
import Plans

/// Another beginning for the names of all keys below a folder.
extension ExplorerState {
  mutating func askForPrefix() {
    guard let scope = folderScope() else { return }
    guard let name = Self.oneLine(scope.prefix) else {
      say("the prefix is not plain text: it cannot be typed here", .warning)
      return
    }
    openForm(
      .renamePrefix(scope), title: "Rename \(subject(scope))",
      notes: [
        "the beginning that all of them get in place of this one",
        "values and TTLs stay; it never overwrites another key",
      ], fields: [.text("", name)])
  }

  mutating func submitPrefix(_ text: String, _ scope: ActionScope) -> [Effect] {
    let new = Array(text.utf8)
    guard new != scope.prefix else {
      prompt?.problem = "they are called that already"
      return []
    }
    open(
      .renamePrefix(from: scope.prefix, to: new), over: scope,
      ending: " to \(new.isEmpty ? "" : nameForMessage(CacheKey(new)))*")
    return []
  }

  /// What a key of the folder will be called.
  func prefixNote(_ text: String, for scope: ActionScope) -> FormNote? {
    let new = Array(text.utf8)
    guard new != scope.prefix,
      let key = keys.visible.first(where: { isMeant($0, scope) }) ?? firstKey(below: scope.prefix)
    else { return nil }
    let name = CacheKey(new + key.bytes.dropFirst(scope.prefix.count))
    guard !name.bytes.isEmpty else { return FormNote("a key needs a name", isProblem: true) }
    return FormNote("\(nameForMessage(key)) becomes \(nameForMessage(name))")
  }

  /// Any key below a prefix, among the first few that are loaded.
  private func firstKey(below prefix: [UInt8]) -> CacheKey? {
    (0..<min(keys.index.slotCount, 1000)).lazy.map { KeyIndex.Slot(number: UInt32($0)) }
      .first { keys.index.isLive($0) && keys.index.name($0).starts(with: prefix) }
      .map { keys.index.key($0) }
  }
}
