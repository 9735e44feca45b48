import CacheModel

extension ConfigurationReader {
  /// Reads what is said of the journal: a word that says what is kept, or an object.
  func journal(
    _ entry: Entry, isOfProfile: Bool
  ) throws(ConfigurationError) -> ConfiguredJournal {
    var journal = ConfiguredJournal()
    guard case .object = entry.node.value else {
      guard case .string = entry.node.value else {
        throw wrong(entry, expected: "a word in quotes or an object")
      }
      journal.detail = try choice(entry, JournalDetail.self)
      return journal
    }
    let parts = try entries(
      of: entry.node, .journal, path: entry.path, example: ConfigurationField.journalExample)
    for part in parts {
      if isOfProfile, part.field == .journalSize || part.field == .journalAge {
        throw error(
          part,
          "one journal holds the changes of all sources: its size and age stand in the general part"
        )
      }
      try add(part, to: &journal)
    }
    return journal
  }

  private func add(
    _ part: Entry, to journal: inout ConfiguredJournal
  ) throws(ConfigurationError) {
    switch part.field {
    case .journalKeep: journal.detail = try choice(part, JournalDetail.self)
    case .journalSize:
      journal.bytes = try size(part, in: 1 << 20...1 << 40, "from 1mb to 1024gb")
    case .journalValue:
      journal.valueBytes = try size(
        part, in: 1024...ConfiguredJournal.mostValueBytes, "from 1kb to 512mb")
    default: journal.ageMilliseconds = try age(part)
    }
  }

  private func size(
    _ entry: Entry, in bounds: ClosedRange<Int>, _ words: String
  ) throws(ConfigurationError) -> Int {
    do throws(ConfigurationError) {
      return try number(entry, in: bounds, allowsSize: true)
    } catch {
      guard case .string = entry.node.value else { throw error }
      throw self.error(entry, "expected a size \(words)")
    }
  }

  /// As a TTL is written, from a minute to ten years.
  private func age(_ entry: Entry) throws(ConfigurationError) -> Int64 {
    let bounds: ClosedRange<Int64> = 60_000...(10 * 366 * 24 * 3_600_000)
    let text = try text(entry)
    guard let input = try? TTLInput.parse(text, localTime: { _ in nil }),
      case .fromNow(let milliseconds) = input.change, input.spreadPercent == nil,
      bounds.contains(milliseconds)
    else { throw error(entry, "expected a time from 1m to 3660d") }
    return milliseconds
  }
}
