import CacheModel
import KeyQuery

/// The tags of the key in view, and the list of all tags.
extension ExplorerState {
  /// Milliseconds after which the labels of a key in view are asked again.
  private static let labelInterval: Int64 = 5000

  /// Asks for the tags of the key whose value is shown, and who tracks it.
  mutating func labelIfDue() -> [Effect] {
    guard screen == .keys, tags.labelling == nil, preview.phase == .shown,
      let key = preview.key, source.description?.capabilities.contains(.tags) == true
    else { return [] }
    let elapsed = tags.labelledAt.map { now.milliseconds(since: $0) } ?? .max
    guard tags.labels?.key != key || elapsed >= Self.labelInterval else { return [] }
    let request = newRequest()
    tags.labelling = (request, key)
    return [.label(request, key, among: tags.toLookThrough)]
  }

  mutating func take(labels: KeyLabels, of request: RequestID) {
    guard tags.labelling?.request == request else { return }
    tags.labelling = nil
    tags.labelledAt = now
    tags.labels = labels
  }

  /// Looks for tags once, where the keys are few.
  mutating func listTagsIfDue() -> [Effect] {
    guard !tags.isComplete, tags.request == nil, tags.failure == nil, keys.walk.hasCompleted,
      keys.index.count <= Self.shortWalk,
      source.description?.capabilities.contains(.tags) == true
    else { return [] }
    return walkOverTags()
  }

  mutating func walkOverTags() -> [Effect] {
    guard tags.request == nil else { return [] }
    let request = newRequest()
    tags.beginWalk(request)
    return [.listTags(request, from: .start)]
  }

  mutating func take(tags page: TagPage, of request: RequestID) -> [Effect] {
    guard tags.request == request else { return [] }
    tags.take(page.tags)
    fitTagList()
    guard let next = page.next else {
      tags.endWalk()
      fitTagList()
      return []
    }
    let following = newRequest()
    tags.request = following
    return [.listTags(following, from: next)]
  }

  /// Whether the failed question was one of these; the list says why, the labels are asked again.
  mutating func takeTagFailure(_ error: BackendError, of request: RequestID) -> Bool {
    if tags.request == request {
      tags.request = nil
      tags.failure = error
    } else if let labelling = tags.labelling, labelling.request == request {
      take(
        labels: KeyLabels(key: labelling.key, tags: [], trackers: .unknown), of: request)
    } else {
      return false
    }
    return true
  }

  // MARK: The list

  mutating func openTags() -> [Effect] {
    show(Overlay(.tags, field: TextField("", limit: 200)))
    return walkOverTags()
  }

  /// The tags whose spelling has every word that was typed.
  func listedTags(_ overlay: Overlay) -> [ListedTag] {
    let words = (overlay.field?.text ?? "").lowercased().split(separator: " ")
    guard !words.isEmpty else { return tags.list }
    return tags.list.filter { listed in
      let text = listed.spelling.lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  func tagRows(_ overlay: Overlay) -> [OverlayRow] {
    let rows = listedTags(overlay).map { listed in
      let count = listed.keys.map { Int(clamping: $0).counted("key") }
      let prefix = listed.tag.keeper == .django ? [] : listed.tag.prefix
      let place = prefix.isEmpty ? nil : "prefix \(SpelledName.of(prefix, limit: 40))"
      let details = [count, listed.tag.keeper.product, place].compactMap { $0 }
      return OverlayRow(
        .none, SpelledName.of(Array(listed.spelling.utf8), limit: 120),
        details.joined(separator: " · "))
    }
    return rows.isEmpty ? [tagNote].compactMap { $0 } : rows
  }

  /// What there is to say in place of rows; nil when something was typed that no tag has.
  private var tagNote: OverlayRow? {
    if let failure = tags.failure { return OverlayRow(.none, failure.sentence, tone: .warning) }
    if tags.request != nil, tags.list.isEmpty {
      return OverlayRow(.none, "looking …", tone: .muted)
    }
    guard tags.list.isEmpty else { return nil }
    return OverlayRow(
      .none, "no key has a tag: neither of the engine nor of a library that is known",
      tone: .muted)
  }

  private mutating func fitTagList() {
    guard var overlay, overlay.kind == .tags else { return }
    overlay.list.count = rows(of: overlay).count
    self.overlay = overlay
  }

  /// Enter in the list: the keys of the tag.
  mutating func chooseTag(_ overlay: Overlay) -> [Effect] {
    let listed = listedTags(overlay)
    guard listed.indices.contains(overlay.list.row) else { return [] }
    let tag = listed[overlay.list.row].tag
    guard tag.keeper.tellsKeys else {
      say(
        "\(tag.keeper.product) keeps a version of \(tag.spelling): nothing tells its keys",
        .warning)
      return []
    }
    overlays.removeAll()
    screen = .keys
    focus = .list
    keys.show(Query([.tag(Array(spelling(of: tag).utf8))]))
    keys.filtering.isReadingAllowed = true
    return judgeQueued()
  }

  /// With the prefix where the name alone would mean other tags too.
  func spelling(of tag: Tag) -> String {
    let isUnique = tags.list.count { $0.spelling == tag.spelling } == 1
    return isUnique ? tag.spelling : tag.wholeSpelling
  }
}
