package import CacheModel

/// What the texts of a form are for. Each has one opener and one handler.
package enum FormTask: Sendable, Equatable {
  case setTTL([CacheKey])
  case editString(CacheKey, original: [UInt8])
  case editField(CacheKey, field: [UInt8], original: [UInt8])
}

/// A line below the fields of a form that follows what is typed.
package struct FormNote: Sendable, Equatable {
  package var text: String
  package var isProblem: Bool

  package init(_ text: String, isProblem: Bool = false) {
    self.text = text
    self.isProblem = isProblem
  }
}

extension ExplorerState {
  /// Opens a form, with the focus on its first field.
  mutating func openForm(
    _ task: FormTask, title: String, notes: [String] = [], fields: [FormField]
  ) {
    lastRequest += 1
    prompt = Prompt(
      id: lastRequest, kind: .form(task), title: title, notes: notes, fields: fields)
    message = nil
  }

  /// What the form's texts mean now; nil when there is nothing to say.
  package func liveNote(of prompt: Prompt) -> FormNote? {
    guard prompt.problem == nil, case .form(let task) = prompt.kind else { return nil }
    switch task {
    case .setTTL(let targets): return ttlNote(prompt.texts.first ?? "", for: targets)
    case .editString, .editField: return nil
    }
  }

  /// Does what the form is for. A form that stays open says why.
  mutating func submit(_ task: FormTask, _ texts: [String]) -> [Effect] {
    let text = texts.first ?? ""
    switch task {
    case .setTTL(let targets): return submitTTL(text, targets)
    case .editString(let key, let original):
      return submitEdit(
        .setString(Array(text.utf8), expected: original), key,
        isUnchanged: Array(text.utf8) == original)
    case .editField(let key, let field, let original):
      return submitEdit(
        .setField(field, value: Array(text.utf8), expected: original), key,
        isUnchanged: Array(text.utf8) == original)
    }
  }

  mutating func submitEdit(
    _ change: KeyChange, _ key: CacheKey, isUnchanged: Bool
  ) -> [Effect] {
    guard !isUnchanged else {
      prompt = nil
      say("unchanged: nothing was sent")
      return []
    }
    return release(.change(change, [key], title: "edit \(nameForMessage(key))"))
  }
}

extension Prompt {
  /// The texts of its fields; a choice is its word.
  package var texts: [String] {
    fields.map { field in
      switch field.content {
      case .text(let text): text.text
      case .choice(let choices, let chosen):
        choices.indices.contains(chosen) ? choices[chosen].title : ""
      }
    }
  }
}
