import CacheModel

extension JournaledChanges {
  /// What the keys of the first few groups hold, a group at a time and at least one, as far as a
  /// source hands out at once; how many groups is in the answer's count.
  func capture(
    _ groups: [[CacheKey]]
  ) async throws(JournaledChangeError) -> [[CapturedState]] {
    guard let first = groups.first else { return [] }
    let wanted = groups.flatMap { $0 }
    var states = try await captured(wanted)
    while states.count < first.count {
      states += try await captured(Array(wanted[states.count..<first.count]))
    }
    var answer: [[CapturedState]] = []
    var place = 0
    for group in groups {
      guard place + group.count <= states.count else { break }
      answer.append(Array(states[place..<(place + group.count)]))
      place += group.count
    }
    return answer
  }

  private func captured(_ keys: [CacheKey]) async throws(JournaledChangeError) -> [CapturedState] {
    let states: [CapturedState]
    do throws(BackendError) {
      states = try await backend.capture(keys, limit: limit)
    } catch {
      throw .notAsked(error)
    }
    guard (1...max(1, keys.count)).contains(states.count) else {
      throw .notAsked(.malformedReply("\(states.count) states of \(keys.count) keys"))
    }
    return states
  }
}
