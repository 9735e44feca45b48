/// What a source that is marked as production asks for beyond the usual question.
extension ExplorerState {
  /// What every question about a change says first there.
  package var productionLine: [String] {
    guard source.isProduction else { return [] }
    return ["\(source.profile.isEmpty ? source.address : source.profile) is PRODUCTION."]
  }
}
