import Glibc
import SystemIO
import Testing

@Suite struct FolderEntriesTests {
  private func folder() throws -> String {
    var template = Array("/tmp/cachescope-entries-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Sets the time of modification so many seconds back.
  private func age(_ path: String, by seconds: Int) {
    var times = [timespec(), timespec()]
    clock_gettime(CLOCK_REALTIME, &times[0])
    times[0].tv_sec -= seconds
    times[1] = times[0]
    utimensat(AT_FDCWD, path, &times, 0)
  }

  @Test func removesOldFilesOfOneKind() throws {
    let folder = try folder()
    defer { FolderEntries.removeTree(path: folder) }
    for (name, seconds) in [("a-1", 100), ("a-2", 10), ("b-1", 100)] {
      try FileBytes.writeOwnerOnly(path: "\(folder)/\(name)", [])
      age("\(folder)/\(name)", by: seconds)
    }
    try OwnerOnlyFolder.make(path: "\(folder)/a-folder")
    age("\(folder)/a-folder", by: 100)
    #expect(
      FolderEntries.removeFiles(in: folder, named: "a-", unmodifiedForSeconds: 50, limit: 0) == 0)
    #expect(
      FolderEntries.removeFiles(in: folder, named: "a-", unmodifiedForSeconds: 50, limit: 99) == 1)
    #expect(Set(FolderEntries.names(in: folder, limit: 99)) == ["a-2", "b-1", "a-folder"])
    #expect(FolderEntries.names(in: folder, limit: 2).count == 2)
    #expect(FolderEntries.names(in: folder + "/none", limit: 2).isEmpty)
  }

  @Test func openingCountersMakesThemYoung() throws {
    let folder = try folder()
    defer { FolderEntries.removeTree(path: folder) }
    let path = "\(folder)/counters"
    try SharedCounters(path: path, count: 2).add(3, to: 1)
    age(path, by: 1000)
    #expect(try SharedCounters(path: path, count: 2)[1] == 3)
    #expect(
      FolderEntries.removeFiles(in: folder, named: "c", unmodifiedForSeconds: 500, limit: 9) == 0)
  }

  @Test func aTreeGoesButNotWhatLinksLeadTo() throws {
    let outside = try folder()
    let inside = try folder()
    defer { FolderEntries.removeTree(path: outside) }
    try FileBytes.writeOwnerOnly(path: "\(outside)/kept", [])
    try OwnerOnlyFolder.make(path: "\(inside)/deep")
    try FileBytes.writeOwnerOnly(path: "\(inside)/deep/file", [])
    symlink(outside, "\(inside)/link")
    FolderEntries.removeTree(path: inside)
    #expect(access(inside, F_OK) != 0)
    #expect(access("\(outside)/kept", F_OK) == 0)
  }

  @Test func processes() {
    #expect(ProcessIdentity.exists(ProcessIdentity.current))
    #expect(ProcessIdentity.exists(1))
    #expect(!ProcessIdentity.exists(99_999_999) && !ProcessIdentity.exists(0))
  }
}
