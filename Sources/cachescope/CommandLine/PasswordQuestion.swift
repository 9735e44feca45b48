import CacheModel
import SystemIO

extension SourceAddress {
  /// The address with the password that `--askpass` has a person type. To be called before anything
  /// else is started: whoever interrupts the question ends the program.
  func askingForPassword() throws(CommandFailure) -> SourceAddress {
    var address = self
    do throws(Errno) {
      address.password = Secret(try HiddenInput.ask("Password: ") ?? [])
    } catch {
      throw CommandFailure(.io, "cannot ask for the password: \(error.text)")
    }
    return address
  }
}
