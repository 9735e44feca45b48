import CacheModel

extension ExplorerState {
  /// Opens a prompt; one that asks about a change says first what the source is marked as.
  mutating func openPrompt(_ kind: PromptKind, text: String? = nil) {
    lastRequest += 1
    prompt = Prompt(
      id: lastRequest, kind: kind.asked(after: productionLine),
      fields: text.map { [FormField("", .text(TextField(selected: $0)))] } ?? [])
    message = nil
  }

  /// Leaves the prompt without doing what it asks; the filter goes back to what it was.
  mutating func closePrompt() {
    if case .find(let before) = prompt?.kind { bringBack(before) }
    if case .search(let before) = prompt?.kind { search(for: before) }
    prompt = nil
    // What is below is read anew.
    work.plan?.paintedAt = nil
  }

  /// Asks a question that came up by itself: at once, also over an overlay, or when the text that is
  /// being typed is done with.
  mutating func ask(_ confirmation: Confirmation) {
    work.questions.append(confirmation)
    askNextQuestion()
  }

  mutating func askNextQuestion() {
    guard prompt == nil, overlay?.field == nil, !work.questions.isEmpty else { return }
    openPrompt(.confirm(work.questions.removeFirst()))
  }

  mutating func editPrompt(_ edit: TextField.Edit) -> [Effect] {
    guard let focus = prompt?.focus, let fields = prompt?.fields, fields.indices.contains(focus)
    else { return [] }
    if fields[focus].isTypedIntoChoice(edit) {
      prompt?.problem = "letters choose nothing here: ← → do, enter goes on"
      return []
    }
    guard prompt?.fields[focus].apply(edit) == true else { return [] }
    prompt?.problem = nil
    refitCreateForm()
    if case .search = prompt?.kind, let text = prompt?.field?.text { search(for: text) }
    if isFiltering { filterAsTyped() }
    return []
  }

  /// The next or the previous field of a form takes what is typed.
  mutating func focusField(by step: Int) {
    guard let count = prompt?.fields.count, count > 1, let focus = prompt?.focus else { return }
    if prompt?.fields[focus].chosen != nil { prompt?.problem = nil }
    prompt?.focus = (focus + step + count) % count
  }

  /// Whether a destructive prompt has been on the screen long enough to have been read.
  var promptWasSeen: Bool {
    guard let paintedAt = prompt?.paintedAt else { return false }
    return now.milliseconds(since: paintedAt) >= Prompt.guardTime
  }

  mutating func answerPrompt(_ letter: Character) -> [Effect] {
    if case .leave = prompt?.kind { return answerLeaving(letter) }
    if prompt == nil, isPlanOpen { return answerPlan(letter) }
    guard case .confirm(let confirmation) = prompt?.kind else { return [] }
    guard promptWasSeen else {
      if prompt?.paintedAt != nil { prompt?.paintedAt = now }
      return []
    }
    guard letter == "y" else {
      // Somebody is typing something else: a y among it is no answer.
      if letter == "n" { closePrompt() } else { prompt?.paintedAt = now }
      return []
    }
    return release(confirmation.held)
  }

  mutating func submitPrompt() -> [Effect] {
    guard let prompt, prompt.takesText else {
      if case .leave = prompt?.kind { return answerLeaving("k") }
      // The focus of a question is on Cancel.
      if promptWasSeen { closePrompt() }
      return []
    }
    switch prompt.kind {
    case .find: return submitFilter()
    case .search:
      self.prompt = nil
      sayWhenNothingIsFound()
      return []
    case .form(let task):
      guard prompt.focus == prompt.fields.count - 1 || task.isFilledIn else {
        focusField(by: 1)
        return []
      }
      return submit(task, prompt.texts)
    case .typeName(let confirmation, let name, let other):
      return submitName(prompt.texts.first ?? "", name, other, confirmation)
    case .confirm, .leave: return []
    }
  }

  private mutating func submitName(
    _ text: String, _ name: String, _ other: String?, _ confirmation: Confirmation
  ) -> [Effect] {
    guard promptWasSeen else { return [] }
    guard text == name || text == other else {
      prompt?.problem = "that is not \(name)\(other.map { " nor \($0)" } ?? "")"
      return []
    }
    return release(confirmation.held)
  }
}
