import CacheModel
import Glibc
import SystemIO

/// Where a journal lies: the file, what SQLite keeps beside it, and the file whose locks tell which
/// programs are alive. All of it only its owner may read or write; a folder or file that belongs to
/// somebody else, or that others may write, is refused, because what is put back from it would be
/// theirs.
struct JournalPlace: Sendable {
  let folder: String

  var file: String { "\(folder)/\(Self.name)" }
  var owners: String { "\(folder)/journal.owners" }

  private static let name = "journal.sqlite3"
  /// What SQLite keeps beside a file.
  private static let companions = ["", "-wal", "-shm"]
  private static var damagedPrefix: String { "\(name).damaged-" }

  /// Checks the folder and what is in it, and makes the file when it is missing.
  func prepare() throws(KeeperError) {
    do throws(StateFolderError) {
      _ = try StateFolder.open(folder)
    } catch {
      throw .unsafe(error.sentence)
    }
    for companion in Self.companions + ["/"] {
      try check(companion == "/" ? owners : file + companion)
    }
    do throws(Errno) {
      try FileBytes.writeOwnerOnly(path: file, [])
    } catch .exists {
      return
    } catch {
      throw error.code == ENOSPC || error.code == EDQUOT ? .diskFull : .io(error.text)
    }
  }

  /// A file of one's own that others may only read is closed to them; others are refused.
  private func check(_ path: String) throws(KeeperError) {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return }
    guard facts.st_mode & S_IFMT == S_IFREG, facts.st_uid == geteuid() else {
      throw .unsafe("\(path) is not a file of your own; remove it")
    }
    guard facts.st_mode & 0o022 == 0 else {
      throw .unsafe("others may write \(path): chmod 600 \(path)")
    }
    guard facts.st_mode & 0o777 != 0o600 else { return }
    chmod(path, 0o600)
  }

  /// The number of the file itself, by which one that was removed meanwhile is told; nil when there
  /// is none.
  var identity: UInt64? {
    var facts = stat()
    return lstat(file, &facts) == 0 ? UInt64(facts.st_ino) : nil
  }

  /// Puts a damaged journal aside under a name with the date. Answers the new name.
  @discardableResult
  func setAside(at now: WallTime) throws(KeeperError) -> String {
    let moment = "\(Self.damagedPrefix)\(Self.stamp(now))"
    var target = "\(folder)/\(moment)"
    for number in 2..<1000 where access(target, F_OK) == 0 {
      target = "\(folder)/\(moment)-\(number)"
    }
    for companion in Self.companions {
      guard rename(file + companion, target + companion) == 0 || Errno.last == .notFound else {
        throw .io("\(file) cannot be put aside: \(Errno.last.text)")
      }
    }
    return target
  }

  /// Removes what was put aside.
  func removeSetAside() {
    FolderEntries.removeFiles(
      in: folder, named: Self.damagedPrefix, unmodifiedForSeconds: -1, limit: 10_000)
  }

  /// `20261121T160113`, by UTC.
  private static func stamp(_ time: WallTime) -> String {
    var seconds = time_t(time.milliseconds / 1000)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return "\(time.milliseconds)" }
    func two(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
    return "\(day)T\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))"
  }
}
