import CacheModel
import Configuration
import SystemIO

/// Sources that are chosen while the explorer is open. Nothing of the command line belongs to them.
extension SourceOptions {
  init(profile: Profile, _ configuration: Configuration) {
    self.init(address: profile.address, configuration)
    self.profile = profile
    readOnly = profile.isReadOnly
    passwordCommand = profile.passwordCommand
  }

  init(address: SourceAddress, _ configuration: Configuration) {
    self.address = address
    readOnly = false
    production = configuration.production(reachedBy: address) { name in
      (try? RuntimeFolder.open())?.engineSocket(named: name)
    }
  }
}
