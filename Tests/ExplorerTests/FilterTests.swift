import CacheModel
import Explorer
import KeyQuery
import TestSupport
import Testing

/// The prompt of the filter, and finding out what a filter has to know.
@Suite struct FilterTests {
  private func type(_ text: String, _ scene: inout Scene) {
    scene.send(.action(.find))
    scene.send(.edit(.deleteToStart))
    for character in text { scene.send(.edit(.insert(String(character)))) }
    scene.send(.tick)
  }

  private var sized: [KeySummary] {
    [string("a", bytes: 10), string("b", bytes: 2000), string("c", ttl: 90_000, bytes: 3000)]
  }

  @Test func filtersAsItIsTyped() {
    var scene = Scene(sized)
    type("size>1kb", &scene)
    #expect(scene.listed == ["b", "c"])
    type("size>1kb ttl:none", &scene)
    #expect(scene.listed == ["b"])
    scene.send(.submit)
    #expect(scene.state.prompt == nil)
    scene.send(.action(.find))
    #expect(scene.state.prompt?.field?.text == "size>1kb ttl:none")
    scene.send(.edit(.moveToEnd))
    scene.send(.edit(.insert(" x")))
    #expect(scene.listed.isEmpty)
    scene.send(.action(.back))
    scene.send(.tick)
    #expect(scene.listed == ["b"])
    scene.send(.action(.back))
    scene.send(.tick)
    #expect(scene.listed == ["a", "b", "c"])
  }

  @Test func saysInPlaceWhatIsMissingAndWhatIsWrong() {
    var scene = Scene(sized)
    type("b type:", &scene)
    #expect(scene.state.prompt?.problem == nil)
    #expect(scene.state.prompt?.notes.first?.contains("type:hash") == true)
    #expect(scene.listed == ["b"])
    type("b type:sting", &scene)
    #expect(scene.state.prompt?.problem?.contains("at character 8 string, hash") == true)
    scene.send(.submit)
    #expect(scene.state.prompt != nil)
    type("ttl<5 ttl>9", &scene)
    #expect(scene.state.prompt?.problem?.contains("they exclude each other") == true)
    type("fw:rails", &scene)
    #expect(scene.state.prompt?.problem?.contains("frameworks that are recognised") == true)
    type("\"open", &scene)
    #expect(scene.state.prompt?.problem == nil)
    scene.send(.submit)
    #expect(scene.state.prompt?.problem?.contains("closing quote") == true)
  }

  @Test func tabCompletesAndGoesThroughTheChoices() {
    var scene = Scene([string("app:user:1"), string("app:page:1")], asTree: true)
    func complete(_ text: String, tabs: Int = 1) -> String {
      type(text, &scene)
      for _ in 0..<tabs { scene.send(.action(.focusNext)) }
      return scene.state.prompt?.field?.text ?? ""
    }
    #expect(complete("!ty") == "!type:")
    #expect(complete("type:h") == "type:hash ")
    #expect(complete("type:s") == "type:string")
    #expect(complete("type:s", tabs: 2) == "type:set")
    #expect(complete("prefix:a") == "prefix:app:")
    #expect(complete("prefix:app:u") == "prefix:app:user:")
    #expect(complete("nothing") == "nothing")
    #expect(complete("type:st", tabs: 1).hasPrefix("type:str"))
    #expect(scene.state.prompt?.notes.first?.contains("type:stream") == true)
  }

  @Test func asksForWhatTheFilterNeedsOfKeysThatTheNameLetsPass() throws {
    var scene = Scene()
    scene.send(.tick)
    let walk = try #require(scene.lastWalk)
    let names = ["a:1", "a:2", "b:1"].map { CacheKey($0) }
    // The walk goes on: figures of keys that are not in view are not asked for without reason.
    let page = ScanPage(keys: names, next: ScanCursor(position: 1))
    scene.send(.scanned(walk, page))
    scene.effects.removeAll()
    type("a: idle>1m", &scene)
    #expect(scene.state.keys.undecidedCount == 2)
    let asked = scene.effects.compactMap { effect -> ([CacheKey], SummaryDetail)? in
      if case .describe(_, let keys, let detail) = effect { (keys, detail) } else { nil }
    }
    #expect(asked.first?.0 == [CacheKey("a:1"), CacheKey("a:2")])
    #expect(asked.first?.1.contains(.idle) == true)
    var old = string("a:1")
    old.idleSeconds = 90
    var fresh = string("a:2")
    fresh.idleSeconds = 5
    scene.answerDescriptions([old, fresh, string("b:1")])
    scene.send(.tick)
    #expect(scene.state.keys.undecidedCount == 0)
    #expect(scene.listed == ["a:1"])
    // Idle times grow by themselves.
    for _ in 0..<60 { scene.wait(1000) }
    #expect(scene.listed == ["a:1", "a:2"])
  }

  @Test func whatASourceNeverTellsIsAskedOnceAndStaysUndecided() {
    var scene = Scene([string("a"), string("b")])
    type("idle>1m", &scene)
    scene.answerDescriptions([string("a"), string("b")])
    #expect(scene.state.keys.undecidedCount == 2)
    #expect(scene.listed.isEmpty)
    type("!idle>1m", &scene)
    #expect(scene.listed.isEmpty)
    scene.answerDescriptions([string("a"), string("b")])
    scene.effects.removeAll()
    scene.wait(100)
    #expect(!scene.effects.contains { if case .describe = $0 { true } else { false } })
  }

  @Test func aTTLThatRunsDownComesIntoView() {
    var scene = Scene([string("a", ttl: 62_000), string("b", ttl: 600_000)])
    type("ttl<1m", &scene)
    #expect(scene.listed.isEmpty)
    for _ in 0..<4 { scene.wait(1000) }
    #expect(scene.listed == ["a"])
  }

  @Test func valuesAreReadWhenEnterSaysSo() throws {
    var scene = Scene([string("a:1"), string("a:2"), string("b")])
    type("a: value:x", &scene)
    #expect(scene.state.keys.valuesToRead == 2)
    func judging(_ scene: Scene) -> (RequestID, [CacheKey], Query)? {
      for case .judge(let request, let keys, let query, _) in scene.effects {
        return (request, keys, query)
      }
      return nil
    }
    scene.wait(100)
    #expect(judging(scene) == nil)
    scene.send(.submit)
    let (request, keys, query) = try #require(judging(scene))
    #expect(keys == [CacheKey("a:1"), CacheKey("a:2")])
    #expect(query == (try Query("value:x")))
    scene.send(.judged(request, keys, [.matches, .fails]))
    scene.send(.tick)
    #expect(scene.listed == ["a:1"])
    #expect(scene.state.keys.undecidedCount == 0)
  }

  @Test func aFailedReadingIsTriedAgainAfterAMoment() throws {
    var scene = Scene([string("a"), string("b")])
    type("value:x", &scene)
    scene.send(.submit)
    func requests(_ scene: Scene) -> [RequestID] {
      scene.effects.compactMap { effect in
        if case .judge(let request, _, _, _) = effect { request } else { nil }
      }
    }
    let first = try #require(requests(scene).last)
    scene.send(.failed(first, .timedOut(afterMilliseconds: 5, outcomeUnknown: false)))
    scene.wait(100)
    #expect(requests(scene).count == 1)
    scene.wait(1000)
    let second = try #require(requests(scene).last)
    #expect(second != first)
    scene.send(.judged(second, [CacheKey("a"), CacheKey("b")], [nil, .matches]))
    scene.send(.tick)
    #expect(scene.listed == ["b"])
  }
}
