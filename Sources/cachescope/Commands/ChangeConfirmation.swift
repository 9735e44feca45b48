import CacheModel
import SystemIO
import TerminalCanvas

/// The consent that a change of a whole database or of many keys needs: `--yes`, or `--confirm` with
/// the database's name, or the name typed on the terminal. On a source that is marked as production
/// only the name counts.
struct ChangeConfirmation {
  private let saysYes: Bool
  private let confirmed: String?

  init(_ line: ParsedCommandLine) {
    saysYes = line.has(.yes)
    confirmed = line.value(.confirm)
  }

  /// Returns when the change may be made. `change` is what happens, within a sentence: `deletes all
  /// keys of db0`. Without anybody to ask it is refused, unless `isAskedFor` says that the words of
  /// the command are consent enough outside of production.
  func require(
    _ change: String, isAskedFor: Bool = false, in session: ScriptSession
  ) throws(CommandFailure) {
    let name = "db\(session.source.database)"
    if let confirmed {
      guard confirmed == name else {
        throw CommandFailure(
          .refused,
          "--confirm \(confirmed.prefix(60)) is not the name of the database, which is \(name); "
            + "nothing was sent")
      }
      return
    }
    if !session.isProduction, saysYes || isAskedFor { return }
    guard StandardStream.input.isTerminal, StandardStream.error.isTerminal else {
      throw refusal(change, name, session)
    }
    try ask(change, name, session)
  }

  private func refusal(
    _ change: String, _ name: String, _ session: ScriptSession
  ) -> CommandFailure {
    session.isProduction
      ? CommandFailure(
        .refused,
        "this \(change), on a source that is marked as production: --confirm \(name) confirms it"
          + (saysYes ? ", --yes does not" : ""))
      : CommandFailure(.refused, "this \(change) and cannot be undone; --yes confirms it")
  }

  private func ask(
    _ change: String, _ name: String, _ session: ScriptSession
  ) throws(CommandFailure) {
    let place = TextSanitizer.listText(session.source.address)
    let mark = session.isProduction ? ", which is PRODUCTION," : ""
    let question =
      "This \(change) at \(place)\(mark) and cannot be undone.\nType \(name) to do it: "
    let answer: [UInt8]?
    do throws(Errno) {
      try StandardStream.error.write(Array(question.utf8))
      answer = try StandardStream.input.readLine()
    } catch {
      throw CommandFailure(.io, error.text)
    }
    guard answer == Array(name.utf8) else {
      throw CommandFailure(.refused, "not confirmed: nothing was changed")
    }
  }
}
