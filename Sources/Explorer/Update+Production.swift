/// What a source that is marked as production asks for beyond the usual question.
extension ExplorerState {
  /// What every question about a change says first there.
  package var productionLine: [String] {
    if isPlanOpen, let copy = work.plan?.copy {
      return copy.target?.isProduction == true ? ["\(copy.name) is PRODUCTION."] : []
    }
    guard source.isProduction else { return [] }
    return ["\(source.profile.isEmpty ? source.address : source.profile) is PRODUCTION."]
  }
}
