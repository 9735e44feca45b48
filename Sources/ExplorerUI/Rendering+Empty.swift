import Explorer
import TerminalCanvas

/// What stands in the place of keys where there are none.
extension Rendering {
  /// Why nothing is known of the source yet, and what to do; nil when that is known or under way.
  func troubleLines(_ state: ExplorerState, columns: Int) -> [String]? {
    guard state.source.description == nil else { return nil }
    let sentences: [String]
    switch state.source.connection {
    case .connecting, .connected, .busy: return nil
    case .waiting(let reason, _): sentences = ["not connected", reason]
    case .refused(let reason, asksForPassword: true):
      sentences = ["login refused", reason, "enter gives the password · c another source"]
    case .refused(let reason, _):
      sentences = ["refused", reason, "r tries again · c chooses another source"]
    }
    return sentences.flatMap { wrapped($0, columns: columns) }
  }

  func emptySourceLines(_ state: ExplorerState, columns: Int) -> [String] {
    let sentences =
      state.source.welcome.isEmpty
      ? [
        "they appear here as an application writes them", state.source.hint, "a adds a key",
      ]
      : state.source.welcome
    return ["no keys in \(state.databaseName)"]
      + sentences.flatMap { wrapped($0, columns: columns, breaksWords: false) }
  }
}
