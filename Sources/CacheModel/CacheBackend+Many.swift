/// Many keys one after the other, for sources that have no quicker way.
extension CacheBackend {
  package func apply(
    _ changes: [KeyedChange], undoLimit: Int?
  ) async -> [Result<ChangeOutcome, BackendError>] {
    var results: [Result<ChangeOutcome, BackendError>] = []
    for each in changes {
      do throws(BackendError) {
        results.append(
          .success(try await apply(each.change, to: each.key, undoLimit: undoLimit)))
      } catch {
        results.append(.failure(error))
      }
    }
    return results
  }

  package func undo(
    _ records: [UndoRecord], overwriting: Bool
  ) async -> [Result<UndoOutcome, BackendError>] {
    var results: [Result<UndoOutcome, BackendError>] = []
    for record in records {
      do throws(BackendError) {
        results.append(.success(try await undo(record, overwriting: overwriting)))
      } catch {
        results.append(.failure(error))
      }
    }
    return results
  }

  package func capture(
    _ keys: [CacheKey], limit: Int
  ) async throws(BackendError) -> [CapturedState] {
    keys.map { _ in .refused("this source hands no states out") }
  }

  package func time() async throws(BackendError) -> WallTime? { nil }
}
