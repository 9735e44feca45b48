import CacheModel
import Explorer
import TestSupport
import Testing

/// A source that refuses the login.
@Suite struct LoginTests {
  private static let words = "WRONGPASS invalid username-password pair or user is disabled."

  /// The first question what the source is, answered with a refusal.
  private func refused(_ words: String = Self.words) -> Scene {
    var scene = Scene([string("a")])
    var source = SourceState()
    source.address = "redis://anna@cache:6379/0"
    source.user = "anna"
    scene.effects.removeAll()
    scene.send(.switched(source, .readWrite, SourceLook()))
    if let request = scene.opening { scene.send(.failed(request, .loginRefused(words))) }
    scene.effects.removeAll()
    return scene
  }

  @Test func aRefusedLoginIsNotTriedAgainByItself() {
    var scene = refused()
    #expect(
      scene.state.source.connection == .refused(reason: Self.words, asksForPassword: true))
    for _ in 0..<20 { scene.wait(10_000) }
    #expect(scene.opening == nil)
    scene.send(.action(.refresh))
    #expect(scene.opening != nil)
  }

  @Test func aServerThatIsFullIsTriedAgain() {
    var scene = refused("ERR max number of clients reached")
    scene.wait(10_000)
    #expect(scene.opening != nil)
  }

  @Test func enterAsksForThePasswordAndTriesWithIt() throws {
    var scene = refused()
    scene.send(.action(.open))
    let prompt = try #require(scene.state.prompt)
    #expect(prompt.texts.first == "anna" && prompt.focus == 1 && prompt.fields[1].isSecret)
    scene.send(.submit)
    #expect(scene.state.prompt?.problem != nil)
    scene.send(.edit(.insert("geheim")))
    scene.send(.submit)
    #expect(scene.effects.contains(.switchSource(.login(user: "anna", Secret("geheim")))))
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("geheim") == false)
    #expect(!"\(scene.effects)".contains("geheim"))
  }

  @Test func noPasswordIsAskedForWhereNoneHelps() {
    var scene = refused("ERR DB index is out of range")
    scene.send(.action(.open))
    #expect(scene.state.prompt == nil)
  }

  @Test func aConnectionThatIsRefusedLaterIsTriedAgainByHand() {
    var scene = Scene([string("a")])
    scene.send(.connection(.refused(reason: Self.words, asksForPassword: true)))
    scene.effects.removeAll()
    scene.wait(60_000)
    #expect(scene.effects.isEmpty)
    scene.send(.action(.refresh))
    #expect(scene.effects.contains { if case .sample = $0 { true } else { false } })
  }
}

extension Scene {
  fileprivate var opening: RequestID? {
    for case .open(let request) in effects { return request }
    return nil
  }
}
