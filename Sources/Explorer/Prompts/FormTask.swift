package import CacheModel

/// What the texts of a form are for. Each has one opener and one handler.
package enum FormTask: Sendable, Equatable {
  case setTTL(ActionScope)
  case edit(CacheKey, EditSubject)
  case addPart(CacheKey, ValueKind)
  case create
  case rename(CacheKey)
  case copyKey(CacheKey)
  /// Of the keys below a prefix.
  case renamePrefix(ActionScope)
  case savePlan
  case login

  /// Whether its fields show what is there, so that enter saves in every one of them.
  var isFilledIn: Bool {
    if case .edit = self { true } else { false }
  }
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
    let text = prompt.texts.first ?? ""
    switch task {
    case .setTTL(let scope): return ttlNote(text, for: scope)
    case .renamePrefix(let scope): return prefixNote(text, for: scope)
    case .rename(let key), .copyKey(let key): return nameNote(text, except: key)
    case .create: return createNote(prompt.texts)
    case .edit, .addPart, .login, .savePlan: return nil
    }
  }

  /// Does what the form is for. A form that stays open says why.
  mutating func submit(_ task: FormTask, _ texts: [String]) -> [Effect] {
    let text = texts.first ?? ""
    switch task {
    case .setTTL(let scope): return submitTTL(text, scope)
    case .edit(let key, let subject): return submitEdit(key, subject, texts)
    case .addPart(let key, let kind): return submitPart(key, kind, texts)
    case .create: return submitCreate(texts)
    case .rename(let key): return submitName(text, of: key, isCopy: false)
    case .copyKey(let key): return submitName(text, of: key, isCopy: true)
    case .renamePrefix(let scope): return submitPrefix(text, scope)
    case .savePlan: return submitScript(text)
    case .login: return submitLogin(texts)
    }
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
