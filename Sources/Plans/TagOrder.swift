package import CacheModel

/// What is asked for by the name of a tag: whether the tag is invalidated by the rule of its keeper,
/// or only its keys are changed, because a TTL is given to them or not all of them are meant.
///
/// By the rule the keys go first, where it deletes any, and what is kept of the tag itself follows when
/// all of them are done; both are one change for the journal.
package struct TagOrder: Sendable, Equatable {
  package let invalidation: TagInvalidation
  package let usesRule: Bool

  package init(_ invalidation: TagInvalidation, usesRule: Bool = true) {
    self.invalidation = invalidation
    self.usesRule = usesRule
  }

  package var tag: Tag { invalidation.tag }

  /// Whether keys of the tag are changed, and not only what is kept of the tag itself.
  package var changesKeys: Bool { !usesRule || invalidation.deletesKeys }

  /// What the journal lists. `name` is that of the tag, safe to show.
  package func title(_ plan: PlannedChange, _ keys: Int, named name: String) -> String {
    let count = "\(plan.order) \(keys.counted("key"))"
    if !usesRule { return "\(count) of \(name)" }
    return "invalidate \(name)" + (changesKeys ? ": \(count)" : "")
  }

  /// What follows when the keys are done. Where no keys are deleted, this is all that is done, and it
  /// goes by what is there now and not by what the plan found.
  package func afterwards(_ backend: any CacheBackend) -> PlanRun.Afterwards? {
    guard usesRule else { return nil }
    let invalidation = invalidation
    return { () async throws(BackendError) in
      if invalidation.deletesKeys { return invalidation.afterwards }
      return try await backend.invalidation(of: invalidation.tag)?.afterwards ?? []
    }
  }
}
