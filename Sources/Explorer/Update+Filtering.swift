import CacheModel
import KeyQuery

/// Finding out what the filter has to know, in the background and no faster than the source answers.
extension ExplorerState {
  /// Keys that the source judges in one go: fewer where it takes their values.
  private var judgeBatch: Int { keys.filtering.readsValues ? 100 : 1000 }

  /// Has the next keys judged that what is known lets pass; one batch at a time.
  mutating func judgeQueued() -> [Effect] {
    guard keys.filtering.asking == nil, keys.filtering.lookingUp == nil,
      !keys.filtering.waitsForPerson, !keys.filtering.isRefused, keys.filtering.toJudge.count > 0,
      keys.filtering.againAt.map({ $0 <= now }) ?? true
    else { return [] }
    let asked = keys.filtering.asked
    guard let meanings = asked.tagSpellings.isEmpty ? TagMeanings() : keys.filtering.meanings
    else { return lookUpTags(asked.tagSpellings) }
    let slots = keys.nextToJudge(count: judgeBatch)
    guard !slots.isEmpty else { return [] }
    let request = newRequest()
    keys.filtering.asking = (request, slots.map(\.number))
    return [.judge(request, slots.map { keys.index.key($0) }, asked, meanings)]
  }

  /// Asks what names of tags mean, once for a filter.
  private mutating func lookUpTags(_ spellings: [[UInt8]]) -> [Effect] {
    let request = newRequest()
    keys.filtering.lookingUp = request
    return [.lookUpTags(request, spellings)]
  }

  mutating func take(meanings: TagMeanings, of request: RequestID) -> [Effect] {
    guard keys.filtering.lookingUp == request else { return [] }
    keys.filtering.lookingUp = nil
    keys.filtering.meanings = meanings
    if let refusal = keys.filter.refusal(by: meanings) {
      keys.filtering.isRefused = true
      say(refusal.sentence, .warning)
    } else if let remark = keys.filter.remark(on: meanings) {
      say(remark, .warning)
    }
    return judgeQueued()
  }

  mutating func take(
    verdicts: [Verdict?], of names: [CacheKey], request: RequestID
  ) -> [Effect] {
    guard keys.filtering.asking?.request == request else { return [] }
    keys.filtering.asking = nil
    for (key, verdict) in zip(names, verdicts) {
      guard let slot = keys.index.slot(of: key) else { continue }
      if let verdict { keys.take(verdict, of: slot) } else { markGone(slot) }
    }
    keys.filtering.changedWhileAsked = []
    return judgeQueued()
  }

  /// The source could not answer: the same keys again, after a moment.
  mutating func judgeLater() {
    keys.filtering.againAt = now.advanced(by: 1000)
    keys.filtering.lookingUp = nil
    guard let asking = keys.filtering.asking else { return }
    keys.filtering.asking = nil
    keys.filtering.changedWhileAsked = []
    for slot in asking.slots { keys.filtering.toJudge.append(slot) }
  }

  /// TTLs run down and idle times grow: every key is tested again, once a second when they are few.
  mutating func judgeAgainIfDue() {
    guard !keys.filter.needs.isDisjoint(with: .changing), !keys.hasPendingWork else { return }
    let rest = max(Self.pollInterval, Int64(keys.index.count / 50))
    if let last = keys.filtering.judgedAgainAt, now.milliseconds(since: last) < rest { return }
    keys.filtering.judgedAgainAt = now
    keys.begin(KeySweep(purpose: .judgeAgain))
  }

  /// Why no key of this source can match; nil when one may.
  func refusal(of query: Query) -> QueryRefusal? {
    guard let description = source.description else { return query.contradiction }
    return query.refusal(
      on: QueryGround(
        description, codecs: KnownCodecs.names, frameworks: KnownCodecs.frameworks))
  }
}
