import CacheModel

/// A source that refused the login: nothing is tried again by itself, since the server may count
/// such tries. The person gives another password here, tries the same one again, or turns to
/// another source.
extension ExplorerState {
  /// Asks for user and password; whether another password may help now.
  mutating func askForPassword() -> Bool {
    guard case .refused(_, asksForPassword: true) = source.connection else { return false }
    openForm(
      .login, title: "Log in to \(source.address)",
      notes: ["sent to the server alone; kept in memory until you leave"],
      fields: [.text("user", source.user ?? ""), .secret("password")])
    // Most servers have one user without a name.
    prompt?.focus = 1
    return true
  }

  mutating func submitLogin(_ texts: [String]) -> [Effect] {
    guard texts.count == 2, !texts[1].isEmpty else {
      prompt?.problem = "type the password, or esc to leave"
      return []
    }
    prompt = nil
    say("logging in to \(source.address) …")
    return [.switchSource(.login(user: texts[0].isEmpty ? nil : texts[0], Secret(texts[1])))]
  }

  /// The same login once more: its rights or the password of the server may have changed.
  mutating func tryLoginAgain() -> [Effect] {
    say("logging in again …")
    source.connection = .connecting
    guard source.description != nil else { return openIfDue() }
    stats.request = nil
    stats.askedAt = nil
    return sampleIfDue()
  }
}
