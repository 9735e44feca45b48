import CacheModel
import ValueDecoding

/// Making the bytes in view readable: one question at a time, and the latest bytes next.
extension ExplorerState {
  /// Values up to this size are fetched whole, unasked, when they cannot be shown otherwise.
  static let wholeUnasked: Int64 = 256 << 10

  /// Asks for a reading of what is in view when the one that is there is of something else.
  mutating func readBytesIfDue() -> [Effect] {
    guard preview.wantsReading, preview.readingRequest == nil, let task = preview.readingTask
    else { return [] }
    preview.wantsReading = false
    let request = newRequest()
    preview.readingRequest = request
    return [.makeReadable(request, task)]
  }

  mutating func take(reading: ValueReading, of request: RequestID) {
    guard preview.readingRequest == request else { return }
    preview.readingRequest = nil
    guard preview.readingTask == reading.task else {
      preview.wantsReading = true
      return
    }
    preview.reading = reading
    preview.layOut()
    let displacedAt = preview.displacedAt
    preview.move(to: preview.row)
    // It is the same part, read: whether another came under the cursor stays as it is.
    preview.displacedAt = displacedAt
    preview.lookAgain()
  }

  /// Whether a page is the beginning of a value that is to be read whole at once.
  func isToBeWhole(_ page: ValuePage) -> Bool {
    preview.bound == nil && page.totalLength <= Self.wholeUnasked && Self.needsWhole(page)
  }

  static func needsWhole(_ page: ValuePage) -> Bool {
    guard case .string(let head) = page.content, !page.isComplete, page.position == .start else {
      return false
    }
    return ValueDecoder.needsWhole(beginning: head)
  }

  /// What is read of a value to show it.
  func bound(whole length: Int64) -> ValueBound {
    ValueBound(bytes: Int(clamping: length), elements: valueBound.elements)
  }

  // MARK: Ways

  /// The next way to show the value: by itself, in full where that leaves something out, text, JSON,
  /// hex, what else the bytes can be taken for, and by itself again.
  mutating func chooseNextWay() -> [Effect] {
    guard let page = preview.page else { return [] }
    if preview.bound == nil, preview.hasOpaqueHead { return readWhole(page) }
    let ways = preview.ways
    let place = ways.firstIndex(of: preview.way) ?? 0
    preview.way = ways[(place + 1) % ways.count]
    preview.folded = []
    preview.layOut()
    preview.move(to: 0)
    preview.lookAgain()
    say("value as \(preview.way.title)" + (preview.way == .found ? "" : " · esc: auto"))
    return []
  }

  /// Fetches a large value whole, because a part of it cannot be decoded.
  private mutating func readWhole(_ page: ValuePage) -> [Effect] {
    guard page.totalLength <= Self.editBound.bytes else {
      say("\(page.totalLength) bytes are too many to decode here (16 MiB at most)", .warning)
      preview.bound = valueBound
      return []
    }
    preview.bound = bound(whole: page.totalLength)
    preview.readAt = nil
    say("reading all \(page.totalLength.grouped) bytes to decode them")
    return []
  }
}

extension PreviewState {
  /// Whether only the beginning of a value is there that means nothing until it is read whole.
  package var isUndecoded: Bool { opened == nil && bound == nil && hasOpaqueHead }

  /// The bytes in view that are there whole, and how they are to be shown; nil where there are none.
  var readingTask: ReadingTask? {
    if let opened {
      return ReadingTask(
        bytes: opened.part.bytes, key: nil, name: opened.part.context ?? key?.bytes, way: way)
    }
    guard let page, page.isComplete, case .string(let bytes) = page.content else { return nil }
    return ReadingTask(bytes: bytes, key: page.key.bytes, way: way)
  }

  /// The ways that `chooseNextWay` goes through.
  var ways: [ValueWay] {
    guard isText else {
      if case .sortedSet(let members) = page?.content, GeoPlace.areLikely(members.map(\.score)) {
        return [.found, .places, .form(.binary)]
      }
      return [.found, .form(.binary)]
    }
    let forms: [ValueWay] = [.form(.text), .form(.json), .form(.binary)]
    guard let reading else { return [.found] + forms }
    let others = reading.alternatives.map { ValueWay.codec($0) }
    return [.found] + (reading.isAbridged ? [.everything] : []) + forms + others
  }
}
