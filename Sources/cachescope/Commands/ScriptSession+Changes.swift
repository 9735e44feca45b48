import CacheModel
import Plans
import TerminalCanvas

/// Changes of the keys that a command names, by the one way in which everything is changed.
extension ScriptSession {
  private static let keysInOneBatch = 500

  /// Makes one change.
  func apply(_ change: KeyChange, to key: CacheKey) async throws(CommandFailure) -> ChangeOutcome {
    let batch: ChangedBatch
    do throws(JournaledChangeError) {
      batch = try await changes.make(
        [KeyedChange(key: key, change: change)], header("set \(key.shown)"))
    } catch {
      throw CommandFailure(error)
    }
    switch batch.results.first {
    case .success(let outcome)?: return outcome
    case .failure(let error)?: throw CommandFailure(error)
    case nil: return .nothingToDo
    }
  }

  /// Makes a change of each of the keys and tells what became of it. `order` is what happens, as in
  /// `delete`. Only what concerns all keys, such as a lost connection, is thrown.
  func apply(
    _ plan: PlannedChange, to keys: [CacheKey], telling report: ChangeReport
  ) async throws(CommandFailure) {
    let what =
      keys.count == 1 ? keys[0].shown : "\(FigureFormat.grouped(keys.count)) keys"
    let change = try await begun("\(plan.order) \(what)")
    let all = keys.compactMap { plan.change(of: $0) }
    var failure: CommandFailure?
    var lost = 0
    for start in stride(from: 0, to: all.count, by: Self.keysInOneBatch) where failure == nil {
      let part = Array(all[start..<min(all.count, start + Self.keysInOneBatch)])
      do throws(JournaledChangeError) {
        let batch = try await change.apply(part)
        lost += batch.lost
        failure = await tell(batch.results, of: part, report)
      } catch {
        failure = CommandFailure(error)
      }
    }
    await change.finish(lost: lost)
    if let failure { throw failure }
  }

  private func begun(_ title: String) async throws(CommandFailure) -> JournaledChange {
    do throws(JournaledChangeError) {
      return try await changes.begin(header(title))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Answers what concerns all keys.
  private func tell(
    _ results: [Result<ChangeOutcome, BackendError>], of changes: [KeyedChange],
    _ report: ChangeReport
  ) async -> CommandFailure? {
    let lifetimes = await lifetimes(after: changes)
    for (change, result) in zip(changes, results) {
      switch result {
      case .success(let outcome):
        report.tell(outcome, of: change.key, lifetime: lifetimes[change.key])
      case .failure(let error) where error.isOfOneKey:
        report.tell(CommandFailure(error), of: change.key)
      case .failure(let error): return CommandFailure(error)
      }
    }
    return nil
  }

  /// Of the keys that were given one.
  private func lifetimes(after changes: [KeyedChange]) async -> [CacheKey: Lifetime] {
    let keys = changes.compactMap { change -> CacheKey? in
      if case .setTTL(let ttl) = change.change, ttl != .persist { change.key } else { nil }
    }
    guard !keys.isEmpty else { return [:] }
    let answers = try? await backend.describe(keys, .lifetimes)
    var lifetimes: [CacheKey: Lifetime] = [:]
    for summary in answers ?? [] {
      if let summary, let lifetime = summary.lifetime { lifetimes[summary.key] = lifetime }
    }
    return lifetimes
  }
}

extension CommandFailure {
  /// Why a change was not made.
  init(_ error: JournaledChangeError) {
    switch error {
    case .notKept(let problem): self.init(.io, problem.sentence)
    case .notAsked(let problem): self.init(problem)
    }
  }
}
