import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

/// Every screen and every overlay at every size, with ordinary and with hostile contents: boxes are
/// whole, no word is cut without a sign of it, columns do not touch, nothing lies outside.
///
/// A new screen or overlay joins by one row: the keys that lead to it.
@Suite struct LayoutTests {
  struct Place: Sendable, CustomTestStringConvertible {
    var name: String
    var keys: String
    var contents: Contents = .all

    var testDescription: String { name }
  }

  enum Contents: Sendable, CaseIterable {
    case shop, hostile, hash, empty, connecting, away, refused, readOnly, longAddress
    /// The shop's and the hostile ones.
    case all
  }

  static let places: [Place] = [
    Place(name: "keys", keys: ""),
    Place(name: "keys as a list", keys: "v"),
    Place(name: "folders", keys: "enter j enter"),
    Place(name: "a folder's plan to delete", keys: "d"),
    Place(name: "keys, turned round and marked", keys: "s S space space"),
    Place(name: "all marked", keys: "*"),
    Place(name: "value", keys: "enter"),
    Place(name: "a hash", keys: "", contents: .hash),
    Place(name: "fields", keys: "enter j j", contents: .hash),
    Place(name: "editing a field", keys: "enter j e", contents: .hash),
    Place(name: "stats", keys: "2"),
    Place(name: "help", keys: "?"),
    Place(name: "help of stats", keys: "2 ?"),
    Place(name: "help, scrolled", keys: "? pagedown"),
    Place(name: "find", keys: "/"),
    Place(name: "find something", keys: "/ a p p"),
    Place(name: "find nothing", keys: "/ z z z z enter"),
    Place(name: "ttl", keys: "t"),
    Place(name: "ttl, wrong", keys: "t x y z enter"),
    Place(name: "ttl of marks", keys: "* t"),
    Place(name: "persist", keys: "T"),
    Place(name: "edit", keys: "e", contents: .shop),
    Place(name: "expire", keys: "x"),
    Place(name: "delete", keys: "d"),
    Place(name: "delete marks", keys: "* d"),
    Place(name: "flush", keys: "F"),
    Place(name: "flush, wrong", keys: "F x enter"),
    Place(name: "palette", keys: ":"),
    Place(name: "palette, narrowed", keys: ": t t l"),
    Place(name: "palette, nothing", keys: ": z z z z"),
    Place(name: "journal, empty", keys: "J"),
    Place(name: "a new key", keys: "a"),
    Place(name: "a new key, filled", keys: "a n a m e tab tab v a l u e"),
    Place(name: "rename", keys: "R"),
    Place(name: "copy of a key", keys: "C"),
    Place(name: "a new field", keys: "enter a", contents: .hash),
    Place(name: "a field to remove", keys: "enter d", contents: .hash),
    Place(name: "copied", keys: "y"),
    Place(name: "a narrow list", keys: "< < < < < < < < < <"),
    Place(name: "a wide list", keys: "> > > > > > > > > >"),
    Place(name: "paused", keys: "p"),
    Place(name: "read-only", keys: "", contents: .readOnly),
    Place(name: "allow changes", keys: "! !"),
    Place(name: "empty", keys: "", contents: .empty),
    Place(name: "empty stats", keys: "2", contents: .empty),
    Place(name: "connecting", keys: "", contents: .connecting),
    Place(name: "away", keys: "", contents: .away),
    Place(name: "refused", keys: "", contents: .refused),
    Place(name: "a long address", keys: "", contents: .longAddress),
  ]

  static let sizes = [(60, 15), (80, 24), (120, 36), (200, 60)].map {
    ScreenSize(columns: $0, rows: $1)
  }

  @Test(arguments: places, sizes) func layout(_ place: Place, _ size: ScreenSize) throws {
    let contents: [Contents] = place.contents == .all ? [.shop, .hostile] : [place.contents]
    for content in contents {
      var scene = Scene.of(content)
      try scene.press(place.keys)
      let rendering = render(scene.state, size: size)
      let check = LayoutCheck(rendering, vocabulary: vocabulary(of: scene.state))
      for fault in check.faults + check.headerFaults {
        Issue.record("\(content), \(size): \(fault)\n\(rendering.frame.text())")
      }
    }
  }

  /// From 80 columns on nothing that help says is cut short.
  @Test(arguments: Action.allCases) func helpStandsWhole(_ action: Action) {
    #expect(DisplayWidth.of(action.descriptor.help) <= 54, "\(action)")
  }

  /// The words of the same state where there is room for all of them.
  private func vocabulary(of state: ExplorerState) -> Set<Substring> {
    let wide = render(state, size: ScreenSize(columns: 500, rows: 150)).frame.text()
    return Set(LayoutCheck.words(of: wide))
  }
}

