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
    journalSettings = profile.journal.over(configuration.journal)
  }

  /// The second source of `copy`: a URL or a profile.
  init(
    copyTarget name: String, _ line: ParsedCommandLine, _ configuration: Configuration,
    environment: @escaping (String) -> String?
  ) throws(UsageError) {
    let place = SourcePlace(line: line, configuration: configuration, environment: environment)
    let (address, profile) = try place.source(name, origin: "")
    if let profile {
      self.init(profile: profile, configuration)
      production = production ?? (profile.isProduction ? profile : nil)
    } else {
      self.init(address: address, configuration)
    }
    try takeUndoLimit(line)
    try takeWayOfCopy(line)
  }

  init(address: SourceAddress, _ configuration: Configuration) {
    self.address = address
    readOnly = false
    journalSettings = configuration.journal
    production = configuration.production(reachedBy: address) { name in
      (try? RuntimeFolder.open())?.engineSocket(named: name)
    }
  }
}
