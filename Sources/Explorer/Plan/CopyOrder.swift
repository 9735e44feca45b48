package import CacheModel
package import Plans

/// Where the entries of a copy go: what was chosen, and what is known of it once it has answered.
package struct CopyOrder: Sendable, Equatable {
  package let choice: SourceChoice
  /// As it was chosen, safe to show: the name of a profile, or an address.
  package let name: String
  package internal(set) var target: CopyTarget?
  /// The question what it is.
  var question: RequestID?

  init(_ choice: SourceChoice, name: String) {
    self.choice = choice
    self.name = name
  }
}

/// A source that entries are copied to, as it said of itself before the plan is asked about.
package struct CopyTarget: Sendable, Equatable {
  package var description: SourceDescription
  package var isProduction: Bool
  /// Keys of the database; nil when it does not tell.
  package var keys: Int64?
  /// Why nothing that is done there can be taken back; nil where it can.
  package var reasonAgainstUndo: String?
  /// As a script names it: a profile, or an address without a password.
  package var scriptName: String

  package init(
    _ description: SourceDescription, isProduction: Bool, keys: Int64?,
    reasonAgainstUndo: String?, scriptName: String
  ) {
    self.description = description
    self.isProduction = isProduction
    self.keys = keys
    self.reasonAgainstUndo = reasonAgainstUndo
    self.scriptName = scriptName
  }

  /// `db1`: what a person types to confirm what concerns the whole database.
  var databaseName: String { "db\(description.database)" }
}

/// Why entries cannot be copied to a source: a sentence with a next step.
package struct CopyTargetProblem: Error, Sendable, Equatable {
  package var sentence: String

  package init(_ sentence: String) {
    self.sentence = sentence
  }
}

/// What carries a copy out.
package struct CopyTask: Sendable, Equatable {
  package var choice: SourceChoice
  package var conflict: ConflictChoice
  /// What was found there; another server is not written to.
  package var identity: SourceIdentity

  package init(choice: SourceChoice, conflict: ConflictChoice, identity: SourceIdentity) {
    self.choice = choice
    self.conflict = conflict
    self.identity = identity
  }
}
