import CacheModel
import SystemIO

/// The journal's own thread: all SQLite work is done on it and nowhere else, so nothing of it blocks
/// a task.
///
/// What is written waits for the end of the loop's turn and is then committed in one step: batches
/// that several tasks keep at the same time share one writing to the disk. When that step fails,
/// each is tried alone, so that one that does not fit takes no other one along.
actor JournalStore {
  typealias Work = @Sendable (JournalDatabase) throws(KeeperError) -> Int64

  private struct Write {
    var isDurable: Bool
    var work: Work
    var continuation: CheckedContinuation<Result<Int64, KeeperError>, Never>
  }

  private nonisolated let loop: EventLoop
  private let place: JournalPlace
  private let options: JournalOptions
  private var opened: JournalDatabase?
  private var waiting: [Write] = []

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(place: JournalPlace, options: JournalOptions, loop: EventLoop) {
    self.place = place
    self.options = options
    self.loop = loop
  }

  // MARK: Opening

  /// Opens the journal, making it when there is none. With `replacingDamaged` every page is looked
  /// at, and one that is damaged is put aside.
  func open(replacingDamaged: Bool) throws(KeeperError) {
    do throws(KeeperError) {
      try place.prepare()
      let locks = try ownersFile()
      do throws(KeeperError) {
        opened = try database(locks)
        if replacingDamaged { try opened?.checkPages() }
      } catch .damaged where replacingDamaged {
        opened = nil
        try place.setAside(at: options.now())
        try place.prepare()
        opened = try database(locks)
      }
      locks.giveUp(Self.openingByte)
    } catch {
      opened = nil
      throw error
    }
  }

  /// The byte that whoever opens a journal holds meanwhile.
  private static let openingByte: Int64 = 0

  private func ownersFile() throws(KeeperError) -> ByteLocks {
    do throws(Errno) {
      let locks = try ByteLocks(path: place.owners)
      if try locks.take(
        Self.openingByte, patienceMilliseconds: Int64(options.patienceMilliseconds))
      {
        return locks
      }
    } catch {
      throw .io(error.text)
    }
    throw .locked
  }

  private func database(_ locks: ByteLocks) throws(KeeperError) -> JournalDatabase {
    try JournalDatabase(place: place, options: options, locks: locks, owner: try owner(locks))
  }

  /// A byte that is this journal's alone, as long as it is open.
  private func owner(_ locks: ByteLocks) throws(KeeperError) -> Int64 {
    do throws(Errno) {
      while true {
        let owner = Int64.random(in: 1...(1 << 60))
        if try locks.take(owner) { return owner }
      }
    } catch {
      throw .io(error.text)
    }
  }

  func close() {
    opened = nil
  }

  private func database() throws(KeeperError) -> JournalDatabase {
    guard let opened else { throw .io("it was closed") }
    return opened
  }

  // MARK: Work

  /// Looks at something.
  func read<Value: Sendable>(
    _ work: @Sendable (JournalDatabase) throws(KeeperError) -> Value
  ) throws(KeeperError) -> Value {
    try work(database())
  }

  /// Begins a change; a journal that somebody has removed meanwhile is made anew.
  func begin(_ header: ChangeHeader) async throws(KeeperError) -> ChangeID {
    if try database().isGone { try open(replacingDamaged: false) }
    let holdsValues = options.keepsValues
    return ChangeID(
      try await write(isDurable: false) { (database) throws(KeeperError) in
        try database.begin(header, holdsValues: holdsValues).number
      })
  }

  /// Writes something; returns once it is committed, and with `isDurable` once it is on the disk.
  @discardableResult
  func write(isDurable: Bool, _ work: @escaping Work) async throws(KeeperError) -> Int64 {
    let result = await withCheckedContinuation { continuation in
      waiting.append(Write(isDurable: isDurable, work: work, continuation: continuation))
      guard waiting.count == 1 else { return }
      loop.execute { self.assumeIsolated { $0.commit() } }
    }
    return try result.get()
  }

  private func commit() {
    let writes = waiting
    waiting = []
    do throws(KeeperError) {
      let numbers = try run(writes)
      for (write, number) in zip(writes, numbers) {
        write.continuation.resume(returning: .success(number))
      }
    } catch {
      guard writes.count > 1, error != .locked else {
        for write in writes { write.continuation.resume(returning: .failure(error)) }
        return
      }
      for write in writes { alone(write) }
    }
  }

  private func alone(_ write: Write) {
    do throws(KeeperError) {
      let numbers = try run([write])
      write.continuation.resume(returning: .success(numbers.first ?? 0))
    } catch {
      write.continuation.resume(returning: .failure(error))
    }
  }

  private func run(_ writes: [Write]) throws(KeeperError) -> [Int64] {
    let database = try database()
    return try database.transaction(isDurable: writes.contains(where: \.isDurable)) {
      () throws(KeeperError) in
      var numbers: [Int64] = []
      for write in writes { numbers.append(try write.work(database)) }
      return numbers
    }
  }
}
