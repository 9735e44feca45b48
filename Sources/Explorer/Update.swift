package import CacheModel

/// The program as a function: what happened, and when, changes the state and asks for effects.
///
/// Pure: no clock, no input, no output. Whoever runs the program sends `tick` before each frame, so
/// that everything which depends on time happens here too.
package func update(_ state: inout ExplorerState, _ event: Event, at now: Moment) -> [Effect] {
  state.now = max(state.now, now)
  state.keys.now = state.now
  defer { state.dropPlanWithoutView() }
  let effects = state.take(event)
  return effects + state.readBytesIfDue()
}

extension ExplorerState {
  fileprivate mutating func take(_ event: Event) -> [Effect] {
    switch event {
    case .action(let action): return perform(action)
    case .chooseRow(let row, let open): return chooseRow(row, open: open)
    case .scroll(let rows): return scroll(by: rows)
    case .scrollPane(let pane, let rows): return scroll(pane, by: rows)
    case .chooseValueRow(let row, let open): return chooseValueRow(row, open: open)
    case .choosePane, .holdSplit, .moveSplit, .point, .chooseTime, .choosePanel, .sortCommands:
      take(pointing: event)
      return []
    case .sort(let field): return sort(by: field)
    case .advance: return advance()
    case .chooseOverlayRow(let row, let open): return chooseOverlayRow(row, open: open)
    case .edit(let edit): return self.edit(edit)
    case .submit: return prompt == nil ? submitOverlay() : submitPrompt()
    case .answer(let letter): return answerPrompt(letter)
    case .strayPaste:
      say("pasted text was dropped: there is no text field here", .warning)
      return []
    case .tick: return tick()
    case .presented(let presentation):
      take(presentation)
      return []
    case .resumed:
      followAnew()
      return []
    default: return take(reply: event)
    }
  }
}

extension ExplorerState {
  /// What the source, the connection and the editor answer.
  mutating func take(reply event: Event) -> [Effect] {
    switch event {
    case .connection(let connection): return take(connection: connection)
    case .server(let address): return take(server: address)
    case .opened(let description): return take(description: description)
    case .scanned(let request, let page): return take(page: page, of: request)
    case .described(let request, let keys, let summaries):
      return take(summaries: summaries, of: keys, request: request)
    case .judged(let request, let keys, let verdicts):
      return take(verdicts: verdicts, of: keys, request: request)
    case .tagMeanings(let request, let meanings): return take(meanings: meanings, of: request)
    case .labelled(let request, let labels):
      take(labels: labels, of: request)
      return []
    case .tagsListed(let request, let page): return take(tags: page, of: request)
    case .read(let request, let page): return take(value: page, of: request)
    case .madeReadable(let request, let reading):
      take(reading: reading, of: request)
      return []
    case .changed(let request, let outcome, let isLost):
      return take(outcome: outcome, isLost: isLost, of: request)
    case .planSettled, .planProgress, .planEnded, .planSurveying, .planSurveyed, .journalRoom,
      .scriptSaved, .targetTold:
      return take(plan: event)
    case .undone(let request, let report, let isLast):
      return take(undone: report, of: request, isLast: isLast)
    case .unkept, .undoFailed, .journal, .olderChanges, .changeShown:
      return take(keeper: event)
    case .flushed(let request, let count): return take(flushed: count, of: request)
    case .following(let isTold): return take(following: isTold)
    case .changedElsewhere(let names): return take(changedElsewhere: names)
    case .sampled(let sample): return take(sample: sample)
    case .editorFinished(let request, let outcome): return take(editor: outcome, of: request)
    case .databases(let request, let databases):
      take(databases: databases, of: request)
      return []
    case .sent(let request, let commands):
      take(sent: commands, of: request)
      return []
    case .probed(let request, let answers):
      take(probe: answers, of: request)
      return []
    case .switched(let source, let access, let look):
      return take(switched: source, access: access, look: look)
    case .switchFailed(let reason):
      say(reason, .failure)
      return []
    case .known(let choices):
      connections.choices = choices
      return []
    case .copied(let outcome):
      take(copied: outcome)
      return []
    case .engineUse(let request, let use): return take(engineUse: use, of: request)
    case .note(let text):
      say(text, .warning)
      return []
    case .failed(let request, let error): return take(failure: error, of: request)
    default: return []
    }
  }

  /// What the journal answers.
  private mutating func take(keeper event: Event) -> [Effect] {
    switch event {
    case .unkept(let request, let error): return take(unkept: error, of: request)
    case .undoFailed(let request, let error): return take(undoFailure: error, of: request)
    case .journal(let news): take(journal: news)
    case .olderChanges(let entries, let hasMore): undo.append(entries, hasMore: hasMore)
    case .changeShown(let request, let records): take(records: records, of: request)
    default: break
    }
    return []
  }

  mutating func take(pointing event: Event) {
    switch event {
    case .choosePane(let pane): choosePane(pane)
    case .holdSplit(let isHeld): split.isHeld = isHeld
    case .moveSplit(let column, let total): moveSplit(to: column, of: total)
    case .point(let field, let place): point(field: field, at: place)
    case .chooseTime(let time, let panel): choose(time: time, in: panel)
    case .choosePanel(let panel): if !isCovered, screen == .stats { focus(on: panel) }
    case .sortCommands(let field): sortCommands(by: field)
    default: break
    }
  }

  mutating func edit(_ edit: TextField.Edit) -> [Effect] {
    if prompt != nil { return editPrompt(edit) }
    editOverlay(edit)
    return []
  }

  mutating func newRequest() -> RequestID {
    lastRequest += 1
    return RequestID(lastRequest)
  }

  mutating func say(_ text: String, _ tone: Message.Tone = .plain) {
    message = Message(text: text, tone: tone, shownAt: now)
  }

  mutating func take(_ presentation: Presentation) {
    painted = presentation
    keys.listing.isCursorStale =
      keys.listing.isCursorStale || presentation.listHeight != keys.height
    keys.height = max(1, presentation.listHeight)
    keys.visible = presentation.visibleKeys
    keys.showsIdle = presentation.showsIdle
    preview.height = max(1, presentation.previewHeight)
    if presentation.previewWidth > 0, presentation.previewWidth != preview.width {
      preview.width = presentation.previewWidth
      preview.layOut()
      preview.move(to: preview.row)
    }
    take(statsShown: presentation)
    if let fit = presentation.overlay, var overlay {
      overlay.list.fit(fit)
      self.overlay = overlay
    }
    if prompt != nil, prompt?.id == presentation.prompt, prompt?.paintedAt == nil {
      prompt?.paintedAt = now
    }
    if presentation.plan == work.plan?.view, work.plan?.paintedAt == nil {
      work.plan?.paintedAt = now
    }
  }
}
