import CacheModel
import Explorer
import KeyQuery
import TestSupport
import Testing

/// What is said while something has not been looked at, or cannot be.
@Suite struct LookingTests {
  private func type(_ text: String, _ scene: inout Scene) {
    scene.send(.action(.find))
    scene.send(.edit(.insert(text)))
    scene.send(.tick)
    scene.advanceFully()
    scene.paint()
  }

  @Test func nothingIsSaidOfValuesThatHaveNotBeenRead() {
    var scene = Scene.shop()
    type("value:Prod", &scene)
    let picture = scene.picture(columns: 120)
    #expect(!picture.contains("no key holds"))
    #expect(picture.contains("no value has been read yet"))
    #expect(picture.contains("enter reads up to 1 MB of each of 4 values"))
  }

  @Test func aMistypedTermIsSaidWhenNothingMatches() {
    var scene = Scene.shop()
    type("tpye:hash", &scene)
    #expect(scene.picture(columns: 120).contains("no term tpye:; type: is meant?"))
    scene.send(.action(.back))
    scene = Scene([string("tpye:hash")])
    type("tpye:hash", &scene)
    #expect(!scene.picture(columns: 120).contains("is meant?"))
  }

  @Test func aTextThatIsNotInTheValueIsSaid() {
    var scene = Scene([string("a")])
    scene.answerPreview(.string(Array("one two".utf8)))
    scene.paint()
    scene.send(.action(.open))
    scene.send(.action(.find))
    scene.send(.edit(.insert("zzqq")))
    scene.paint()
    #expect(scene.picture(columns: 120).contains("no match · enter keeps"))
    scene.send(.submit)
    #expect(scene.state.message?.text == "“zzqq” is not in the value")
  }

  /// While the source is away no value stands beside the name of another key.
  @Test func awayTheValueOfAnotherKeyIsNotShown() {
    var scene = Scene([string("a"), string("b")])
    scene.answerPreview(.string(Array("the value of a".utf8)))
    scene.paint()
    scene.send(
      .connection(.waiting(reason: "it was shut down", retryAt: scene.now.advanced(by: 24_000))))
    scene.wait(100)
    scene.paint()
    #expect(scene.picture(columns: 120).contains("the value of a"))
    scene.send(.action(.moveDown))
    scene.wait(100)
    scene.paint()
    let picture = scene.picture(columns: 120)
    #expect(!picture.contains("the value of a") && picture.contains("it was shut down"))
    scene.send(.connection(.connected))
    scene.wait(100)
    scene.answerPreview(.string(Array("the value of b".utf8)))
    scene.paint()
    #expect(scene.picture(columns: 120).contains("the value of b"))
  }

  @Test func aStreamOfAServerThatDoesNotTellSaysSo() {
    var scene = Scene([KeySummary(key: CacheKey("s"), kind: .stream, lifetime: .unlimited)])
    scene.answerPreview(.unreadable, kind: .stream)
    scene.paint()
    #expect(scene.picture(columns: 120).contains("this server does not tell what is in a stream"))
  }
}
