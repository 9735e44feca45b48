import Configuration
import RedisClient
import SystemIO

extension PasswordCommand {
  /// A longer first line is no password.
  private static let sizeLimit = 64 << 10

  /// Runs the command for a connection, on a thread of its own.
  var source: ChannelConfiguration.PasswordSource {
    { [self] answer in
      do throws(Errno) {
        try SystemThread.start(name: "password") { answer(run()) }
      } catch {
        answer(.failure(.init("the password-command cannot be started: \(error.text)")))
      }
    }
  }

  private func run() -> Result<[UInt8], ChannelConfiguration.PasswordProblem> {
    do throws(ChildProcess.OutputError) {
      let bytes = try ChildProcess.output(
        ofShellCommand: command, limitMilliseconds: Int64(limitSeconds) * 1000,
        sizeLimit: Self.sizeLimit)
      let password = Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D })
      return password.isEmpty
        ? .failure(.init("the password-command printed nothing")) : .success(password)
    } catch {
      return .failure(.init(words(error)))
    }
  }

  /// Never what the command printed.
  private func words(_ error: ChildProcess.OutputError) -> String {
    switch error {
    case .cannotStart(let reason): "the password-command cannot be started: \(reason.text)"
    case .failed(let status):
      "the password-command ended with status \(status); run it in a shell to see why"
    case .tooLate: "the password-command took longer than \(limitSeconds) s and was ended"
    case .tooMuch: "the password-command printed more than a password"
    }
  }
}
