import CacheModel
import Explorer
import Plans
import Synchronization
import SystemIO
import TerminalCanvas

/// Carries out plans over many keys, each as a task that posts how far it has come, what became of
/// the keys of each batch, and at the end what came of all; and writes plans to files.
final class PlanRunner: Sendable {
  private let backend: any CacheBackend
  private let keeper: any ChangeKeeper
  private let undoLimit: Int
  private let mailbox: Mailbox
  private let controls = Mutex<[RequestID: PlanControl]>([:])

  init(backend: any CacheBackend, keeper: any ChangeKeeper, undoLimit: Int, mailbox: Mailbox) {
    self.backend = backend
    self.keeper = keeper
    self.undoLimit = undoLimit
    self.mailbox = mailbox
  }

  /// Runs a plan, a copy to `place`; `ended` is waited for before its report is posted.
  func run(
    _ request: RequestID, _ task: PlanTask, to place: CopyPlace? = nil,
    ended: @escaping @Sendable () async -> Void
  ) {
    let control = PlanControl()
    controls.withLock { $0[request] = control }
    Task {
      let report =
        if let copy = task.copy, let place {
          await self.report(request, task, copy, to: place, control)
        } else {
          await self.report(request, task, control)
        }
      if task.header != nil { await ended() }
      self.controls.withLock { $0[request] = nil }
      self.mailbox.post(.planEnded(request, report))
    }
  }

  private func report(
    _ request: RequestID, _ task: PlanTask, _ control: PlanControl
  ) async -> PlanReport {
    let changes = JournaledChanges(
      backend, keeper: task.header == nil ? nil : keeper, limit: undoLimit)
    let run = PlanRun(
      task.change, changes, control: control, PlanRun.Surroundings(of: backend))
    let keys = Self.keys(of: task, backend)
    let mailbox = mailbox
    return await run.run(
      task.header ?? .ofNothingKept, total: task.total,
      afterwards: task.order?.afterwards(backend),
      { () async throws(BackendError) in try await keys.next() },
      settled: { mailbox.post(.planSettled(request, $0)) },
      progress: { mailbox.post(.planProgress(request, $0)) })
  }

  /// A copy. Where the target cannot be opened, or is another one by now, nothing was sent.
  private func report(
    _ request: RequestID, _ task: PlanTask, _ copy: CopyTask, to place: CopyPlace,
    _ control: PlanControl
  ) async -> PlanReport {
    guard let target = try? place.backend() else {
      return .ofNothingDone(task.total, .closed)
    }
    do throws(BackendError) {
      let found = try await target.open().identity
      guard found == copy.identity else {
        throw .connectionLost(reason: "another server answers there now", outcomeUnknown: false)
      }
    } catch {
      await target.close()
      return .ofNothingDone(task.total, error)
    }
    let run = CopyRun(
      from: backend, into: place.changes(target, keepsUndo: task.header != nil),
      onConflict: copy.conflict, control: control, PlanRun.Surroundings(of: target),
      lookAtSource: PlanRun.Surroundings(of: backend).look)
    let keys = PlanKeys(task.names)
    let mailbox = mailbox
    var header = task.header ?? .ofNothingKept
    header.source = copy.identity
    let report = await run.run(
      header, total: task.total, { () async throws(BackendError) in try await keys.next() },
      settled: { mailbox.post(.planSettled(request, SettledKeys($0))) },
      progress: { mailbox.post(.planProgress(request, $0)) })
    await target.close()
    return report
  }

  /// By name, or those that a walk over the database finds.
  private static func keys(of task: PlanTask, _ backend: any CacheBackend) -> PlanKeys {
    guard task.total > 0 else { return PlanKeys(KeyNameList(bound: 0)) }
    return task.keysInAll == nil ? PlanKeys(task.names) : PlanKeys(PlanWalk(backend, .all))
  }

  func hold(_ request: RequestID, _ isHeld: Bool) {
    guard let control = controls.withLock({ $0[request] }) else { return }
    if isHeld { control.pause() } else { control.resume() }
  }

  /// Whether it was a plan's.
  func cancel(_ request: RequestID) -> Bool {
    guard let control = controls.withLock({ $0[request] }) else { return false }
    control.cancel()
    return true
  }

  // MARK: Scripts

  /// Writes a plan to a new file, for its owner alone. What could not be written whole is taken away.
  func save(_ request: RequestID, _ task: ScriptTask) {
    let mailbox = mailbox
    Task {
      do throws(ScriptProblem) {
        mailbox.post(.scriptSaved(request, .success(try Self.write(task))))
      } catch {
        mailbox.post(.scriptSaved(request, .failure(error)))
      }
    }
  }

  private static func write(_ task: ScriptTask) throws(ScriptProblem) -> String {
    let path = path(of: task.path)
    let script = PlanScript(
      task.change, over: task.scope, of: task.source, to: task.target,
      confirming: task.confirmed)
    do throws(Errno) {
      let file = try GrowingFile(creating: path)
      do throws(Errno) {
        _ = try script.write { (lines) throws(Errno) in try file.write(Array(lines.utf8)) }
      } catch {
        GrowingFile.remove(path)
        throw error
      }
    } catch .exists {
      throw .exists
    } catch {
      throw .notWritten(error.text)
    }
    return path
  }

  /// The whole path, so that it can be told where the file is. `~/` stands for the home folder.
  private static func path(of text: String) -> String {
    if text.hasPrefix("~/"), let home = EnvironmentVariable.value(of: "HOME") {
      return home + text.dropFirst()
    }
    guard !text.hasPrefix("/"), let folder = WorkingFolder.path else { return text }
    return (folder == "/" ? "" : folder) + "/" + text
  }
}

extension PlanReport {
  /// Of a copy whose target could not be reached.
  fileprivate static func ofNothingDone(_ keys: Int, _ error: BackendError) -> PlanReport {
    var report = PlanReport()
    report.notDone = keys
    report.problem = .notAsked(error)
    report.isTargetProblem = true
    return report
  }
}

extension ChangeHeader {
  /// Of what no journal sees.
  static let ofNothingKept = ChangeHeader(
    title: "", at: WallTime(milliseconds: 0),
    source: SourceIdentity(serverID: "", database: 0), address: "")
}
