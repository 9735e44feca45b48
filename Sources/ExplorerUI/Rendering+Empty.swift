import Explorer
import TerminalCanvas

/// What stands in the place of keys where there are none.
extension Rendering {
  func emptySourceLines(_ state: ExplorerState, columns: Int) -> [String] {
    let sentences =
      state.source.welcome.isEmpty
      ? [
        "they appear here as an application writes them", state.source.hint, "a adds a key",
      ]
      : state.source.welcome
    return ["no keys in \(state.databaseName)"]
      + sentences.flatMap { wrapped($0, columns: columns) }
  }
}
