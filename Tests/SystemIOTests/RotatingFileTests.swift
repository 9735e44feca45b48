import Glibc
import SystemIO
import Testing

@Suite struct RotatingFileTests {
  private func folder() -> String {
    var name = Array("/tmp/cachescope-test-log-XXXXXX".utf8CString)
    return mkdtemp(&name).map { String(cString: $0) } ?? "/tmp"
  }

  private func text(_ path: String) -> String? {
    (try? FileBytes.read(path: path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func keepsLinesInOrderForItsOwnerAlone() throws {
    let folder = folder()
    defer { FolderEntries.removeTree(path: folder, wiping: false) }
    let file = try RotatingFile(path: "\(folder)/log")
    for number in 0..<1000 { file.append(Array("line \(number)\n".utf8)) }
    file.close()
    let lines = try #require(text("\(folder)/log")).split(separator: "\n")
    #expect(lines.map(String.init) == (0..<1000).map { "line \($0)" })
    var status = stat()
    #expect(stat("\(folder)/log", &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func putsAFullFileAsideAndKeepsFour() throws {
    let folder = folder()
    defer { FolderEntries.removeTree(path: folder, wiping: false) }
    for number in 0..<7 {
      let file = try RotatingFile(path: "\(folder)/log", bound: 8)
      file.append(Array("number \(number)\n".utf8))
      file.close()
    }
    #expect(text("\(folder)/log") == nil)
    #expect((1...4).map { text("\(folder)/log.\($0)") } == [6, 5, 4, 3].map { "number \($0)\n" })
    #expect(text("\(folder)/log.5") == nil)
  }

  @Test func writesThroughNoLink() throws {
    let folder = folder()
    defer { FolderEntries.removeTree(path: folder, wiping: false) }
    try FileBytes.writeOwnerOnly(path: "\(folder)/other", Array("mine\n".utf8))
    #expect(symlink("\(folder)/other", "\(folder)/log") == 0)
    let file = try RotatingFile(path: "\(folder)/log")
    file.append(Array("line\n".utf8))
    file.close()
    #expect(text("\(folder)/other") == "mine\n")
  }
}

@Suite struct StateFolderTests {
  private func root() -> String {
    var name = Array("/tmp/cachescope-test-state-XXXXXX".utf8CString)
    return mkdtemp(&name).map { String(cString: $0) } ?? "/tmp"
  }

  @Test func isMadeWithTheFoldersAboveIt() throws {
    let root = root()
    defer { FolderEntries.removeTree(path: root, wiping: false) }
    let path = try StateFolder.open("\(root)/a/b/cachescope").path
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
    #expect(try StateFolder.open(path).path == path)
  }

  @Test func isRefusedWhenOthersMayEnter() throws {
    let root = root()
    defer { FolderEntries.removeTree(path: root, wiping: false) }
    let path = try StateFolder.open("\(root)/cachescope").path
    chmod(path, 0o750)
    #expect(throws: StateFolderError.openToOthers(path: path, mode: 0o750)) {
      try StateFolder.open(path)
    }
  }

  @Test func isRefusedWhenItIsALink() throws {
    let root = root()
    defer { FolderEntries.removeTree(path: root, wiping: false) }
    mkdir("\(root)/elsewhere", 0o700)
    symlink("\(root)/elsewhere", "\(root)/cachescope")
    #expect(throws: StateFolderError.notOwn(path: "\(root)/cachescope")) {
      try StateFolder.open("\(root)/cachescope")
    }
  }
}
