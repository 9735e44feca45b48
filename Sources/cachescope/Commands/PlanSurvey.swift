import CacheModel
import Plans

/// What a walk over the keys of a plan has found before the plan is asked about: for commands, and on
/// the screen where the list does not know which keys are meant.
struct PlanSurvey: Sendable {
  var preview: PlanPreview
  /// Nil when there is no room for all of them: then the plan walks again, and finds what is there at
  /// that time.
  var names: KeyNameList?

  /// Walks over all keys of a route. `room` is for their names, in bytes. `telling` hears after each
  /// page how many keys the walk has come by and how many were meant, and says whether to go on; nil
  /// when it does not. While others use the server, the walk takes its share of the time alone.
  static func make(
    _ route: KeyRoute, by backend: any CacheBackend, keepingNames room: Int,
    _ empty: PlanPreview,
    telling: @Sendable (Int64, Int) async -> Bool
  ) async throws(BackendError) -> PlanSurvey? {
    let walk = PlanWalk(backend, route)
    var preview = empty
    var names = KeyNameList(bound: room)
    var keepsNames = room > 0
    let world = PlanRun.Surroundings(of: backend)
    var pace = Pace()
    var began = world.now()
    while let page = try await walk.next() {
      preview.add(page.keys)
      let sample = walk.sample(of: page)
      if !sample.isEmpty {
        preview.add(try await backend.describe(sample, .sizes).compactMap { $0 })
      }
      if keepsNames { keepsNames = page.keys.allSatisfy { names.append($0) } }
      guard await telling(walk.looked, preview.keys) else { return nil }
      await world.rest(&pace, since: began)
      walk.fetchAhead(pace.share == 1)
      began = world.now()
    }
    return PlanSurvey(preview: preview, names: keepsNames ? names : nil)
  }
}
