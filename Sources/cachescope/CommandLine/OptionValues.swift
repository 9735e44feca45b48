import CacheModel
import CacheServer
import SystemIO

/// Values of options as what they mean; what does not mean it is a `UsageError`.
extension ParsedCommandLine {
  /// A whole number within bounds. The option must be there.
  func number(
    _ option: CommandLineOption, in bounds: ClosedRange<Int>
  ) throws(UsageError) -> Int {
    let text = value(option) ?? ""
    let digits = text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    guard digits, text.utf8.count <= 18, let number = Int(text), bounds.contains(number) else {
      let range = "is not a number from \(bounds.lowerBound) to \(bounds.upperBound)"
      throw UsageError(option, text, range, command: command)
    }
    return number
  }

  /// The same, or nil when the option is not there.
  func optionalNumber(
    _ option: CommandLineOption, in bounds: ClosedRange<Int>
  ) throws(UsageError) -> Int? {
    has(option) ? try number(option, in: bounds) : nil
  }

  /// Seconds with up to three decimals, in milliseconds; nil when the option is not there.
  func milliseconds(
    _ option: CommandLineOption, in bounds: ClosedRange<Int>
  ) throws(UsageError) -> Int? {
    guard let text = value(option) else { return nil }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let isDecimal = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }
    guard isDecimal, let whole = parts.first, whole.count <= 9, fraction.count <= 3,
      let seconds = Int(whole),
      let thousandths = Int(fraction + String(repeating: "0", count: 3 - fraction.count)),
      bounds.contains(seconds * 1000 + thousandths)
    else {
      let range =
        "is not a number of seconds from \(Self.seconds(bounds.lowerBound)) "
        + "to \(Self.seconds(bounds.upperBound))"
      throw UsageError(option, text, range, command: command)
    }
    return seconds * 1000 + thousandths
  }

  private static func seconds(_ milliseconds: Int) -> String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000)" : "0.\(milliseconds / 100)"
  }

  /// Bytes as Redis writes them: `1000`, `1k` (1,000), `1kb` (1,024), `256mb`, `2g`, `2gb`.
  func bytes(_ option: CommandLineOption) throws(UsageError) -> Int? {
    guard let text = value(option) else { return nil }
    guard let bytes = MemorySize.bytes(text) else {
      throw UsageError(option, text, "is not a size", command: command)
    }
    return bytes
  }

  /// A word out of a few; nil when the option is not there.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ option: CommandLineOption, _ type: Choice.Type
  ) throws(UsageError) -> Choice? where Choice.RawValue == String {
    guard let text = value(option) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError(option, text, "is not one of \(names)", command: command)
    }
    return choice
  }

  /// A TTL by this machine's time zone. A time that has passed is a slip more often than not: it is
  /// refused with `instead`, which does what it would.
  func ttl(_ text: String, instead: String) throws(UsageError) -> TTLInput {
    let input: TTLInput
    do throws(TTLSyntaxError) {
      input = try TTLInput.parse(text, localTime: CivilTime.localMilliseconds)
    } catch {
      throw UsageError(error.sentence, command: command)
    }
    if case .until(let time) = input.change, time.milliseconds <= SystemClock.wallMilliseconds {
      throw UsageError(
        "TTL \"\(text.prefix(60))\": that time has passed; \(instead)", command: command)
    }
    return input
  }
}

extension ParsedCommandLine {
  /// The most that Redis takes as one value.
  private static let largestValue = 512 << 20

  /// All of standard input.
  func standardInput() throws(UsageError) -> [UInt8] {
    do throws(Errno) {
      return try StandardStream.input.readAll(limit: Self.largestValue)
    } catch .tooLarge {
      throw UsageError("standard input holds more than 512 MB", command: command)
    } catch {
      throw UsageError("standard input: \(error.text)", command: command)
    }
  }
}
