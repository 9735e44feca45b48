import Glibc

/// The lines of a file or of standard input, one after the other, however large the whole is.
///
/// One line is held at a time, and at most `limit` bytes of it.
package final class LineSource: @unchecked Sendable {
  // Unchecked: a source has one reader at a time, which awaits each call before the next.

  package enum Line: Sendable, Equatable {
    /// Without its end.
    case whole([UInt8])
    /// The input ended within it.
    case cutOff([UInt8])
  }

  private let owner: OwnedDescriptor?
  private let number: CInt
  private let limit: Int
  private var buffer: [UInt8] = []
  private var place = 0
  private var hasEnded = false
  /// Where the last whole line ended, in bytes from the start.
  package private(set) var endOfLastLine: Int64 = 0
  private var consumed: Int64 = 0

  private static let chunk = 1 << 20

  /// `path` nil is standard input.
  package init(path: String?, limit: Int) throws(Errno) {
    self.limit = limit
    guard let path else {
      number = StandardStream.input.rawValue
      owner = nil
      return
    }
    number = try systemCall { open(path, O_RDONLY | O_CLOEXEC) }
    owner = OwnedDescriptor(owning: number)
  }

  /// The next line; nil at the end. A line beyond the limit is `.tooLarge`. Waits on the calling
  /// thread.
  package func next() throws(Errno) -> Line? {
    var searched = place
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let line = Array(buffer[place..<end])
        place = end + 1
        endOfLastLine = consumed + Int64(place)
        return .whole(line)
      }
      guard buffer.count - place <= limit else { throw .tooLarge }
      guard !hasEnded else {
        guard place < buffer.count else { return nil }
        defer { place = buffer.count }
        return .cutOff(Array(buffer[place...]))
      }
      consumed += Int64(place)
      buffer.removeFirst(place)
      place = 0
      searched = buffer.count
      try fill()
    }
  }

  private func fill() throws(Errno) {
    let number = number
    var room = [UInt8](repeating: 0, count: Self.chunk)
    let count =
      number == StandardStream.input.rawValue
      ? try StandardStream.input.readSome(&room)
      : try systemCall {
        room.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
      }
    hasEnded = count == 0
    buffer += room[..<count]
  }
}
