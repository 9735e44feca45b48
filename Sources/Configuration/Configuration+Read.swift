import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas

extension Configuration {
  /// Reads the bytes of a file, whose name is for messages alone.
  package init(_ bytes: [UInt8], file: String) throws(ConfigurationError) {
    let reader = ConfigurationReader(file: file)
    let start = TextPosition(line: 1, column: 1)
    guard bytes.count <= Self.sizeLimit else {
      throw reader.error(start, "", "is larger than \(Self.sizeLimit >> 20) MiB")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw reader.error(start, "", "is not UTF-8 text")
    }
    let whole: JSON5Node
    do throws(JSON5SyntaxError) {
      whole = try JSON5Reader.read(text)
    } catch {
      throw reader.error(error.position, "", error.words)
    }
    try self.init(whole, reader)
  }

  private init(_ whole: JSON5Node, _ reader: ConfigurationReader) throws(ConfigurationError) {
    let entries = try reader.entries(
      of: whole, .whole, path: "", example: "{ theme: \"light\" }")
    for entry in entries {
      if try reader.add(entry, to: &look) { continue }
      switch entry.field {
      case .keys: keymap = try reader.keymap(entry)
      case .journal: journal = try reader.journal(entry, isOfProfile: false)
      case .profiles: profiles = try reader.profiles(entry)
      default: break
      }
    }
  }
}

extension ConfigurationReader {
  /// Reads a field that the whole and profiles have in common; false for any other.
  func add(_ entry: Entry, to look: inout ConfiguredLook) throws(ConfigurationError) -> Bool {
    switch entry.field {
    case .theme: look.theme = try theme(entry)
    case .view: look.view = try choice(entry, ConfiguredLook.View.self)
    case .separators: look.separators = try separators(entry)
    case .limits: try addLimits(entry, to: &look)
    default: return false
    }
    return true
  }

  private func addLimits(
    _ entry: Entry, to look: inout ConfiguredLook
  ) throws(ConfigurationError) {
    let limits = try entries(
      of: entry.node, .limits, path: entry.path, example: entry.field.example)
    for limit in limits {
      switch limit.field {
      case .valueBytes:
        look.valueBytes = try number(limit, in: 1024...(64 << 20), allowsSize: true)
      case .memory:
        look.memory = try number(limit, in: ConfiguredLook.memories, allowsSize: true)
      default: look.elements = try number(limit, in: 10...100_000)
      }
    }
  }

  private func separators(_ entry: Entry) throws(ConfigurationError) -> [UInt8] {
    guard case .string(let text) = entry.node.value else {
      throw wrong(entry, expected: "a text in quotes")
    }
    guard let separators = KeySeparatorText.bytes(text) else {
      throw error(entry, KeySeparatorText.rule)
    }
    return separators
  }

  // MARK: The theme

  /// The name of a theme, or a theme of one's own: what differs from one that is there.
  private func theme(_ entry: Entry) throws(ConfigurationError) -> Theme {
    if case .object(let members) = entry.node.value { return try ownTheme(members, entry) }
    return try theme(named: entry)
  }

  private func theme(named entry: Entry) throws(ConfigurationError) -> Theme {
    let name = try text(entry)
    guard let theme = Theme.named(name) else { throw notOneOf(Theme.names, name, entry) }
    return theme
  }

  private func ownTheme(
    _ members: [JSON5Member], _ entry: Entry
  ) throws(ConfigurationError) -> Theme {
    var theme = Theme.dark
    let base = members.first { $0.name == Self.baseName }
    if let base {
      theme = try self.theme(
        named: Entry(
          field: entry.field, path: "\(entry.path).\(Self.baseName)", node: base.node))
    }
    for member in members where member.name != Self.baseName {
      let path = Self.shown("\(entry.path).\(member.name)")
      guard case .string(let look) = member.node.value else {
        throw wrong(
          member.node, path, expected: "a text in quotes", example: Self.ownThemeExample)
      }
      do throws(ThemeError) {
        theme = try Theme(name: "own", basedOn: theme, looks: [(member.name, look)])
      } catch {
        throw self.error(member.position, path, error.words, example: Self.ownThemeExample)
      }
    }
    return theme
  }

  private static let baseName = "based-on"
  private static let ownThemeExample = "theme: { \"based-on\": \"light\", warn: \"94 bold\" }"

  // MARK: Keys

  func keymap(_ entry: Entry) throws(ConfigurationError) -> Keymap {
    guard case .object(let members) = entry.node.value else {
      throw wrong(entry, expected: "an object")
    }
    var overrides: [Keymap.Binding] = []
    var places: [Action: JSON5Member] = [:]
    for member in members {
      let path = "\(entry.path).\(member.name)"
      guard let action = Action(rawValue: member.name) else {
        let near = NearestName.to(member.name, among: Action.allCases.map(\.rawValue))
        throw error(
          member.position, Self.shown(path),
          "there is no such action" + (near.map { "; is \($0) meant?" } ?? ""),
          example: entry.field.example)
      }
      places[action] = member
      overrides.append(Keymap.Binding(action: action, keys: try keys(member, path, entry)))
    }
    do throws(Keymap.Conflict) {
      return try Keymap.standard.overridden(by: overrides)
    } catch {
      let member = places[error.action]
      throw self.error(
        member?.position ?? entry.node.position, "\(entry.path).\(error.action.rawValue)",
        error.sentence, example: "keys: { \(error.other.rawValue): \"alt-x\" }")
    }
  }

  private func keys(
    _ member: JSON5Member, _ path: String, _ entry: Entry
  ) throws(ConfigurationError) -> [Key] {
    var keys: [Key] = []
    for (text, position) in try texts(member.node, path, example: entry.field.example) {
      guard let key = Key(text), key.isBindable else {
        throw error(
          position, path,
          "\(Self.quoted(text)) is not a key; j, D, enter, space, ctrl-u, alt-x, shift-tab, f5 are")
      }
      keys.append(key)
    }
    return keys
  }
}

extension Key {
  /// Whether it is one key of a keyboard.
  fileprivate var isBindable: Bool {
    switch self {
    case .mouse, .paste: false
    case .character(let character): character == " " || !character.isWhitespace
    default: true
    }
  }
}
