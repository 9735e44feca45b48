import CacheModel
import KeyQuery

/// What tab goes through.
struct CompletionCycle: Sendable, Equatable {
  var choices: [QueryCompletion]
  /// The choice that stands in the text, and where.
  var place: Int
  var range: Range<Int>
}

/// The prompt of the filter: it applies as it is typed, says in place what is missing or wrong, and
/// completes.
extension ExplorerState {
  var isFiltering: Bool {
    if case .find = prompt?.kind { true } else { false }
  }

  mutating func openFilter() {
    openPrompt(.find(before: keys.filter), text: keys.filter.description)
  }

  /// The filter that was there before the prompt.
  mutating func bringBack(_ before: Query) {
    guard keys.filter != before else { return }
    keys.show(before)
    keys.filtering.isReadingAllowed = true
  }

  /// Filters by what stands in the prompt. What is not finished yet does not count; what is wrong
  /// changes nothing.
  mutating func filterAsTyped() {
    guard let text = prompt?.field?.text else { return }
    let (query, error) = Query.typed(text)
    prompt?.completion = nil
    prompt?.notes = error.map { $0.isIncomplete ? [$0.hint] : [] } ?? []
    prompt?.problem = error.flatMap { $0.isIncomplete ? nil : $0.hint }
    guard let query else { return }
    if let refusal = refusal(of: query) {
      prompt?.problem = refusal.sentence
    } else if query != keys.filter {
      keys.show(query)
    }
  }

  /// Keeps the filter, and lets values be read for it.
  mutating func submitFilter() -> [Effect] {
    guard let text = prompt?.field?.text else { return [] }
    do throws(QueryError) {
      let query = try Query(text)
      if let refusal = refusal(of: query) {
        prompt?.problem = refusal.sentence
        return []
      }
      if query != keys.filter { keys.show(query) }
    } catch {
      prompt?.problem = error.hint
      return []
    }
    keys.filtering.isReadingAllowed = true
    prompt = nil
    return judgeQueued()
  }

  // MARK: Completion

  /// Completes the word before the insertion point as far as there is no choice; a further tab goes
  /// through the choices.
  mutating func completeFilter(by step: Int) {
    if let cycle = prompt?.completion { return choose(cycle, cycle.place + step) }
    guard let field = prompt?.field else { return }
    let found = Query.completions(
      at: field.insertionPoint, in: field.text, knowing: vocabulary)
    guard let first = found.first else { return }
    let typed = field.characters[first.range].count
    let common = found.dropFirst().reduce(first.text) { $0.commonPrefix(with: $1.text) }
    if found.count == 1 {
      replace(first.range, with: first.text + (first.endsTerm ? " " : ""))
    } else if common.count > typed {
      replace(first.range, with: common)
      prompt?.notes = [Self.list(found)]
    } else {
      choose(CompletionCycle(choices: found, place: 0, range: first.range), step > 0 ? 0 : -1)
    }
  }

  private mutating func choose(_ cycle: CompletionCycle, _ place: Int) {
    var cycle = cycle
    cycle.place = (place + cycle.choices.count) % cycle.choices.count
    let text = cycle.choices[cycle.place].text
    replace(cycle.range, with: text)
    cycle.range = cycle.range.lowerBound..<cycle.range.lowerBound + text.count
    prompt?.completion = cycle
    prompt?.notes = [Self.list(cycle.choices, at: cycle.place)]
  }

  private mutating func replace(_ range: Range<Int>, with text: String) {
    prompt?.field?.replace(range, with: text)
    filterAsTyped()
  }

  /// The choices, that which stands in the text first.
  private static func list(_ choices: [QueryCompletion], at place: Int = 0) -> String {
    let ordered = choices[place...] + choices[..<place]
    let heads = ordered.prefix(8).map { choice in
      choice.note.isEmpty ? choice.text : "\(choice.text) \(choice.note)"
    }
    return heads.joined(separator: " · ") + (choices.count > 8 ? " · …" : "")
  }

  private var vocabulary: QueryVocabulary {
    let tree = keys.tree
    return QueryVocabulary(
      codecs: KnownCodecs.names, frameworks: KnownCodecs.frameworks,
      tags: tags.list.prefix(1000).map(\.spelling)
    ) { text in
      tree.prefixes(after: Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}

extension KeyTree {
  /// The prefixes of folders that go on from a text to the next separator, those with the most keys
  /// first. O(folders)
  func prefixes(after text: [UInt8]) -> [[UInt8]] {
    let found = nodes.indices.filter { number in
      let node = nodes[number]
      guard number != 0, node.isLive, Int(node.prefixLength) > text.count,
        Int(nodes[Int(node.parent)].prefixLength) <= text.count
      else { return false }
      return prefix(Folder(number: UInt32(number))).starts(with: text)
    }
    return found.sorted { nodes[$0].count > nodes[$1].count }.prefix(20)
      .map { prefix(Folder(number: UInt32($0))) }
  }
}
