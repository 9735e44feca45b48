package import CacheModel
package import KeyQuery

/// A question on the screen. A prompt is state, not a loop: keys that arrive while one is open are
/// its keys, and everything else goes on.
package struct Prompt: Sendable, Equatable {
  package var id: Int
  package var kind: PromptKind
  package var title: String
  /// What there is to know before answering.
  package var notes: [String]
  /// What is typed into; empty for a question that a letter answers.
  package var fields: [FormField]
  /// The field that takes what is typed.
  package var focus = 0
  /// When it was first painted. What was typed before that, or within `guardTime` after it, was
  /// not meant for it.
  package var paintedAt: Moment?
  /// What is wrong with the text.
  package var problem: String?
  /// What a further tab puts in place of what the last one did.
  var completion: CompletionCycle?

  package init(
    id: Int, kind: PromptKind, title: String = "", notes: [String] = [], fields: [FormField] = []
  ) {
    self.id = id
    self.kind = kind
    self.title = title
    self.notes = notes
    self.fields = fields
  }

  /// Milliseconds for which a destructive prompt ignores keys.
  package static let guardTime: Int64 = 250

  package var takesText: Bool { !fields.isEmpty }

  /// The text field in focus; nil when a choice has the focus or nothing is typed here.
  package var field: TextField? {
    get { fields.indices.contains(focus) ? fields[focus].text : nil }
    set {
      guard let newValue, fields.indices.contains(focus) else { return }
      fields[focus].content = .text(newValue)
    }
  }
}

package enum PromptKind: Sendable, Equatable {
  /// The filter, applied as it is typed.
  case find(before: Query)
  /// A text to look for in the value or the help, shown as it is typed.
  case search(before: String)
  /// Asks for one text or several.
  case form(FormTask)
  /// Asks for `y`.
  case confirm(Confirmation)
  /// Asks to type a name, or another one that means the same.
  case typeName(Confirmation, name: String, or: String?)
  /// Asks on leaving whether the engine goes on.
  case leave(EngineUse)
}

extension PromptKind {
  /// The same, where it is a question about a change, with these lines before its own.
  func asked(after lines: [String]) -> PromptKind {
    switch self {
    case .confirm(var confirmation):
      confirmation.lines = lines + confirmation.lines
      return .confirm(confirmation)
    case .typeName(var confirmation, let name, let other):
      confirmation.lines = lines + confirmation.lines
      return .typeName(confirmation, name: name, or: other)
    case .find, .search, .form, .leave: return self
    }
  }
}

/// A destructive step that waits for a yes. It holds what will be done and releases it.
package struct Confirmation: Sendable, Equatable {
  package var title: String
  /// What will happen, and whether it can be undone.
  package var lines: [String]
  package var held: HeldStep
  /// The word on the button: `delete`, `expire`, …
  package var verb: String
}

/// What a confirmation releases.
package enum HeldStep: Sendable, Equatable {
  case change(KeyChange, CacheKey, title: String)
  /// The plan whose view is open.
  case runPlan
  case undo(JournalEntry, overwriting: Bool)
  /// The same without keeping what takes it back.
  indirect case withoutUndo(HeldStep)
  case flush
  case allowWriting
  /// The editor again, with what was edited.
  case editAgain(PendingEdit, [UInt8])
  case stopEngine
}

/// A line of news at the foot of the screen.
package struct Message: Sendable, Equatable {
  package enum Tone: Sendable, Equatable {
    case plain, good, warning, failure
  }

  package var text: String
  package var tone: Tone
  package var shownAt: Moment
}
