extension Theme {
  /// A theme of one's own: `base` with other looks for some roles and backgrounds, each as a name
  /// and a text such as `75 bold / bright-blue / plain`. How a look is written is told in
  /// `Resources/themes/dark.json5`; a name is that of a role, or `on` and that of a background.
  package init(
    name: String, basedOn base: Theme, looks: [(name: String, look: String)]
  ) throws(ThemeError) {
    self = base
    self.name = name
    for (place, look) in looks { try set(place, to: look) }
  }

  /// The names that a look may have, roles first.
  package static let lookNames: [String] =
    StyleRole.allCases.map { "\($0)" } + Background.allCases.map(\.lookName) + ["ink", "paper"]

  mutating func set(_ place: String, to text: String) throws(ThemeError) {
    if place == "colours" {
      guard text == "none" || text == "all" else {
        throw ThemeError(place, text, "is neither \"all\" nor \"none\"")
      }
      isColourless = text == "none"
    } else if place == "ink" || place == "paper" {
      var reader = LookReader(place: place, text: text, isGround: place == "paper")
      let entry = try reader.entry(isColourless: isColourless)
      if place == "ink" { ink = entry } else { paper = entry }
    } else if let role = Self.roles[place] {
      var reader = LookReader(place: place, text: text, isGround: false)
      inks[role] = try reader.entry(isColourless: isColourless)
    } else if let ground = Self.backgrounds[place] {
      var reader = LookReader(place: place, text: text, isGround: true)
      grounds[ground] = try reader.entry(isColourless: isColourless)
    } else {
      throw ThemeError(
        place, text, "is set, but there is no such look; there are \(Self.listOfNames)")
    }
  }

  /// By name; spelling a case is slow, and a theme names them all.
  private static let roles = Dictionary(
    StyleRole.allCases.map { ("\($0)", $0) }, uniquingKeysWith: { first, _ in first })
  private static let backgrounds = Dictionary(
    Background.allCases.map { ($0.lookName, $0) }, uniquingKeysWith: { first, _ in first })

  private static var listOfNames: String { lookNames.joined(separator: ", ") }

  init(
    _ text: ThemeText, name: String, basedOn base: Theme
  ) throws(ThemeError) {
    try self.init(name: name, basedOn: base, looks: text.looks)
  }
}

extension Background {
  /// `onSelection`, `onBar`, …
  fileprivate var lookName: String {
    let name = "\(self)"
    return "on" + name.prefix(1).uppercased() + name.dropFirst()
  }
}

/// What is wrong with one look of a theme.
package struct ThemeError: Error, Sendable, Equatable {
  /// The name of the look, as it was given.
  package let place: String
  private let text: String
  private let problem: String

  init(_ place: String, _ text: String, _ problem: String) {
    self.place = place
    self.text = text
    self.problem = problem
  }

  /// A sentence with what would be right.
  package var sentence: String { "\(TextSanitizer.listText(place)): \(words)" }

  /// The same without the name of the look.
  package var words: String { "\"\(TextSanitizer.listText(text))\" \(problem)" }
}

/// The names and looks in a theme's file, which is JSON with comments: one `name: "look",` a line.
/// Only what the program carries is read here, without a reader for all that JSON can be.
struct ThemeText {
  private(set) var looks: [(name: String, look: String)] = []

  init(_ bytes: [UInt8]) {
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let line = line.drop { $0 == " " }
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard !line.hasPrefix("//"), parts.count == 3, parts[0].hasSuffix(": ") else { continue }
      let name = String(parts[0].dropLast(2))
      if name != "name" { looks.append((name, String(parts[1]))) }
    }
  }
}
