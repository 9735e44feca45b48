import RESP
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// One story told twice, through the screen and through scripts: find the keys of one version of a
/// Django application, look at two of them, plan, run, watch one come back, undo. What was written
/// since stays, everything else is back to the bit, and both ways end the same.
@Suite(.timeLimit(.minutes(5))) struct DjangoStoryTests {
  @Test func theStaleVersionThroughTheScreenAndThroughScripts() async throws {
    let start = SystemClock.wallMilliseconds
    let (first, second) = (try await DjangoShop(start: start), try await DjangoShop(start: start))
    let before = try await first.picture()
    #expect(before.count == DjangoShop.count)
    #expect(try await second.picture() == before)

    try await tellOnTheScreen(first)
    let end = try await first.picture()
    try await tellByScripts(second)
    #expect(try await second.picture() == end)

    let changed = Set(before.keys).union(end.keys).filter { before[$0] != end[$0] }
    #expect(changed == [DjangoShop.basket], "what was written since stays, all else is back")
    #expect(end[DjangoShop.basket] != nil)
    for shop in [first, second] { await shop.close() }
  }

  // MARK: The screen

  private func tellOnTheScreen(_ shop: DjangoShop) async throws {
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", shop.source.socketPath],
      environment: shop.source.program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
    try findOnTheScreen(terminal)
    try lookOnTheScreen(terminal)
    try runOnTheScreen(terminal)
    #expect(try await shop.picture().count == DjangoShop.count - DjangoShop.staleNames.count)
    try watchOnTheScreen(terminal)
    try await shop.writeBasketAgain()
    try terminal.wait("the basket, and when it came") { screen in
      screen.lines.contains { line in
        line.contains("\(DjangoShop.basket)  came: ") && line.contains("TTL 23:5")
          && line.contains(/\d\d:\d\d:\d\d  shop/)
      }
    }
    try undoOnTheScreen(terminal)
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty && terminal.emulator.failures.isEmpty)
  }

  /// The versions are in the list of tags, and one of them becomes the query.
  private func findOnTheScreen(_ terminal: PseudoTerminal) throws {
    try terminal.wait(for: "12 keys")
    try terminal.press("#", until: "django:shop:12")
    terminal.send("shop:1")
    try terminal.wait(untilGone: "django:shop:2")
    try terminal.press("enter")
    try terminal.wait(for: "tag:django:shop:1")
    try terminal.wait(for: "6 of 12")
  }

  /// A whole number, and a page.
  private func lookOnTheScreen(_ terminal: PseudoTerminal) throws {
    try terminal.press("G", until: "┌ \(DjangoShop.visits) ")
    try terminal.wait(for: "string · int · 2 B · ttl ∞")
    try terminal.press("k", until: "string · django page · pickle:5 · 437 B")
    try terminal.wait(for: "HTTP response")
    try terminal.wait(for: "Content-Type: text/html")
    try terminal.wait(for: "<h1>Green tea</h1>")
  }

  private func runOnTheScreen(_ terminal: PseudoTerminal) throws {
    try terminal.press("*", until: "6 marked")
    try terminal.press("d", until: "Delete 6 keys that match tag:django:shop:1?")
    try terminal.wait("the figures of the plan") { screen in
      ["u takes it back", "string", "shop:1:basket:*", "23h 5", "KB"].allSatisfy {
        screen.text.contains($0)
      }
    }
    terminal.waitUntilRead()
    try terminal.press("y", until: "6  deleted")
    try terminal.press("\u{1B}")
    try terminal.wait(for: "no key holds “tag:django:shop:1”")
  }

  /// What is left of the shop in all its versions.
  private func watchOnTheScreen(_ terminal: PseudoTerminal) throws {
    try terminal.press("/")
    try terminal.press("ctrl-u")
    terminal.send("shop")
    try terminal.wait(for: "4 of 6")
    try terminal.press("enter")
    try terminal.press("g", until: "folder · 4 keys")
    try terminal.press("w", until: "watched: 4 keys")
  }

  private func undoOnTheScreen(_ terminal: PseudoTerminal) throws {
    try terminal.press("\u{1B}", until: "enter go in")
    try terminal.press("u")
    try terminal.wait(for: "\(DjangoShop.basket) was written since. Put the older value back?")
    try terminal.wait(
      for: "5 of 6 taken back: delete 6 keys that match tag:django:shop:1 · 1 written since")
    terminal.waitUntilRead()
    try terminal.press("\u{1B}")
    try terminal.wait(untilGone: "Put the older value back?")
    try terminal.wait(for: "10 of 12")
  }

  // MARK: Scripts

  private func tellByScripts(_ shop: DjangoShop) async throws {
    let source = shop.source
    let query = ["keys", "--where", "tag:django:shop:1", "--sort", "key"]
    #expect(try source.program.run(query + ["--names"]).lines == DjangoShop.staleNames)
    for name in [DjangoShop.visits, DjangoShop.page] {
      #expect(try source.run("get", name, "--raw").output == (try DjangoShop.stored(name)))
    }

    let before = try await shop.picture()
    let told = try source.run("invalidate", "--tag", "django:shop:1", "--dry-run")
    #expect(told.status == 0, "\(told.errors)")
    #expect(told.lines.first == "this deletes 6 of 12 keys of db0, those of django:shop:1")
    #expect(try await shop.picture() == before)
    let done = try source.run("invalidate", "--tag", "django:shop:1", "--yes")
    #expect(done.status == 0 && done.text.contains("deleted 6 keys in"), "\(done.errors)")
    #expect(try source.program.run(query).lines.isEmpty)

    try await shop.writeBasketAgain()
    let back = try source.program.run(query + ["--json"]).objects()
    #expect(back.map { $0["key"] } == [.text(DjangoShop.basket)])
    #expect(try source.run("get", DjangoShop.basket, "--raw").output.count == 67)

    let title = "invalidate django:shop:1: delete 6 keys"
    #expect(try source.run("undo", "--dry-run").text.contains(title))
    let undone = try source.run("undo")
    #expect(undone.status == 1 && undone.text == "took back \(title): 5 of 6 keys\n")
    #expect(
      undone.errors.contains("1 key written since, left as found: \(DjangoShop.basket)"),
      "\(undone.errors)")
  }
}
