import RESP
import RedisClient
import Testing
import Transport

@Suite struct ConnectionStateMachineTests {
  typealias Machine = ConnectionStateMachine

  private func machine(
    password: String? = nil, database: Int = 0, dialect: ChannelConfiguration.Dialect = .newest,
    heartbeat: Machine.Heartbeat = .none
  ) -> Machine {
    Machine(
      ChannelConfiguration(
        endpoint: .tcp(host: "h", port: 1), password: password.map { Array($0.utf8) },
        database: database, dialect: dialect), heartbeat: heartbeat, at: 0)
  }

  /// A machine that has logged in.
  private func ready(_ heartbeat: Machine.Heartbeat = .none) -> Machine {
    var machine = machine(heartbeat: heartbeat)
    for command in machine.opened() {
      _ = machine.received(command.verb == "HELLO" ? .map([]) : .ok)
    }
    return machine
  }

  @Test func writesNothingBeforeTheLoginHasSucceeded() {
    var machine = machine(password: "p", database: 3)
    #expect(machine.submit(1, count: 1, at: 0) != nil)
    #expect(
      machine.opened().map(\.verb) == ["AUTH", "HELLO", "CLIENT", "SELECT", "PING"])
    #expect(machine.submit(1, count: 1, at: 0) != nil)
    for _ in 0..<4 { #expect(machine.received(.ok) == .nothing) }
    #expect(machine.received(.simple("PONG")) == .becomeReady)
    #expect(machine.submit(1, count: 1, at: 0) == nil)
  }

  @Test func aRefusedPasswordOrDatabaseEndsTheConnection() {
    var wrong = machine(password: "p")
    _ = wrong.opened()
    let words = "WRONGPASS invalid username-password pair"
    guard case .end(let ending) = wrong.received(.error(words)) else {
      Issue.record("a refused login went on")
      return
    }
    #expect(ending.reason == .loginRefused(words))
    var outside = machine(database: 99, dialect: .resp2)
    #expect(outside.opened().map(\.verb) == ["CLIENT", "SELECT", "PING"])
    _ = outside.received(.ok)
    guard case .end = outside.received(.error("ERR DB index is out of range")) else {
      Issue.record("a refused database went on")
      return
    }
  }

  @Test(arguments: [
    "ERR AUTH <password> called without any password configured for the default user. Are you sure "
      + "your configuration is correct?", "ERR Client sent AUTH, but no password is set",
  ])
  func aPasswordThatNobodyAskedForIsNoRefusal(words: String) {
    var machine = machine(password: "p", dialect: .resp2)
    #expect(machine.opened().map(\.verb) == ["AUTH", "CLIENT", "PING"])
    #expect(machine.received(.error(words)) == .nothing)
    #expect(machine.received(.ok) == .nothing)
    #expect(machine.received(.simple("PONG")) == .becomeReady)
    #expect(machine.needsNoPassword)
    #expect(!ready().needsNoPassword)
  }

  @Test func whyThereIsNoPasswordIsTheReason() {
    var machine = machine()
    let ending = machine.passwordFailed("the command printed nothing")
    #expect(ending?.reason == .noPassword("the command printed nothing"))
    #expect(machine.passwordFailed("again") == nil)
  }

  @Test func aMissingPasswordIsARefusedLogin() {
    var machine = machine(dialect: .resp2)
    _ = machine.opened()
    _ = machine.received(.error("NOAUTH Authentication required."))
    #expect(!machine.isReady)
  }

  @Test func anOldServerIsSpokenToInRESP2() {
    var machine = machine()
    _ = machine.opened()
    _ = machine.received(.error("ERR unknown command 'HELLO'"))
    _ = machine.received(.error("ERR unknown subcommand"))
    #expect(machine.received(.simple("PONG")) == .becomeReady)
  }

  @Test func answersBatchesInOrderAndKeepsPushesApart() {
    var machine = ready()
    #expect(machine.submit(1, count: 2, at: 0) == nil)
    #expect(machine.submit(2, count: 1, at: 0) == nil)
    #expect(machine.received(.integer(1)) == .nothing)
    #expect(machine.received(.push([.bulk("x")])) == .push(.push([.bulk("x")])))
    #expect(machine.received(.integer(2)) == .answer(1, [.integer(1), .integer(2)]))
    #expect(machine.received(.null) == .answer(2, [.null]))
  }

