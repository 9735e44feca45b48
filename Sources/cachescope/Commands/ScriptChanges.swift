import CacheModel
import Plans
import SystemIO

/// Changes that commands make, through the journal as everything that changes a source.
extension ScriptSession {
  private static let batch = 100

  func header(_ title: String) -> ChangeHeader {
    ChangeHeader(
      title: title, at: WallTime(milliseconds: SystemClock.wallMilliseconds),
      source: source.identity, address: source.address)
  }

  /// What tells the keys that were changed.
  func report(_ doneWord: String) -> ChangeReport {
    ChangeReport(output: output, doneWord: doneWord, cannotBeUndone: keepsNoValues)
  }

  /// Makes a change of each key, which is one change in the journal, and tells what became of it.
  /// What concerns all keys, such as a lost connection, ends it.
  func make(
    _ each: [KeyedChange], title: String, telling report: ChangeReport
  ) async throws(CommandFailure) {
    let change = try await begun(title)
    var lost = 0
    do throws(CommandFailure) {
      var rest = each[...]
      while !rest.isEmpty {
        let part = Array(rest.prefix(Self.batch))
        rest = rest.dropFirst(part.count)
        let done = try await applied(part, change)
        lost += done.lost
        try await tell(part, done, report)
      }
      await change.finish(lost: lost)
    } catch {
      await change.finish(lost: lost)
      throw error
    }
  }

  /// Notes a change that cannot be taken back, as far as the journal can.
  func note(title: String, lost: Int) async {
    guard let keeper, let change = try? await keeper.begin(header(title)) else { return }
    try? await keeper.finish(change, lost: lost)
  }

  private func begun(_ title: String) async throws(CommandFailure) -> JournaledChange {
    do throws(JournaledChangeError) {
      return try await changes.begin(header(title))
    } catch {
      throw CommandFailure(error)
    }
  }

  private func applied(
    _ part: [KeyedChange], _ change: JournaledChange
  ) async throws(CommandFailure) -> ChangedBatch {
    do throws(JournaledChangeError) {
      return try await change.apply(part)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func tell(
    _ part: [KeyedChange], _ done: ChangedBatch, _ report: ChangeReport
  ) async throws(CommandFailure) {
    let lifetimes = await lifetimes(part, done)
    for (each, result) in zip(part, done.results) {
      switch result {
      case .success(let outcome): report.tell(outcome, of: each.key, lifetime: lifetimes[each.key])
      case .failure(let error):
        let failure = CommandFailure(error)
        guard failure.kind == .server else { throw failure }
        report.tell(failure, of: each.key)
      }
    }
  }

  /// How long the keys live that were given a TTL.
  private func lifetimes(_ part: [KeyedChange], _ done: ChangedBatch) async -> [CacheKey: Lifetime]
  {
    let keys = zip(part, done.results).compactMap { each, result -> CacheKey? in
      guard case .success(.done) = result, case .setTTL(let ttl) = each.change, ttl != .persist
      else { return nil }
      return each.key
    }
    guard !keys.isEmpty else { return [:] }
    let answer = try? await ask { backend throws(BackendError) in
      try await backend.describe(keys, .lifetimes)
    }
    let told = (answer ?? []).compactMap { $0 }
    return Dictionary(
      told.compactMap { summary in summary.lifetime.map { (summary.key, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}

extension CommandFailure {
  /// Why nothing was sent.
  init(_ error: JournaledChangeError) {
    switch error {
    case .notKept(let problem):
      self.init(.io, "\(problem.sentence); nothing was sent, --no-undo does it without undo")
    case .notAsked(let problem): self.init(problem)
    }
  }

  init(_ error: KeeperError) {
    self.init(error == .noSuchChange ? .notFound : .io, error.sentence)
  }
}
