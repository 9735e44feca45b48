import CacheModel

/// Reads conditions on figures.
extension QueryTermReader {
  func figure(_ figure: FigureTerm.Figure) throws(QueryError) -> QueryTerm.Condition {
    for comparison in FigureTerm.Comparison.allCases {
      let head = figure.rawValue + comparison.rawValue
      guard word.begins(with: head) else { continue }
      let argument = word.argument(after: head)
      if figure == .ttl, comparison == .equal, argument.text == "none" { return .unlimited }
      return .figure(FigureTerm(figure, comparison, try amount(of: figure, argument)))
    }
    let argument = word.argument(after: figure.rawValue + ":")
    if figure == .ttl, argument.text == "none" { return .unlimited }
    let isBeginning = figure == .ttl && "none".hasPrefix(argument.text)
    throw error(
      .comparisonExpected(figure),
      at: isBeginning ? word.end : argument.offset - (argument.bytes.isEmpty ? 0 : 1))
  }

  private func amount(
    of figure: FigureTerm.Figure, _ argument: QueryArgument
  ) throws(QueryError) -> Int64 {
    switch figure {
    case .ttl, .idle: try duration(figure, argument)
    case .size: try size(argument)
    case .frequency: try number(argument)
    }
  }

  /// Milliseconds of a time as TTLs are written, and 0.
  private func duration(
    _ figure: FigureTerm.Figure, _ argument: QueryArgument
  ) throws(QueryError) -> Int64 {
    guard let first = argument.bytes.first, (0x30...0x39).contains(first) else {
      throw error(.durationExpected(figure), at: argument.offset)
    }
    do throws(TTLSyntaxError) {
      let input = try TTLInput.parse(argument.text) { _ in nil }
      guard case .fromNow(let milliseconds) = input.change, input.spreadPercent == nil else {
        throw TTLSyntaxError(text: argument.text, offset: 0, problem: .trailingText)
      }
      return milliseconds
    } catch {
      let isPlain = argument.bytes.allSatisfy { $0.isASCIIAlphanumeric }
      if error.problem == .zero, isPlain { return 0 }
      let place = argument.text.prefix(error.offset).utf8.count
      throw self.error(.durationExpected(figure), at: argument.offset + place)
    }
  }

  private func number(_ argument: QueryArgument) throws(QueryError) -> Int64 {
    let digits = argument.bytes.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty, digits.count == argument.bytes.count else {
      throw error(.numberExpected, at: argument.offset + digits.count)
    }
    guard digits.count <= 18, let number = Int64(argument.text) else {
      throw error(.numberTooLarge, at: argument.offset)
    }
    return number
  }

  /// Bytes of `100`, `64kb`, `1.5mb`; units of 1024, as Redis writes them.
  private func size(_ argument: QueryArgument) throws(QueryError) -> Int64 {
    let bytes = argument.bytes
    let digits = bytes.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty else { throw error(.sizeExpected, at: argument.offset) }
    guard digits.count <= 15 else { throw error(.numberTooLarge, at: argument.offset) }
    var rest = bytes.dropFirst(digits.count)
    var fraction: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
      fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      rest = rest.dropFirst(1 + fraction.count)
      guard (1...6).contains(fraction.count) else {
        throw error(.sizeExpected, at: argument.offset + digits.count)
      }
    }
    let unit = String(decoding: rest, as: UTF8.self).lowercased()
    guard let factor = Self.units[unit], fraction.isEmpty || factor > 1 else {
      throw error(.sizeExpected, at: argument.offset + bytes.count - rest.count)
    }
    let (whole, overflow) = Self.number(digits).multipliedReportingOverflow(by: factor)
    guard !overflow, whole <= .max / 2 else { throw error(.numberTooLarge, at: argument.offset) }
    let part = Double(Self.number(fraction)) / Self.powers[fraction.count] * Double(factor)
    return whole + Int64(part.rounded())
  }

  private static let units: [String: Int64] = [
    "": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40,
  ]
  private static let powers: [Double] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

  /// Of at most 15 digits.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int64 {
    digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
  }
}

extension UInt8 {
  fileprivate var isASCIIAlphanumeric: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self & 0xDF)
  }
}
