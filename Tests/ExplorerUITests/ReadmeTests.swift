import Explorer
import ExplorerUI
import SystemIO
import Testing

/// The table of keys in README.md is the keymap's.
@Suite struct ReadmeTests {
  @Test func theTableOfKeysIsTheKeymap() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let bytes = try FileBytes.read(path: "/\(root)/README.md", limit: 1 << 20)
    let readme = String(decoding: bytes, as: UTF8.self)
    for row in Action.descriptors {
      let keys = Keymap.standard.allKeys(for: row.action)
        .split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
      let line = "| \(keys) | \(row.help) |"
      #expect(readme.contains(line), "missing in README.md: \(line)")
    }
  }
}
