import CacheModel

/// As whom the sentinels of a source are asked. They have a login of their own, which is never that of
/// the servers by itself.
extension SourceOptions {
  private static let optionsOfSentinels: [CommandLineOption] = [
    .sentinelUser, .sentinelPassword, .sentinelAskpass,
  ]

  mutating func takeSentinelLogin(_ line: ParsedCommandLine) throws(UsageError) {
    guard let given = Self.optionsOfSentinels.first(where: line.has) else { return }
    guard case .sentinel = address.place else {
      throw UsageError(
        "\(given.name) is for a source behind sentinels, and \(address) is none; such a one is "
          + "for example redis+sentinel://10.0.0.1:26379,10.0.0.2:26379/mymaster/0",
        command: line.command)
    }
    if line.has(.sentinelPassword), line.has(.sentinelAskpass) {
      throw UsageError(
        "give either --sentinel-pass or --sentinel-askpass", command: line.command)
    }
    // What is given here takes the place of what the profile says.
    if line.has(.sentinelPassword) || line.has(.sentinelAskpass) {
      address.way.sentinelPasswordCommand = nil
    }
    if let user = line.value(.sentinelUser) { address.way.sentinelUser = user }
    if let password = line.value(.sentinelPassword) {
      address.way.sentinelPassword = Secret(password)
    }
    let way = address.way
    if way.sentinelUser != nil, way.sentinelPassword == nil, way.sentinelPasswordCommand == nil,
      !line.has(.sentinelAskpass)
    {
      throw UsageError(
        "--sentinel-user needs --sentinel-askpass or --sentinel-pass", command: line.command)
    }
  }
}
