/// Reads the text of one look, `75 bold / bright-blue / plain`: a part for 256 colours, one for 16
/// and one for none. A part that is left out follows from the one before it.
struct LookReader {
  private let place: String
  private let text: String
  private let isGround: Bool

  init(place: String, text: String, isGround: Bool) {
    self.place = place
    self.text = text
    self.isGround = isGround
  }

  /// What one part says.
  private struct Part {
    var look = Theme.Look()
    var faint: UInt8?
  }

  /// In a theme without colours there is only the last part.
  mutating func entry(isColourless: Bool) throws(ThemeError) -> Theme.Entry {
    let texts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard texts.count <= 3 else {
      throw ThemeError(place, text, "has more than three parts: 256 colours / 16 colours / none")
    }
    var parts: [Part] = []
    for part in texts { parts.append(try read(part)) }
    var entry = Theme.Entry()
    guard let rich = parts.first, let last = parts.last else { return entry }
    if !isColourless {
      entry.rich = rich.look
      entry.faint = rich.faint
      entry.basic = try parts.count > 1 ? basic(parts[1].look) : nearest(to: rich.look)
    }
    entry.mono = last.look.attributes
    return entry
  }

  private func basic(_ look: Theme.Look) throws(ThemeError) -> Theme.Look {
    if let colour = look.colour, colour > 15 {
      throw ThemeError(
        place, text,
        "gives 16 colours a number above 15; name one, such as \"75 / bright-blue\"")
    }
    return look
  }

  /// A ground's nearest colour could be that of the text on it, so it has none unless it is named.
  private func nearest(to look: Theme.Look) -> Theme.Look {
    guard let colour = look.colour, !isGround else { return Theme.Look(nil, look.attributes) }
    return Theme.Look(ColorDepth.nearest(to: ColorDepth.rgb(colour), in: 0...15), look.attributes)
  }

  private func read(_ text: Substring) throws(ThemeError) -> Part {
    var part = Part()
    var words = text.split(separator: " ")[...]
    guard !words.isEmpty else {
      throw ThemeError(place, self.text, "has an empty part; write \"plain\" for the plain text")
    }
    while let word = words.popFirst() {
      if let attribute = Self.attributes[word] {
        part.look.attributes.insert(attribute)
      } else if word == "faint", isGround {
        guard let next = words.popFirst(), let colour = Self.colour(next) else {
          throw ThemeError(place, self.text, "needs a colour after \"faint\", such as 250")
        }
        part.faint = colour
      } else if let colour = Self.colour(word) {
        part.look.colour = colour
      } else if word != "default", word != "plain" {
        throw ThemeError(
          place, self.text,
          "holds \"\(TextSanitizer.listText(String(word)))\", which is neither a colour (75, "
            + "#5fafff, bright-blue, default) nor bold, dim, underline, reverse or plain")
      }
    }
    return part
  }

  private static let attributes: [Substring: Style.Attributes] = [
    "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse,
  ]

  private static let names: [Substring] = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
  ]

  /// `75`, `#5fafff` or `bright-blue`.
  private static func colour(_ word: Substring) -> UInt8? {
    if let place = names.firstIndex(of: word) { return UInt8(place) }
    if word.hasPrefix("bright-"), let place = names.firstIndex(of: word.dropFirst(7)) {
      return UInt8(8 + place)
    }
    if word.hasPrefix("#"), word.utf8.count == 7, word.dropFirst().allSatisfy(\.isHexDigit) {
      // The first sixteen are whatever the person has made of them.
      return UInt32(word.dropFirst(), radix: 16).map { ColorDepth.nearest(to: $0, in: 16...255) }
    }
    return word.allSatisfy { $0.isASCII && $0.isNumber } ? UInt8(word) : nil
  }
}

extension ColorDepth {
  /// The colour of a part of the palette that is nearest to an RGB value, by squared distance.
  static func nearest(to rgb: UInt32, in palette: ClosedRange<UInt8>) -> UInt8 {
    func distance(_ index: UInt8) -> Int {
      let other = Self.rgb(index)
      return [16, 8, 0].reduce(0) { sum, shift in
        let difference = Int(rgb >> UInt32(shift) & 0xFF) - Int(other >> UInt32(shift) & 0xFF)
        return sum + difference * difference
      }
    }
    return palette.min { distance($0) < distance($1) } ?? palette.lowerBound
  }
}
