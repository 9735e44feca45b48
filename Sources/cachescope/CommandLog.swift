import CacheBackends
import CacheModel
import Synchronization
import SystemIO

/// `commands.log`: every write that was sent to one source, by verb, key and size; and the last of
/// them in memory, for the screen.
///
/// A line is `2026-11-21T10:00:00.123Z redis://host:6379/0 UNLINK "app:user:7" +2 keys 0 B`: the
/// first key quoted as redis-cli quotes it, then how many more there are, then the bytes of
/// everything else. What was held back because the server was away has a line of its own. Of a source
/// of which nothing is to be left on the disk no key is noted: `UNLINK 3 keys 0 B`. Without a folder
/// for it the log is in memory alone.
final class CommandLog: CommandSink {
  private let address: String
  private let writesFile: Bool
  private let namesKeys: Bool
  private let recent = Mutex<[SentCommand]>([])

  static let fileName = "commands.log"
  /// Commands that are kept in memory: this many, at most twice for a while.
  private static let recentCount = 1000
  /// Bytes of a key that a line shows.
  private static let keyLimit = 512

  /// Without `writesFile` it is in memory alone.
  init(address: String, writesFile: Bool = true, namesKeys: Bool = true) {
    self.address = address
    self.writesFile = writesFile
    self.namesKeys = namesKeys
  }

  var now: WallTime { WallTime(milliseconds: SystemClock.wallMilliseconds) }

  /// The last writes, oldest first.
  var latest: [SentCommand] { recent.withLock { Array($0.suffix(Self.recentCount)) } }

  func sending(_ commands: [SentCommand]) {
    note(commands)
  }

  func heldBack(_ commands: [SentCommand]) {
    note(
      commands.map { command in
        var command = command
        command.wasHeldBack = true
        return command
      })
  }

  private func note(_ sent: [SentCommand]) {
    let commands = namesKeys ? sent : sent.map { $0.withoutKey }
    recent.withLock { recent in
      recent += commands.suffix(Self.recentCount)
      if recent.count > 2 * Self.recentCount { recent.removeFirst(recent.count - Self.recentCount) }
    }
    guard writesFile, let file = Self.openedFile() else { return }
    var lines: [UInt8] = []
    var (time, head) = (WallTime?.none, "")
    for command in commands {
      if command.at != time {
        (time, head) = (command.at, "\(UTCTime(command.at).text) \(address) ")
      }
      Self.write(command, after: head, to: &lines)
    }
    file.append(lines)
  }

  private static func write(_ command: SentCommand, after head: String, to text: inout [UInt8]) {
    text += head.utf8
    text += command.verb.utf8
    if let key = command.key {
      text.append(0x20)
      quote(key, to: &text)
      if command.keyCount > 1 { text += " +\(command.keyCount - 1) keys".utf8 }
    } else if command.keyCount > 0 {
      text += " \(command.keyCount.counted("key"))".utf8
    }
    text.append(0x20)
    text += String(command.size).utf8
    text += (command.wasHeldBack ? " B not sent\n" : " B\n").utf8
  }

  private static func quote(_ key: [UInt8], to text: inout [UInt8]) {
    text.append(0x22)
    for byte in key.prefix(keyLimit) {
      switch byte {
      case 0x22, 0x5C: text += [0x5C, byte]
      case 0x20...0x7E: text.append(byte)
      default: text += [0x5C, 0x78, hexDigit(byte >> 4), hexDigit(byte & 15)]
      }
    }
    if key.count > keyLimit { text += "…".utf8 }
    text.append(0x22)
  }

  private static func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? 0x30 + nibble : 0x57 + nibble
  }
}

// MARK: The file

extension CommandLog {
  /// One for the process, opened with the first write; nil where it cannot be used.
  private enum File {
    case unopened, unusable
    case open(RotatingFile)
  }

  private static let file = Mutex(File.unopened)

  private static func openedFile() -> RotatingFile? {
    file.withLock { file in
      if case .unopened = file {
        let folder = try? StateFolder.open()
        let opened = folder.flatMap { try? RotatingFile(path: "\($0.path)/\(fileName)") }
        file = opened.map { .open($0) } ?? .unusable
      }
      return if case .open(let opened) = file { opened } else { nil }
    }
  }

  /// Waits until what was noted is on its way to the disk. Called once, at the end of the program.
  static func end() {
    guard case .open(let opened) = file.withLock({ $0 }) else { return }
    opened.close()
  }
}
