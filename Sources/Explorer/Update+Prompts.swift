import CacheModel

extension ExplorerState {
  mutating func openPrompt(_ kind: PromptKind, text: String? = nil) {
    lastRequest += 1
    prompt = Prompt(id: lastRequest, kind: kind, field: text.map { TextField($0) })
    message = nil
  }

  /// Leaves the prompt without doing what it asks; the filter goes back to what it was.
  mutating func closePrompt() {
    if case .find(let before) = prompt?.kind, keys.filter.text != before {
      keys.show(KeyFilter(before))
    }
    if case .confirm(let confirmation) = prompt?.kind, let group = confirmation.heldGroup {
      undo.push(group)
    }
    prompt = nil
  }

  /// Asks a question that came up by itself: at once, or when the open prompt is done with.
  mutating func ask(_ confirmation: Confirmation) {
    work.questions.append(confirmation)
    askNextQuestion()
  }

  mutating func askNextQuestion() {
    guard prompt == nil, help == nil, !work.questions.isEmpty else { return }
    openPrompt(.confirm(work.questions.removeFirst()))
  }

  mutating func editPrompt(_ edit: TextField.Edit) -> [Effect] {
    guard var field = prompt?.field else { return [] }
    let changed = field.apply(edit)
    prompt?.field = field
    guard changed else { return [] }
    prompt?.problem = nil
    if case .find = prompt?.kind {
      keys.show(KeyFilter(field.text))
    }
    return []
  }

  /// Whether a destructive prompt has been on the screen long enough to have been read.
  private var promptWasSeen: Bool {
    guard let paintedAt = prompt?.paintedAt else { return false }
    return now.milliseconds(since: paintedAt) >= Prompt.guardTime
  }

  mutating func answerPrompt(_ letter: Character) -> [Effect] {
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
    guard let prompt, let text = prompt.field?.text else {
      // The focus of a question is on Cancel.
      if promptWasSeen { closePrompt() }
      return []
    }
    switch prompt.kind {
    case .find:
      self.prompt = nil
      return []
    case .setTTL(let targets): return submitTTL(text, targets)
    case .editString(let key, let original):
      return submit(
        .setString(Array(text.utf8), expected: original), key,
        isUnchanged: Array(text.utf8) == original)
    case .editField(let key, let field, let original):
      return submit(
        .setField(field, value: Array(text.utf8), expected: original), key,
        isUnchanged: Array(text.utf8) == original)
    case .typeName(let confirmation, let name): return submitName(text, name, confirmation)
    case .confirm: return []
    }
  }

  private mutating func submitTTL(_ text: String, _ targets: [CacheKey]) -> [Effect] {
    do {
      let input = try TTLInput.parse(text, localTime: civilTime)
      guard input.spreadPercent == nil else {
        prompt?.problem = "spreading belongs to plans over many keys; give one TTL, such as 5m"
        return []
      }
      let change: KeyChange = input.change == .now ? .expireNow : .setTTL(input.change)
      let title = "set the TTL of \(subject(targets)) to \(text)"
      return release(.change(change, targets, title: title))
    } catch {
      prompt?.problem = error.sentence
      return []
    }
  }

  private mutating func submitName(
    _ text: String, _ name: String, _ confirmation: Confirmation
  ) -> [Effect] {
    guard promptWasSeen else { return [] }
    guard text == name else {
      prompt?.problem = "that is not \(name)"
      return []
    }
    return release(confirmation.held)
  }

  private mutating func submit(
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
