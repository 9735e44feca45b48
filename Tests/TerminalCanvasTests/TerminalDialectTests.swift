import TerminalCanvas
import Testing

@Suite struct TerminalDialectTests {
  private func dialect(_ type: String, _ variables: [String: String] = [:]) -> TerminalDialect {
    TerminalDialect(type: type, variable: { variables[$0] })
  }

  @Test func whoTakesCommands() {
    for type in ["xterm-256color", "tmux-256color", "screen", "foot", "rxvt-unicode", "alacritty"] {
      #expect(dialect(type).takesCommands, "\(type)")
    }
    for type in ["linux", "linux-16color", "vt100", "vt220", "dumb", "ansi", ""] {
      #expect(!dialect(type).takesCommands, "\(type)")
      #expect(ClipboardCommand(dialect(type)) == nil)
    }
  }

  @Test func whatStandsBetween() {
    #expect(dialect("xterm").multiplexer == nil)
    #expect(dialect("screen-256color", ["TMUX": "/tmp/t,1,0"]).multiplexer == .tmux)
    #expect(dialect("tmux-256color").multiplexer == .tmux)
    #expect(dialect("screen", ["STY": "1.a"]).multiplexer == .screen)
    #expect(dialect("screen", ["TMUX": "", "STY": ""]).multiplexer == nil)
  }

  @Test func theClipboardIsToldInOneCommand() throws {
    let direct = try #require(ClipboardCommand(dialect("xterm")))
    #expect(direct.bytes(base64: "aGk=") == Array("\u{1B}]52;c;aGk=\u{7}".utf8))
    #expect(direct.condition == nil)
  }

  /// Once for tmux itself and once to hand on, in which each ESC is doubled.
  @Test func tmuxIsTold() throws {
    let tmux = try #require(ClipboardCommand(dialect("screen", ["TMUX": "x"])))
    #expect(
      String(decoding: tmux.bytes(base64: "aGk="), as: UTF8.self)
        == "\u{1B}]52;c;aGk=\u{7}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;aGk=\u{7}\u{1B}\\")
    #expect(tmux.condition == "tmux has “set -g set-clipboard on”")
  }

  /// No piece is longer than screen's buffer, and the pieces together are the command.
  @Test func screenIsToldInPieces() throws {
    let screen = try #require(ClipboardCommand(dialect("screen", ["STY": "x"])))
    let base64 = String(repeating: "QUJD", count: 5000)
    let bytes = screen.bytes(base64: base64)
    let text = String(decoding: bytes, as: UTF8.self)
    let pieces = text.split(separator: "\u{1B}\\").map { $0.dropFirst(2) }
    #expect(pieces.allSatisfy { $0.utf8.count <= 252 })
    #expect(pieces.joined() == "\u{1B}]52;c;\(base64)\u{7}")
  }
}
