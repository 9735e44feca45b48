import CacheModel

/// What a source that is marked as production asks for beyond the usual question.
extension ExplorerState {
  /// What every question about a change says first there.
  var productionLine: [String] {
    guard source.isProduction else { return [] }
    return ["\(source.profile.isEmpty ? source.address : source.profile) is PRODUCTION."]
  }

  /// Asks to type the database's name before many keys are changed; whether it did. A name that has
  /// just been typed is not asked for again.
  mutating func askForProduction(_ step: HeldStep) -> Bool {
    guard source.isProduction else { return false }
    if case .typeName = prompt?.kind { return false }
    guard case .change(_, let targets, let title) = step, targets.count > 1 else { return false }
    let confirmation = Confirmation(
      title: "\(title.prefix(1).uppercased())\(title.dropFirst())?",
      lines: productionLine + [undoLine(for: targets)], held: step, verb: "go on")
    openPrompt(.typeName(confirmation, name: databaseName), text: "")
    return true
  }
}
