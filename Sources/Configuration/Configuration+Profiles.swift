import CacheModel
import Explorer

extension ConfigurationReader {
  func profiles(_ entry: Entry) throws(ConfigurationError) -> [Profile] {
    guard case .object(let members) = entry.node.value else {
      throw wrong(entry, expected: "an object")
    }
    var profiles: [Profile] = []
    for member in members {
      guard Self.isProfileName(member.name) else {
        throw error(
          member.position, "\(entry.path).\(Self.shown(member.name))",
          "the name of a profile holds letters, digits, . _ and -, 64 at most",
          example: entry.field.example)
      }
      profiles.append(try profile(member, path: "\(entry.path).\(member.name)", entry))
    }
    return profiles
  }

  private static func isProfileName(_ name: String) -> Bool {
    let isWord = name.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
    return isWord && (1...64).contains(name.count) && name.first != "-" && name.first != "."
  }

  private func profile(
    _ member: JSON5Member, path: String, _ profiles: Entry
  ) throws(ConfigurationError) -> Profile {
    let entries = try entries(
      of: member.node, .profile, path: path, example: profiles.field.example)
    guard let source = entries.first(where: { $0.field == .source }) else {
      throw error(
        member.position, path, "a profile needs a source",
        example: ConfigurationField.source.example)
    }
    var profile = Profile(name: member.name, address: try address(source))
    for entry in entries { try add(entry, to: &profile) }
    try check(profile, entries)
    return profile
  }

  private func address(_ entry: Entry) throws(ConfigurationError) -> SourceAddress {
    let source = try text(entry)
    do throws(SourceAddressError) {
      return try SourceAddress(parsing: source)
    } catch {
      throw self.error(entry.node.position, entry.path, error.sentence)
    }
  }

  private func add(_ entry: Entry, to profile: inout Profile) throws(ConfigurationError) {
    if try add(entry, to: &profile.look) { return }
    if try add(entry, to: &profile.address) { return }
    switch entry.field {
    case .user: profile.address.user = try text(entry)
    case .password: profile.address.password = Secret(try text(entry))
    case .passwordCommand:
      let limit = profile.passwordCommand?.limitSeconds ?? PasswordCommand.standardSeconds
      profile.passwordCommand = PasswordCommand(command: try text(entry), limitSeconds: limit)
    case .passwordSeconds:
      let limit = try number(entry, in: 1...600)
      profile.passwordCommand = PasswordCommand(
        command: profile.passwordCommand?.command ?? "", limitSeconds: limit)
    case .readOnly: profile.isReadOnly = try flag(entry)
    case .production: profile.isProduction = try flag(entry)
    case .journal: profile.journal = try journal(entry, isOfProfile: true)
    case .colour: profile.colour = try choice(entry, SourceColour.self)
    default: break
    }
  }

  /// What fields mean together.
  private func check(_ profile: Profile, _ entries: [Entry]) throws(ConfigurationError) {
    try checkWay(profile, entries)
    for entry in entries {
      if entry.field == .passwordCommand, profile.address.password != nil {
        throw error(entry, "the profile has a password already; give one of the two")
      }
      if entry.field == .passwordSeconds, profile.passwordCommand?.command.isEmpty != false {
        throw error(
          entry.node.position, entry.path, "needs a password-command",
          example: ConfigurationField.passwordCommand.example)
      }
      if entry.field == .user, profile.address.password == nil, profile.passwordCommand == nil {
        throw error(
          entry.node.position, entry.path, "a user needs a password or a password-command",
          example: ConfigurationField.passwordCommand.example)
      }
    }
  }
}
