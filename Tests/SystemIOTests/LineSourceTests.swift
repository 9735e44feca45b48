import Glibc
import SystemIO
import Testing

@Suite struct LineSourceTests {
  private func path() throws -> String {
    var name = Array("/tmp/cachescope-test-lines-XXXXXX".utf8CString)
    try #require(mkdtemp(&name) != nil)
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/file"
  }

  private func remove(_ path: String) {
    FolderEntries.removeTree(path: OwnerOnlyFolder.folder(of: path), wiping: false)
  }

  @Test func linesAreToldWholeAndTheRestAsCutOff() throws {
    let path = try path()
    defer { remove(path) }
    let long = [UInt8](repeating: 65, count: 3 << 20)
    try FileBytes.writeOwnerOnly(path: path, Array("one\n\n".utf8) + long + Array("\nrest".utf8))
    let lines = try LineSource(path: path, limit: 4 << 20)
    #expect(try lines.next() == .whole(Array("one".utf8)))
    #expect(try lines.next() == .whole([]))
    #expect(try lines.next() == .whole(long))
    let end = lines.endOfLastLine
    #expect(end == Int64(long.count + 6))
    #expect(try lines.next() == .cutOff(Array("rest".utf8)))
    #expect(try lines.next() == nil && lines.endOfLastLine == end)
  }

  @Test func aLineBeyondTheLimitIsRefused() throws {
    let path = try path()
    defer { remove(path) }
    try FileBytes.writeOwnerOnly(path: path, [UInt8](repeating: 65, count: 3 << 20))
    let lines = try LineSource(path: path, limit: 1 << 20)
    #expect(throws: Errno.tooLarge) { try lines.next() }
  }

  @Test func aFileGrowsAndIsCutWhereItWasWhole() throws {
    let path = try path()
    defer { remove(path) }
    let file = try GrowingFile(creating: path)
    try file.write(Array("one\ntw".utf8))
    try file.synchronize()
    #expect(throws: Errno.exists) { try GrowingFile(creating: path) }
    let again = try GrowingFile(reopening: path, at: 4)
    try again.write(Array("three\n".utf8))
    #expect(try FileBytes.read(path: path, limit: 100) == Array("one\nthree\n".utf8))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func blockingCallsAnswerAndFail() async throws {
    #expect(try await BlockingCall.run { () throws(Errno) in 7 } == 7)
    await #expect(throws: Errno.exists) {
      try await BlockingCall.run { () throws(Errno) -> Int in throw .exists }
    }
  }
}
