import CacheModel
import Explorer
import Plans
import Synchronization

/// Carries out changes of one key and undos through the journal, and asks it for what it holds; each
/// as a task that posts what came of it. An undo is cancelled between two batches of keys.
final class ChangeRunner: Sendable {
  private let backend: any CacheBackend
  private let keeper: any ChangeKeeper
  private let undoLimit: Int
  private let mailbox: Mailbox
  private let source = Mutex<SourceIdentity?>(nil)
  private let cancelled = Mutex<Set<RequestID>>([])

  init(backend: any CacheBackend, keeper: any ChangeKeeper, undoLimit: Int, mailbox: Mailbox) {
    self.backend = backend
    self.keeper = keeper
    self.undoLimit = undoLimit
    self.mailbox = mailbox
  }

  /// The source that changes are made on from now on.
  func belong(to identity: SourceIdentity) {
    source.withLock { $0 = identity }
  }

  func cancel(_ request: RequestID) {
    cancelled.withLock { _ = $0.insert(request) }
  }

  private func isCancelled(_ request: RequestID) -> Bool {
    cancelled.withLock { $0.contains(request) }
  }

  // MARK: Changes

  /// Makes a change of a key; without a header nothing of it is kept.
  func make(_ request: RequestID, _ change: KeyedChange, _ header: ChangeHeader?) {
    Task {
      let changes = JournaledChanges(
        self.backend, keeper: header == nil ? nil : self.keeper, limit: self.undoLimit)
      do throws(JournaledChangeError) {
        let done = try await changes.make([change], header ?? .ofNothingKept)
        if header != nil { await self.tellJournal() }
        let result = done.results.first ?? .failure(.malformedReply("no outcome of a change"))
        self.tell(request, change.key, result, isLost: done.lost > 0)
      } catch .notKept(let problem) {
        self.mailbox.post(.unkept(request, problem))
      } catch .notAsked(let problem) {
        self.tell(request, change.key, .failure(problem), isLost: false)
      }
    }
  }

  private func tell(
    _ request: RequestID, _ key: CacheKey, _ result: Result<ChangeOutcome, BackendError>,
    isLost: Bool
  ) {
    mailbox.post(.changed(request, KeyOutcome(key: key, result: result), isLost: isLost))
  }

  /// Deletes everything. That it happened is noted, as far as the journal can: it was said before
  /// that it cannot be taken back.
  func flush(_ request: RequestID, _ header: ChangeHeader?) {
    Task {
      do throws(BackendError) {
        let count = try await self.backend.flush()
        if let header, let change = try? await self.keeper.begin(header) {
          try? await self.keeper.finish(change, lost: Int(clamping: count ?? 1))
          await self.tellJournal()
        }
        self.mailbox.post(.flushed(request, count: count))
      } catch {
        self.mailbox.post(.failed(request, error))
      }
    }
  }

  // MARK: Undo

  func takeBack(
    _ request: RequestID, _ change: ChangeID, _ header: ChangeHeader, overwriting: Bool
  ) {
    Task {
      let changes = JournaledChanges(
        self.backend, keeper: self.keeper, limit: self.undoLimit)
      do throws(KeeperError) {
        let report = try await changes.takeBack(change, overwriting: overwriting, header) {
          self.mailbox.post(.undone(request, $0, isLast: false))
          return !self.isCancelled(request)
        }
        await self.tellJournal()
        self.mailbox.post(.undone(request, report, isLast: true))
      } catch {
        await self.tellJournal()
        self.mailbox.post(.undoFailed(request, error))
      }
      self.cancelled.withLock { _ = $0.remove(request) }
    }
  }

  // MARK: The journal

  func measure(_ request: RequestID) {
    Task { self.mailbox.post(.journalRoom(request, try? await self.keeper.room())) }
  }

  func list() {
    Task { await self.tellJournal() }
  }

  func tellJournal() async {
    let limit = JournalNews.limit
    do throws(KeeperError) {
      let own =
        if let identity = source.withLock({ $0 }) {
          try await keeper.entries(of: identity, limit: limit, before: nil)
        } else {
          [JournalEntry]()
        }
      let all = try await keeper.entries(of: nil, limit: limit + 1, before: nil)
      mailbox.post(
        .journal(
          .success(
            JournalNews(own: own, all: Array(all.prefix(limit)), hasMore: all.count > limit))))
    } catch {
      mailbox.post(.journal(.failure(error)))
    }
  }

  func listOlder(before: ChangeID) {
    Task {
      let limit = JournalNews.limit
      let found = try? await self.keeper.entries(of: nil, limit: limit + 1, before: before)
      let older = found ?? []
      self.mailbox.post(
        .olderChanges(Array(older.prefix(limit)), hasMore: older.count > limit))
    }
  }

  func show(_ request: RequestID, _ change: ChangeID) {
    Task {
      do throws(KeeperError) {
        let records = try await self.records(of: change)
        self.mailbox.post(.changeShown(request, .success(records)))
      } catch {
        self.mailbox.post(.changeShown(request, .failure(error)))
      }
    }
  }

  private func records(of change: ChangeID) async throws(KeeperError) -> ChangeRecords {
    guard let entry = try await keeper.entry(change) else { throw .noSuchChange }
    var records: [KeptRecord] = []
    for batch in try await keeper.batches(of: change) where records.count < ChangeRecords.limit {
      records += try await keeper.records(in: batch)
    }
    let shown = Array(records.prefix(ChangeRecords.limit))
    return ChangeRecords(records: shown, others: max(0, entry.keyCount - shown.count))
  }
}
