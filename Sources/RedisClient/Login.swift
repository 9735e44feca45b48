package import RESP

/// What a new connection says before anything else, and what the answers mean. No input or output.
///
/// All of it goes out in one write: AUTH, HELLO 3, CLIENT SETNAME, CLIENT NO-TOUCH, SELECT, PING.
/// AUTH and SELECT must succeed, because everything after them would otherwise be done as somebody
/// else or in another database. The rest may be refused: without HELLO the connection speaks RESP2.
/// PING is there to be refused with NOAUTH when the server wants a login that was not given. A
/// password alone, given to a server that has none, hides nothing from anybody: the login goes on, as
/// redis-cli does, and `needsNoPassword` says so.
///
/// A server that sentinels have named is asked for its ROLE too, and the login ends where it is no
/// primary. A user who may not ask that is told by HELLO; where neither tells, the sentinels are
/// believed.
package struct Login: Sendable {
  package enum Outcome: Sendable, Equatable {
    /// More answers are to come.
    case pending
    case done
    /// The server's words.
    case refused(String)
    /// The server is something else, in words.
    case isNoPrimary(String)
  }

  private enum Step {
    case auth, hello, role, name, noTouch, select, ping

    var mustSucceed: Bool { self == .auth || self == .select }
  }

  private let steps: [(step: Step, command: RESPCommand)]
  private var answered = 0
  /// A password was given and the server has none.
  package private(set) var needsNoPassword = false
  /// HELLO was taken.
  package private(set) var speaksRESP3 = false
  /// What HELLO says that the server is.
  private var toldRole: String?

  package init(_ configuration: ChannelConfiguration) {
    var steps: [(Step, RESPCommand)] = []
    if let password = configuration.password {
      let user = configuration.user.map { [Array($0.utf8)] } ?? []
      steps.append((.auth, RESPCommand("AUTH", user + [password])))
    }
    if configuration.dialect == .newest { steps.append((.hello, RESPCommand("HELLO", "3"))) }
    if configuration.finder != nil { steps.append((.role, RESPCommand("ROLE"))) }
    if let name = configuration.clientName {
      steps.append((.name, RESPCommand("CLIENT", "SETNAME", name)))
    }
    steps.append((.noTouch, RESPCommand("CLIENT", "NO-TOUCH", "ON")))
    if configuration.database != 0 {
      steps.append((.select, RESPCommand("SELECT", String(configuration.database))))
    }
    steps.append((.ping, RESPCommand("PING")))
    self.steps = steps
  }

  package var commands: [RESPCommand] { steps.map(\.command) }

  /// Takes the next answer.
  package mutating func received(_ reply: RESPValue) -> Outcome {
    guard answered < steps.count else { return .refused("an answer that was not asked for") }
    let step = steps[answered].step
    answered += 1
    if step == .auth, let error = reply.error, Self.saysThereIsNoPassword(error) {
      needsNoPassword = true
    } else if let error = reply.error {
      if step.mustSucceed || Self.isFinal(error) { return .refused(Self.text(error)) }
    }
    if step == .hello { learn(hello: reply) }
    if step == .role, let words = wrongRole(reply) { return .isNoPrimary(words) }
    return answered == steps.count ? .done : .pending
  }

  private mutating func learn(hello reply: RESPValue) {
    guard case .map(let pairs) = reply else { return }
    speaksRESP3 = true
    toldRole = pairs.first { $0.key.text == "role" }?.value.text
  }

  /// Nil for a primary, and where nobody tells.
  private func wrongRole(_ reply: RESPValue) -> String? {
    switch reply.error == nil ? reply.elements?.first?.text : toldRole {
    case nil, "master": nil
    case "slave", "replica": "a replica at this moment"
    case "sentinel": "a sentinel"
    case .some: "no primary at this moment"
    }
  }

  /// The answer to a password without a user where the default user has none. Source: `authCommand`
  /// in acl.c of Redis 6 to 8, in server.c before.
  private static func saysThereIsNoPassword(_ error: RESPError) -> Bool {
    let words = text(error)
    return words.hasPrefix("ERR AUTH <password> called without any password configured")
      || words.hasPrefix("ERR Client sent AUTH, but no password is set")
  }

  /// Refusals that any step may meet and that make all later commands pointless.
  private static func isFinal(_ error: RESPError) -> Bool {
    let words = text(error)
    return words.hasPrefix("NOAUTH") || words.hasPrefix("ERR max number of clients")
      || words.hasPrefix("DENIED")
  }

  /// The server's words; those of a missing login are the same whichever command met it.
  private static func text(_ error: RESPError) -> String {
    let words = String(decoding: error.message, as: UTF8.self)
    return words.hasPrefix("NOAUTH") ? "NOAUTH Authentication required." : words
  }
}