  @Test func aBreakFailsWhatWasUnderWayAsUnanswered() {
    var machine = ready()
    _ = machine.submit(1, count: 1, at: 0)
    _ = machine.submit(2, count: 1, at: 0)
    _ = machine.received(.integer(1))
    let ending = machine.streamEnded("gone")
    #expect(ending?.unanswered == [2])
    #expect(ending?.error == .commandsUnanswered(reason: "gone"))
    #expect(machine.streamEnded("gone") == nil)
    #expect(machine.submit(3, count: 1, at: 0) != nil)
  }

  @Test func aSilentServerIsBusyAndGetsNothingMore() {
    var machine = ready()
    _ = machine.submit(1, count: 2, at: 1_000)
    #expect(machine.nextDeadline == 3_500)
    #expect(machine.timePassed(at: 3_499) == .nothing && machine.busySince == nil)
    // It is told to be busy, and still may answer.
    #expect(machine.timePassed(at: 3_500) == .nothing && machine.busySince == 1_000)
    #expect(machine.nextDeadline == 6_000 && machine.refusal(at: 5_000) == nil)
    #expect(machine.timePassed(at: 5_999) == .nothing)
    #expect(
      machine.timePassed(at: 6_000)
        == .fail([1], .timedOut(afterMilliseconds: 5_000, outcomeUnknown: true)))
    #expect(machine.busySince == 1_000)
    #expect(machine.submit(2, count: 1, at: 7_000) != nil)
    // The late reply is nobody's, and the connection is as good as before.
    #expect(machine.received(.integer(1)) == .nothing)
    #expect(machine.received(.integer(2)) == .nothing)
    #expect(machine.busySince == nil)
    #expect(machine.submit(3, count: 1, at: 8_000) == nil)
    #expect(machine.received(.integer(3)) == .answer(3, [.integer(3)]))
  }

  @Test func aLongReplyIsNoSilence() {
    var machine = ready()
    _ = machine.submit(1, count: 1, at: 0)
    for now in stride(from: Int64(1_000), through: 30_000, by: 4_000) {
      machine.receivedBytes(at: now)
      #expect(machine.timePassed(at: now + 3_999) == .nothing)
    }
  }

  @Test func endlessSilenceEndsTheConnection() {
    var machine = ready()
    _ = machine.submit(1, count: 1, at: 0)
    _ = machine.timePassed(at: 5_000)
    #expect(machine.nextDeadline == 60_000)
    guard case .end(let ending) = machine.timePassed(at: 60_000) else {
      Issue.record("the connection was kept")
      return
    }
    #expect(ending.unanswered == [])
  }

  @Test func aServerThatSaysNothingIsAskedWhetherItIsThere() {
    var machine = ready(.keeps)
    machine.receivedBytes(at: 1_000)
    #expect(machine.nextDeadline == 3_000)
    #expect(machine.timePassed(at: 2_999) == .nothing)
    #expect(machine.timePassed(at: 3_000) == .ask(RESPCommand("PING")))
    #expect(machine.nextDeadline == 5_500)
    // A command goes behind the question, and gets its own answer.
    #expect(machine.submit(1, count: 1, at: 3_100) == nil)
    machine.receivedBytes(at: 3_200)
    #expect(machine.received(.simple("PONG")) == .nothing)
    #expect(machine.received(.integer(7)) == .answer(1, [.integer(7)]))
    #expect(machine.nextDeadline == 5_200)
  }

  @Test func whoDoesNotAnswerTheQuestionIsBusyOrGone() {
    for heartbeat in [Machine.Heartbeat.keeps, .ends] {
      var machine = ready(heartbeat)
      #expect(machine.timePassed(at: 2_000) == .ask(RESPCommand("PING")))
      #expect(machine.timePassed(at: 4_500) == .nothing && machine.busySince == 2_000)
      let last = machine.timePassed(at: 7_000)
      if case .keeps = heartbeat {
        // Nobody asked, so nobody is told that an answer is missing.
        #expect(last == .nothing && machine.submit(1, count: 1, at: 7_000) != nil)
        guard case .end(let ending) = machine.timePassed(at: 62_000) else {
          Issue.record("the connection was kept")
          return
        }
        #expect(ending.unanswered == [])
      } else if case .end(let ending) = last {
        #expect(ending.unanswered == [])
      } else {
        Issue.record("the connection was kept")
      }
    }
  }

  @Test func withoutAHeartbeatNothingIsAsked() {
    var machine = ready()
    #expect(machine.nextDeadline == nil)
    #expect(machine.timePassed(at: 1_000_000) == .nothing)
  }

  @Test func connectingHasItsLimit() {
    var machine = machine()
    #expect(machine.nextDeadline == 5_000)
    guard case .end(let ending) = machine.timePassed(at: 5_000) else {
      Issue.record("it waits for ever")
      return
    }
    #expect(ending.reason == .timedOut(afterMilliseconds: 5_000, outcomeUnknown: false))
  }

  @Test func aReplyThatNobodyAskedForEndsTheConnection() {
    var machine = ready()
    guard case .end(let ending) = machine.received(.integer(1)) else {
      Issue.record("it was swallowed")
      return
    }
    #expect(ending.reason == .protocolViolation("a reply that no command asked for"))
  }
}

