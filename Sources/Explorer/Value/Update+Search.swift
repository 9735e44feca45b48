import CacheModel

/// Looking for a text in a value or in the help.
extension ExplorerState {
  mutating func openSearch() {
    let before = overlay == nil ? preview.search?.text ?? "" : overlay?.search?.text ?? ""
    openPrompt(.search(before: before), text: before)
  }

  /// Shows the first match while the text is typed.
  mutating func search(for text: String) {
    guard overlay == nil else { return searchInHelp(for: text) }
    preview.look(for: text)
    if let search = preview.search, search.rows.indices.contains(search.current) {
      preview.move(to: search.rows[search.current])
    }
  }

  private mutating func searchInHelp(for text: String) {
    guard var overlay else { return }
    var search = ValueSearch(text)
    search.look(through: helpEntries.map(\.text), from: 0)
    overlay.search = text.isEmpty ? nil : search
    self.overlay = overlay
    goToMatchInHelp()
  }

  private mutating func goToMatchInHelp() {
    guard var overlay, let search = overlay.search, overlay.list.count > 0,
      search.rows.indices.contains(search.current)
    else { return }
    let entry = search.rows[search.current]
    let line = entry - (overlay.list.columns.last { $0 <= entry } ?? 0)
    overlay.list.move(to: line - overlay.list.height / 2, hasFocus: false)
    self.overlay = overlay
  }

  /// That a text is nowhere, as far as was looked.
  mutating func sayWhenNothingIsFound() {
    guard let search = overlay == nil ? preview.search : overlay?.search, search.rows.isEmpty
    else { return }
    guard overlay == nil, preview.isPart else {
      return say("“\(search.text)” is not in \(overlay == nil ? "the value" : "here")", .warning)
    }
    say(
      "“\(search.text)” is not in the part that is loaded"
        + (preview.hasMore ? ": PgDn at its end reads on" : ""), .warning)
  }

  /// The next match or the one before.
  mutating func stepMatch(by step: Int) {
    if var overlay, var search = overlay.search {
      _ = search.step(by: step)
      overlay.search = search
      self.overlay = overlay
      return goToMatchInHelp()
    }
    guard var search = preview.search else {
      say("nothing is looked for: / in a value", .warning)
      return
    }
    let before = search.current
    guard let row = search.step(by: step) else { return sayWhenNothingIsFound() }
    preview.search = search
    preview.move(to: row)
    let wentRound = step > 0 ? search.current <= before : search.current >= before
    say(
      "match \(search.current + 1) of \(search.rows.count)"
        + (wentRound && search.rows.count > 1 ? ", gone round" : ""))
  }

  /// Leaves the search, then the chosen way, then the part that was opened; answers whether there
  /// was one.
  mutating func leaveWithinValue() -> Bool {
    if focus == .value, preview.search != nil {
      preview.search = nil
    } else if preview.way != .found {
      preview.way = .found
      preview.folded = []
      preview.layOut()
      preview.move(to: 0)
    } else if focus == .value, preview.opened != nil {
      preview.closePart()
    } else {
      return false
    }
    return true
  }
}
