extension BackendError {
  /// What happened and what to do next, in one or two sentences for a person.
  package var sentence: String {
    switch self {
    case .unreachable(let endpoint, let reason):
      "no connection to \(endpoint): \(reason); is the server running and the address right?"
    case .insecure(let endpoint, let reason):
      "no connection by TLS to \(endpoint): \(reason)"
    case .loginRefused(let words):
      "login refused: \(words.last == "." ? words.dropLast() : words[...])"
        + Self.advice(onRefusal: words)
    case .noPassword(let reason):
      "no password to log in with: \(reason)"
    case .refused(_, let message) where Self.wordsOfCluster(message) != nil:
      Self.wordsOfCluster(message) ?? message
    case .refused(let verb, let message) where Self.transactionVerbs.contains(verb):
      "the server refused \(verb): \(message); without transactions nothing can be changed that "
        + "depends on the old value or is to be undone, so nothing was done"
    case .refused(let verb, let message):
      "the server refused \(verb): \(message)" + Self.advice(onTrouble: message)
    case .connectionLost(let reason, outcomeUnknown: true):
      "connection lost (\(reason)); what was under way may or may not have been done: look again"
    case .connectionLost(let reason, outcomeUnknown: false):
      "not connected: \(reason); trying again"
    case .timedOut(let milliseconds, outcomeUnknown: true):
      "no answer within \(milliseconds) ms: the server is busy or the way to it is blocked; "
        + "what was asked may still be done: look again"
    case .timedOut(let milliseconds, outcomeUnknown: false):
      "no answer within \(milliseconds) ms: the server is busy or the way to it is blocked"
    case .malformedReply(let what):
      "the server's reply makes no sense (\(what)); is this a Redis server?"
    case .readOnly:
      "read-only: nothing was sent; ! asks to switch it off"
    case .unsupported(let what):
      "this source cannot \(what)"
    case .closed:
      "the source was closed"
    }
  }

  /// Whether the server refused the login for the sake of its password, so that another one may
  /// help. Source: `authCommand` in acl.c of Redis 6 to 8, in server.c before.
  package var asksForPassword: Bool {
    guard case .loginRefused(let words) = self else { return false }
    let beginnings = [
      "NOAUTH", "WRONGPASS", "ERR invalid password", "ERR AUTH", "ERR Client sent AUTH",
    ]
    return beginnings.contains(where: words.hasPrefix)
  }

  /// What to do about a login that was refused with these words of the server.
  private static func advice(onRefusal words: String) -> String {
    if words.hasPrefix("NOAUTH") {
      return "; give the user with --user and the password with --askpass"
    }
    if words.hasPrefix("WRONGPASS") || words.hasPrefix("ERR invalid password") {
      return "; the user or the password that was given is not right, or the user is switched off"
    }
    if words.contains("SELECT is not allowed in cluster mode") {
      return "; a cluster has one database: leave the number out"
    }
    if words.hasPrefix("NOPERM"), words.contains("'select'") {
      return "; this user cannot choose a database: leave it out, or come as another user"
    }
    return ""
  }

  /// What to do about a command that the server refused because of its own state, or of the user's
  /// rights. Source: `createSharedObjects` and `processCommand` in server.c of Redis 7.
  private static func advice(onTrouble words: String) -> String {
    let trouble = troubles.first { words.hasPrefix($0.word) }
    guard let trouble else { return "" }
    return (words.last.map { ".!?".contains($0) } == true ? " " : "; ") + trouble.advice
  }

  private static let troubles: [(word: String, advice: String)] = [
    ("LOADING", "it reads its data from the disk: try again when it is through"),
    ("BUSY ", "a script has run for too long: SCRIPT KILL ends one that has written nothing"),
    ("READONLY", "it follows another server: open the primary"),
    ("OOM", "its memory is full: delete or expire keys, or raise maxmemory"),
    ("NOAUTH", "log in: --askpass, and --user where there are users"),
    ("NOPERM", "this user may not: ask for the right, or come as another user"),
    ("MASTERDOWN", "it has lost its primary: open the primary, or wait until they meet again"),
    ("MISCONF", "it cannot write to its disk and takes no changes until it can: see to the disk"),
    ("NOREPLICAS", "too few replicas are there: wait for them, or see min-replicas-to-write"),
  ]

  private static let transactionVerbs: Set = ["WATCH", "MULTI", "EXEC"]
}