@Suite struct ReconnectionTests {
  @Test func pausesDoubleUpToHalfAMinute() {
    var reconnection = Reconnection()
    let pauses = (0..<9).map { _ in reconnection.failed(at: 0, spread: 0) }
    #expect(pauses == [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000])
  }

  /// What comes back is found within a moment, however long it was away.
  @Test func pausesStayShortWhileNobodyIsThere() {
    var reconnection = Reconnection()
    let pauses = (0..<100).map { _ in reconnection.failed(at: 0, spread: 0, isAbsent: true) }
    #expect(pauses[0] == 500 && pauses.dropFirst().allSatisfy { $0 == 1000 })
    #expect(reconnection.failed(at: 0, spread: 1, isAbsent: true) == 1200)
    // Somebody is there and does not let us in: that is another matter.
    #expect(reconnection.failed(at: 0, spread: 0) == 1000)
    #expect(reconnection.failed(at: 0, spread: 0) == 2000)
  }

  @Test func aConnectionThatHeldStartsAfresh() {
    var reconnection = Reconnection()
    for _ in 0..<5 { _ = reconnection.failed(at: 0, spread: 0) }
    reconnection.succeeded(at: 10_000)
    #expect(reconnection.failed(at: 10_400, spread: 0) == 16_000)
    reconnection.succeeded(at: 20_000)
    #expect(reconnection.failed(at: 30_000, spread: 0) == 500)
  }

  @Test func spreadsByAFifth() {
    var reconnection = Reconnection()
    #expect(reconnection.failed(at: 0, spread: 1) == 600)
    #expect(reconnection.failed(at: 0, spread: -1) == 800)
    for _ in 0..<9 { _ = reconnection.failed(at: 0, spread: 1) }
    #expect(reconnection.failed(at: 0, spread: 1) == 30_000)
  }
}

@Suite struct LeaseStateTests {
  private func state(after commands: [(RESPCommand, RESPValue)]) -> LeaseState {
    var state = LeaseState()
    for (command, reply) in commands {
      state.sending(command)
      state.answered(command, reply)
    }
    return state
  }

  @Test func knowsWhatItsBorrowerLeftBehind() {
    let watch = (RESPCommand("watch", "k"), RESPValue.ok)
    let multi = (RESPCommand("MULTI"), RESPValue.ok)
    #expect(state(after: [(RESPCommand("GET", "k"), .null)]).cleaning == .nothing)
    #expect(state(after: [watch]).cleaning == .send(RESPCommand("UNWATCH")))
    #expect(state(after: [watch, multi]).cleaning == .send(RESPCommand("DISCARD")))
    #expect(state(after: [watch, multi, (RESPCommand("EXEC"), .null)]).cleaning == .nothing)
    #expect(
      state(after: [watch, multi, (RESPCommand("EXEC"), .error("EXECABORT x"))]).cleaning
        == .nothing)
    #expect(state(after: [(RESPCommand("SELECT", "3"), .ok)]).cleaning == .close)
    #expect(
      state(after: [(RESPCommand("CLIENT", "tracking", "on"), .ok), watch]).cleaning == .close)
  }

  @Test func tellsCommandsThatChangeTheConnection() {
    let changing = [
      RESPCommand("select", "1"), RESPCommand("WATCH", "k"), RESPCommand("client", "reply", "off"),
      RESPCommand("XREAD", "block", "0", "STREAMS", "s", "$"), RESPCommand("BLPOP", "l", "0"),
    ]
    let plain = [
      RESPCommand("GET", "select"), RESPCommand("CLIENT", "LIST"),
      RESPCommand("XREAD", "STREAMS", "s", "0"),
    ]
    for command in changing { #expect(command.changesConnectionState) }
    for command in plain { #expect(!command.changesConnectionState) }
  }
}
