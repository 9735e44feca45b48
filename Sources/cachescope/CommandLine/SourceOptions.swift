import CacheModel
import Configuration
import SystemIO

/// Which source a command line means, and how it is opened: a URL or a profile, options in the habit
/// of redis-cli, the environment, or else the built-in engine. Options stand over the profile.
struct SourceOptions: Sendable {
  var address: SourceAddress
  var readOnly: Bool
  /// What prints the password, run for every connection.
  var passwordCommand: PasswordCommand?
  /// The profile that was named.
  var profile: Profile?
  /// What is kept of changes.
  var journal: JournalDetail { journalSettings.detail ?? .values }
  /// What was said of the journal, by the profile, the options and the general part.
  var journalSettings: ConfiguredJournal
  /// Bytes of the largest value that is kept.
  var undoLimit: Int { journalSettings.valueBytes ?? CapturedState.standardLimit }
  /// The profile that marks the source as production: the one named, or one with the same address.
  var production: Profile?

  /// Reads the source; `environment` answers variables. Asks for no password yet.
  init(
    _ line: ParsedCommandLine, _ configuration: Configuration,
    environment: @escaping (String) -> String?
  ) throws(UsageError) {
    let place = SourcePlace(line: line, configuration: configuration, environment: environment)
    (address, profile) = try place.find()
    readOnly = line.has(.readOnly) || profile?.isReadOnly == true
    journalSettings = profile?.journal.over(configuration.journal) ?? configuration.journal
    if line.command == .copy { try takeWayOfCopy(line) } else { try takeWay(line) }
    try takeUndoLimit(line)
    production = configuration.production(reachedBy: address) { name in
      (try? RuntimeFolder.open())?.engineSocket(named: name)
    }
    try takeLogin(line, environment)
    try takeSentinelLogin(line)
    try takeCluster(line)
  }

  mutating func takeUndoLimit(_ line: ParsedCommandLine) throws(UsageError) {
    guard let bytes = try line.bytes(.undoLimit) else { return }
    guard (1024...ConfiguredJournal.mostValueBytes).contains(bytes) else {
      throw UsageError(
        .undoLimit, line.value(.undoLimit) ?? "", "is not a size from 1kb to 512mb",
        command: line.command)
    }
    journalSettings.valueBytes = bytes
  }

  private mutating func takeLogin(
    _ line: ParsedCommandLine, _ environment: (String) -> String?
  ) throws(UsageError) {
    if line.has(.database) {
      address.database = try line.number(.database, in: 0...SourceAddress.highestDatabase)
    }
    if let user = line.value(.user) { address.user = user }
    if line.has(.password), line.has(.askpass) {
      throw UsageError("give either -a or --askpass", command: line.command)
    }
    if let password = line.value(.password) {
      address.password = Secret(password)
    } else if !line.has(.askpass) {
      takePassword(environment)
    }
    if address.user != nil, address.password == nil, passwordCommand == nil, !line.has(.askpass) {
      throw UsageError(
        "a user needs a password: --askpass, REDISCLI_AUTH or -a", command: line.command)
    }
  }

  /// The password of the profile or, for a server that has none of its own, of the environment.
  private mutating func takePassword(_ environment: (String) -> String?) {
    passwordCommand = profile?.passwordCommand
    guard address.password == nil, passwordCommand == nil, !address.isEngine,
      let password = environment("REDISCLI_AUTH"), !password.isEmpty
    else { return }
    address.password = Secret(password)
  }
}

extension SourceAddress {
  /// Whether it is the built-in engine.
  var isEngine: Bool {
    if case .engine = place { true } else { false }
  }
}