extension Scene {
  static func of(_ contents: LayoutTests.Contents) -> Scene {
    switch contents {
    case .shop, .all: return .shop()
    case .hostile: return .hostile()
    case .hash: return .user()
    case .empty: return Scene([])
    case .readOnly: return .shop(access: .readOnlyForGood)
    case .longAddress:
      var scene = Scene.shop()
      var source = Scene.source
      source.address = "unix:///home/someone/with/a/long/name/of/a/folder/run/redis-server.sock"
      scene.send(.opened(source))
      scene.load([string("app:page:/home")])
      scene.sample(hits: 1, misses: 1, commands: 9)
      scene.send(
        .connection(.waiting(reason: "no such file", retryAt: scene.now.advanced(by: 12_000))))
      return scene
    case .connecting:
      var scene = Scene.shop()
      scene.send(.connection(.connecting))
      return scene
    case .away:
      var scene = Scene.shop()
      let reason = "connection refused by 10.20.30.40, port 6379"
      scene.send(
        .connection(.waiting(reason: reason, retryAt: scene.now.advanced(by: 12_000))))
      return scene
    case .refused:
      var scene = Scene.shop()
      scene.send(
        .connection(.refused("the server refuses this password: check REDISCLI_AUTH or --user")))
      return scene
    }
  }

  /// What strangers may have called their keys, and put into them.
  static func hostile() -> Scene {
    let names: [[UInt8]] = [
      Array("\u{1B}]0;owned\u{7}".utf8), Array("a\u{202E}b\u{200B}c".utf8),
      Array(String(repeating: "世界", count: 40).utf8), [0xFF, 0xC0, 0x9B, 0x41],
      Array("e\u{301}te\u{301}".utf8), Array("line\nbreak\r\ttab".utf8),
      Array("👨‍👩‍👧❤️ 🇫🇷 👍🏽".utf8), [], [0], Array(String(repeating: "x", count: 10_000).utf8),
      Array("┌─┐│└┘ app ─┐".utf8), Array("   ".utf8), Array("words between blanks".utf8),
    ]
    var scene = Scene(
      names.enumerated().map {
        KeySummary(
          key: CacheKey($1), kind: $0 % 2 == 0 ? .string : .sortedSet,
          lifetime: .remaining(TTL(milliseconds: 1 << ($0 * 4))),
          bytes: ByteCount(Int64(7) << ($0 * 4)))
      })
    scene.sample(hits: 1, misses: 2, commands: 3)
    scene.wait(1000)
    scene.sample(hits: 9_000_000_000_000, misses: 58, commands: 9_100_000_000_000)
    let lines = ["┌──┐", "\u{1B}[2J\u{9B}1m", String(repeating: "世", count: 300), "\ttab", "👩‍👩‍👧"]
    scene.answerPreview(.string(Array(lines.joined(separator: "\n").utf8)))
    scene.paint()
    return scene
  }

  /// A hash whose fields are long and wide.
  static func user() -> Scene {
    var scene = Scene([
      KeySummary(
        key: CacheKey("app:user:7"), kind: .hash, lifetime: .remaining(TTL(milliseconds: 45_000)),
        bytes: ByteCount(1229))
    ])
    let fields = [
      ("name", "Ada Lovelace"), ("address", "12 St James's Square, Westminster"),
      ("名前", String(repeating: "エイダ", count: 60)), ("", ""),
      (String(repeating: "f", count: 300), String(repeating: "v", count: 3000)),
    ]
    scene.sample(hits: 10_000, misses: 500, commands: 20_000)
    scene.answerPreview(
      .hash(fields.map { HashField(field: Array($0.utf8), value: Array($1.utf8)) }), kind: .hash)
    scene.paint()
    return scene
  }

  /// Presses keys as they are spelled, each after the frame before it was painted and read.
  mutating func press(_ keys: String) throws {
    for key in try Key.sequence(keys) {
      if let event = Keymap.standard.event(for: key, in: state, over: []) { send(event) }
      paint()
      wait(300)
    }
  }
}

/// The check itself sees what it is there for.
@Suite struct LayoutCheckTests {
  private func faults(_ change: (inout Rendering) -> Void) -> [String] {
    var rendering = Scene.shop().rendering(columns: 120, rows: 30)
    let words = Set(LayoutCheck.words(of: rendering.frame.text()))
    change(&rendering)
    return LayoutCheck(rendering, vocabulary: words).faults
  }

  @Test func aWholePictureHasNoFault() {
    #expect(faults { _ in } == [])
  }

  @Test func faultsAreSeen() {
    #expect(!faults { $0.frame.put("x", row: 10, column: 0) }.isEmpty)
    #expect(!faults { $0.frame.put("x", row: 27, column: 20) }.isEmpty)
    #expect(!faults { $0.frame.put(" ", row: 27, column: 0) }.isEmpty)
    #expect(!faults { $0.frame.put("│", row: 20, column: 20, style: Style(.border)) }.isEmpty)
    #expect(!faults { $0.frame.put("app:rat", row: 6, column: 3, limit: 5) }.isEmpty)
    #expect(!faults { $0.frame.put(" ", row: 28, column: 3) }.isEmpty)
    #expect(!faults { $0.frame.put("xxxxxxxxxxx", row: 6, column: 33) }.isEmpty)
    #expect(!faults { $0.regions[0].area.column = 119 }.isEmpty)
    #expect(!faults { $0.frame.cursor = Position(row: 30, column: 0) }.isEmpty)
    #expect(!faults { $0.frame.put("o", row: 0, column: 46) }.isEmpty)
  }

  @Test func aDialogMayLieOverBoxes() {
    var scene = Scene.shop()
    scene.send(.action(.delete))
    let rendering = scene.rendering(columns: 80, rows: 24)
    let words = Set(LayoutCheck.words(of: scene.picture(columns: 400, rows: 100)))
    #expect(LayoutCheck(rendering, vocabulary: words).faults == [])
  }
}
