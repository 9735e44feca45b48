import CacheModel
import ValueDecoding

/// The value beside the list follows the cursor; one question at a time, the latest cursor next.
extension ExplorerState {
  /// Milliseconds after which a value in view is read again although nothing says that it changed.
  static let rereadInterval: Int64 = 5000

  mutating func readPreviewIfDue() -> [Effect] {
    guard screen == .keys, preview.request == nil else { return [] }
    guard let slot = keys.cursor else {
      preview = PreviewState()
      return []
    }
    let key = keys.index.key(slot)
    if preview.key != key { showNothing(of: key) }
    guard keys.index[fate: slot].goneSince == nil, isPreviewDue(slot) else { return [] }
    preview.figures = keys.index[figures: slot]
    let request = newRequest()
    preview.request = request
    return [.read(request, key, valueBound)]
  }

  private mutating func showNothing(of key: CacheKey) {
    let height = preview.height
    preview = PreviewState()
    preview.height = height
    preview.key = key
    preview.phase = .loading
    if focus == .value, painted?.selectedKey != key { focus = .list }
  }

  private func isPreviewDue(_ slot: KeyIndex.Slot) -> Bool {
    guard let readAt = preview.readAt else { return true }
    let elapsed = now.milliseconds(since: readAt)
    if elapsed >= Self.rereadInterval { return true }
    let (old, new) = (preview.figures, keys.index[figures: slot])
    let differs = old?.bytes != new.bytes || old?.expiry != new.expiry
    return differs && elapsed >= 500
  }

  mutating func take(value page: ValuePage?, of request: RequestID) -> [Effect] {
    if work.pendingEdit?.request == request { return beginEdit(of: page) }
    if let asked = work.copyRequest, asked.request == request {
      work.copyRequest = nil
      return copy(page, of: asked)
    }
    guard preview.request == request else { return [] }
    preview.request = nil
    preview.readAt = now
    guard let slot = keys.cursor, keys.index.key(slot) == preview.key else {
      return readPreviewIfDue()
    }
    guard let page else {
      preview.phase = .gone
      markGone(slot)
      return []
    }
    show(page)
    return []
  }

  private mutating func show(_ page: ValuePage) {
    preview.phase = .shown
    guard preview.page != page else { return }
    preview.page = page
    if case .string(let bytes) = page.content {
      preview.text = ValueText(bytes, isComplete: page.isComplete)
    } else {
      preview.text = nil
    }
    preview.move(to: preview.row)
  }
}
