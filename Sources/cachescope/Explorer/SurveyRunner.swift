import CacheModel
import Explorer
import KeyQuery
import Plans
import Synchronization

/// Walks over the keys of plans that the list does not know, each as a task that posts how many it has
/// found and at the end what there is to know before the plan is asked about.
final class SurveyRunner: Sendable {
  private let backend: any CacheBackend
  private let undoLimit: Int
  private let mailbox: Mailbox
  private let underWay = Mutex<Set<RequestID>>([])

  init(backend: any CacheBackend, undoLimit: Int, mailbox: Mailbox) {
    self.backend = backend
    self.undoLimit = undoLimit
    self.mailbox = mailbox
  }

  func start(_ request: RequestID, _ task: SurveyTask) {
    underWay.withLock { _ = $0.insert(request) }
    Task {
      let outcome: Result<SurveyedPlan, SurveyProblem>?
      do throws(SurveyProblem) {
        outcome = try await self.survey(request, task).map { .success($0) }
      } catch {
        outcome = .failure(error)
      }
      self.underWay.withLock { _ = $0.remove(request) }
      if let outcome { self.mailbox.post(.planSurveyed(request, outcome)) }
    }
  }

  /// Ends a walk after the page that is under way; false when it is none of these.
  func cancel(_ request: RequestID) -> Bool {
    underWay.withLock { $0.remove(request) } != nil
  }

  /// Nil when it was cancelled.
  private func survey(
    _ request: RequestID, _ task: SurveyTask
  ) async throws(SurveyProblem) -> SurveyedPlan? {
    switch task.keys {
    case .database:
      // The plan walks again, and deletes what there is then.
      return try await walk(.all, keepingNames: 0, request, task).map {
        SurveyedPlan(preview: $0.preview, names: KeyNameList(bound: 0))
      }
    case .tag(let tag): return try await survey(tag, request, task)
    }
  }

  private func survey(
    _ tag: Tag, _ request: RequestID, _ task: SurveyTask
  ) async throws(SurveyProblem) -> SurveyedPlan? {
    let found: TagInvalidation?
    do throws(BackendError) {
      found = try await backend.invalidation(of: tag)
    } catch {
      throw .failed(error)
    }
    guard let found else { throw .tagGone }
    let order = TagOrder(found)
    guard tag.keeper.tellsKeys else {
      return SurveyedPlan(
        preview: empty(task), names: KeyNameList(bound: 0), order: order)
    }
    let route = KeyRoute(over: tag, glob: nil, query: nil, meanings: TagMeanings())
    let room = order.changesKeys ? SurveyTask.nameRoom : 0
    guard let survey = try await walk(route, keepingNames: room, request, task) else { return nil }
    guard let names = survey.names ?? (room == 0 ? KeyNameList(bound: 0) : nil) else {
      throw .tooMany
    }
    return SurveyedPlan(preview: survey.preview, names: names, order: order)
  }

  private func walk(
    _ route: KeyRoute, keepingNames room: Int, _ request: RequestID, _ task: SurveyTask
  ) async throws(SurveyProblem) -> PlanSurvey? {
    do throws(BackendError) {
      return try await PlanSurvey.make(route, by: backend, keepingNames: room, empty(task)) {
        self.mailbox.post(.planSurveying(request, found: $1))
        return self.underWay.withLock { $0.contains(request) }
      }
    } catch {
      throw .failed(error)
    }
  }

  private func empty(_ task: SurveyTask) -> PlanPreview {
    PlanPreview(separators: task.separators, limit: undoLimit)
  }
}
