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
  /// the command are consent enough outside of production. With `needsName` only the name counts,
  /// as on a source that is marked as production; `prefix` is another name for what is changed.
  func require(
    _ change: String, isAskedFor: Bool = false, needsName: Bool = false, canUndo: Bool = false,
    orNamed prefix: String? = nil, in session: ScriptSession
  ) throws(CommandFailure) {
    let name = "db\(session.source.database)"
    if let confirmed {
      guard confirmed == name || confirmed == prefix else {
        throw CommandFailure(
          .refused,
          "--confirm \(confirmed.prefix(60)) is not the name of the database, which is \(name); "
            + "nothing was sent")
      }
      return
    }
    if !session.isProduction, !needsName, saysYes || isAskedFor { return }
    let loss = canUndo ? "" : " and cannot be undone"
    guard StandardStream.input.isTerminal, StandardStream.error.isTerminal else {
      throw refusal(change, loss, name, needsName, session)
    }
    try ask(change + loss, [name] + (prefix.map { [$0] } ?? []), session)
  }

  private func refusal(
    _ change: String, _ loss: String, _ name: String, _ needsName: Bool, _ session: ScriptSession
  ) -> CommandFailure {
    let how = "--confirm \(name) confirms it" + (saysYes ? ", --yes does not" : "")
    if session.isProduction {
      return CommandFailure(
        .refused, "this \(change), on a source that is marked as production: \(how)")
    }
    if needsName {
      return CommandFailure(
        .refused, "this \(change)\(loss), a large part of all its keys; \(how)")
    }
    return CommandFailure(.refused, "this \(change)\(loss); --yes confirms it")
  }

  private func ask(
    _ change: String, _ names: [String], _ session: ScriptSession
  ) throws(CommandFailure) {
    let place = TextSanitizer.listText(session.source.address)
    let mark = session.isProduction ? ", which is PRODUCTION," : ""
    let question =
      "This \(change), at \(place)\(mark).\nType \(names[0]) to do it: "
    let answer: [UInt8]?
    do throws(Errno) {
      try StandardStream.error.write(Array(question.utf8))
      answer = try StandardStream.input.readLine()
    } catch {
      throw CommandFailure(.io, error.text)
    }
    guard names.contains(where: { answer == Array($0.utf8) }) else {
      throw CommandFailure(.refused, "not confirmed: nothing was changed")
    }
  }
}
