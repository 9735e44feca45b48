import CacheModel
import Explorer
import TestSupport
import Testing
import ValueDecoding

/// Secrets are masked until the person wants to see them: in the pane, in watches, on the clipboard.
@Suite struct MaskingTests {
  private let secret = "correct horse battery"
  private var json: [UInt8] { bytes(#"{"name": "ann", "password": "\#(secret)"}"#) }

  private func shown(_ scene: Scene) -> String {
    scene.state.preview.layout?.lines.map(\.text).joined(separator: "\n") ?? ""
  }

  private func copied(_ scene: Scene) -> String? {
    for case .copy(let bytes) in scene.effects.reversed() {
      return String(decoding: bytes, as: UTF8.self)
    }
    return nil
  }

  /// The value is read anew to be copied.
  private func copy(_ bytes: [UInt8], in scene: inout Scene) {
    scene.send(.action(.copyValue))
    guard let read = scene.lastRead else { return }
    scene.answer(read.request, .string(bytes), .string, total: Int64(bytes.count))
  }

  /// Every way to see the value leaves the secret out, and `m` shows it in each.
  @Test func everyWayIsMasked() {
    var scene = Scene.inside(.string(json), .string)
    for way in 0..<4 {
      #expect(!shown(scene).contains(secret) && !shown(scene).isEmpty, "\(way)")
      #expect(!shown(scene).contains("68 6f 72 73 65"), "\(way)")
      #expect(scene.state.preview.secrets == [.password])
      scene.send(.action(.decodeAs))
    }
    scene.send(.action(.back))
    scene.send(.action(.unmask))
    #expect(shown(scene).contains(secret) && scene.state.preview.secrets == [.password])
    scene.send(.action(.unmask))
    #expect(!shown(scene).contains(secret))
  }

  @Test func whatIsInsideOfLayersIsMasked() {
    let pickle: [UInt8] =
      [0x80, 0x04, 0x7D, 0x8C, 8] + bytes("password") + [0x8C, UInt8(secret.utf8.count)]
      + bytes(secret) + [0x73, 0x2E]
    var scene = Scene.inside(.string(pickle), .string)
    #expect(shown(scene) == "{\n  \"password\": \"co••••••ry\"\n}")
    scene.send(.action(.decodeAs))
    scene.send(.action(.decodeAs))
    scene.send(.action(.decodeAs))
    #expect(scene.state.preview.way == .form(.binary))
    #expect(scene.state.preview.reading?.codecs == ["pickle:4"])
  }

  /// A page of a large value that begins or ends within a secret.
  @Test func pagesAreMasked() {
    let text = bytes(String(repeating: "x y ", count: 50) + "password=hunter2hunter2 ")
    let scene = Scene.inside(.string(text), .string, total: 100_000)
    #expect(
      !shown(scene).contains("hunter2hunter2") && shown(scene).contains("password=hu••••••r2"))
  }

  @Test func theClipboardIsMaskedUntilItIsNot() {
    var scene = Scene.inside(.string(json), .string)
    copy(json, in: &scene)
    #expect(copied(scene) == #"{"name": "ann", "password": "co••••••ry"}"#)
    scene.send(.copied(.sent))
    #expect(scene.state.message?.text.contains("its secrets masked") == true)
    scene.send(.action(.unmask))
    copy(json, in: &scene)
    #expect(copied(scene) == String(decoding: json, as: UTF8.self))
  }

  /// Bytes in which a secret lies are not copied as digits either.
  @Test func bytesWithSecretsAreNotCopied() {
    let value = [0x80, 0x04, 0x8C, 16] + bytes("password=hunter2") + [0x2E]
    var scene = Scene.inside(.string(value), .string)
    copy(value, in: &scene)
    #expect(copied(scene) == nil)
    #expect(scene.state.message?.text.contains("m shows them") == true)
    scene.send(.action(.unmask))
    copy(value, in: &scene)
    #expect(copied(scene)?.hasPrefix("80048c10") == true)
  }

  @Test func fieldsAreMaskedByTheirNames() {
    var scene = Scene.inside(
      .hash([HashField(field: bytes("password"), value: bytes("hunter2"))]), .hash)
    #expect(scene.state.preview.secrets == [.password])
    #expect(scene.state.shownRow(bytes("hunter2"), under: bytes("password")) == bytes("••••••"))
    scene.send(.action(.copyValue))
    #expect(copied(scene) == "••••••")
    scene.send(.action(.open))
    #expect(shown(scene) == "••••••")
    scene.send(.action(.unmask))
    #expect(shown(scene) == "hunter2")
  }

  @Test func namesOfKeysAreMasked() {
    let name = "session:3k9f0a7c2b8d4e6f1a5c9b7d3e2f8a60"
    var scene = Scene([string(name)])
    #expect(scene.state.shownName(of: bytes(name), limit: 80) == "session:3k••••••60")
    #expect(Array(scene.state.shownBytes(of: bytes(name)[...], from: 8)) == bytes("3k••••••60"))
    scene.send(.action(.copyName))
    #expect(copied(scene) == "session:3k••••••60")
    scene.send(.copied(.sent))
    #expect(scene.state.message?.text.contains(name) == false)
    scene.send(.action(.unmask))
    scene.send(.action(.copyName))
    #expect(copied(scene) == name)
  }

  /// An editor would show it.
  @Test func editingAsksToShowFirst() {
    var scene = Scene.inside(
      .hash([HashField(field: bytes("pwd"), value: bytes("hunter2"))]), .hash)
    scene.send(.action(.edit))
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("press m first") == true)
    scene.send(.action(.unmask))
    scene.send(.action(.edit))
    #expect(scene.state.prompt != nil)
  }

  @Test func whatAWatchTellsIsMasked() {
    var scene = Scene([string("k")])
    scene.send(.action(.watchKey))
    scene.wait(500)
    func see(_ text: String) {
      for case .read(let request, CacheKey("k"), let bound) in scene.effects
      where bound != scene.state.valueBound {
        let page = ValuePage(
          key: CacheKey("k"), kind: .string, lifetime: .unlimited, content: .string(bytes(text)),
          totalLength: Int64(text.utf8.count))
        scene.send(.read(request, page))
      }
      scene.effects.removeAll()
      scene.wait(500)
    }
    func told() -> String {
      guard let overlay = scene.state.overlay else { return "" }
      return scene.state.rows(of: overlay).map { $0.title + " " + $0.detail }.joined(
        separator: "\n")
    }
    see(#"{"password": "correct horse battery", "n": 1}"#)
    see(#"{"password": "wrong pony generator", "n": 2}"#)
    #expect(told().contains("n: 1 → 2") && told().contains("password: \"co••••••ry\""))
    #expect(!told().contains("horse") && !told().contains("pony"))
    scene.send(.action(.open))
    #expect(!told().contains("horse") && told().contains("wr••••••or"))
    scene.send(.action(.back))
    scene.send(.action(.unmask))
    #expect(told().contains("wrong pony generator"))
  }
}
