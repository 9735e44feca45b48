package import CacheModel
package import Plans

/// What carries a plan out.
package struct PlanTask: Sendable, Equatable {
  package var change: PlannedChange
  package var names: KeyNameList
  /// Every key that there is then, of which there were so many, in place of the names.
  package var keysInAll: Int?
  /// The rule of a tag whose keys they are.
  package var order: TagOrder?
  /// Where the keys are copied to.
  package var copy: CopyTask?
  /// Under which the journal keeps it; without one nothing is kept.
  package var header: ChangeHeader?

  package init(
    change: PlannedChange, names: KeyNameList, keysInAll: Int? = nil, order: TagOrder? = nil,
    copy: CopyTask? = nil,
    header: ChangeHeader?
  ) {
    self.change = change
    self.names = names
    self.keysInAll = keysInAll
    self.order = order
    self.copy = copy
    self.header = header
  }

  /// Keys that it is over.
  package var total: Int {
    order?.changesKeys == false ? 0 : keysInAll ?? names.count
  }
}

/// What a walk over the keys of a plan is to find out before the plan is asked about.
package struct SurveyTask: Sendable, Equatable {
  package var keys: SurveyedKeys
  /// Where names part.
  package var separators: [UInt8]

  package init(keys: SurveyedKeys, separators: [UInt8]) {
    self.keys = keys
    self.separators = separators
  }

  /// Bytes of the names of a plan that is kept by name.
  package static let nameRoom = PlanGathering.nameRoom
}

/// What that walk has found.
package struct SurveyedPlan: Sendable, Equatable {
  package var preview: PlanPreview
  package var names: KeyNameList
  package var order: TagOrder?

  package init(preview: PlanPreview, names: KeyNameList, order: TagOrder? = nil) {
    self.preview = preview
    self.names = names
    self.order = order
  }
}

/// Why a walk over the keys of a plan found nothing to ask about.
package enum SurveyProblem: Error, Sendable, Equatable {
  case failed(BackendError)
  /// The tag has gone.
  case tagGone
  /// The names do not fit into one plan.
  case tooMany
}
