import CacheModel
import SystemIO

/// Passwords that a person is to type: `--askpass`, `--sentinel-askpass`.
struct PasswordQuestions: Sendable {
  private let asksForServer: Bool
  private let asksForSentinels: Bool

  init(_ line: ParsedCommandLine) {
    asksForServer = line.has(.askpass)
    asksForSentinels = line.has(.sentinelAskpass)
  }

  /// The address with what was typed. To be called before anything else is started: whoever interrupts
  /// a question ends the program.
  func answered(for address: SourceAddress) throws(CommandFailure) -> SourceAddress {
    var address = address
    if asksForServer { address.password = try Self.ask("Password: ") }
    if asksForSentinels { address.way.sentinelPassword = try Self.ask("Sentinels' password: ") }
    return address
  }

  private static func ask(_ prompt: String) throws(CommandFailure) -> Secret {
    do throws(Errno) {
      return Secret(try HiddenInput.ask(prompt) ?? [])
    } catch {
      throw CommandFailure(.io, "cannot ask for the password: \(error.text)")
    }
  }
}
