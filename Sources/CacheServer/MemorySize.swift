/// Sizes of memory as Redis' configuration writes them.
package enum MemorySize {
  /// `100mb`, `1g`, `4096`: with b the units are of 1024, without it of 1000. Nil for anything else
  /// and for more than 63 bits hold.
  package static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0 >= "0" && $0 <= "9" && $0.isASCII }
    guard !digits.isEmpty, digits.utf8.count <= 18, let number = Int(digits) else { return nil }
    let units: [String: Int] = [
      "": 1, "b": 1, "k": 1000, "kb": 1 << 10, "m": 1_000_000, "mb": 1 << 20, "g": 1_000_000_000,
      "gb": 1 << 30,
    ]
    guard let unit = units[text[digits.endIndex...].lowercased()] else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : bytes
  }
}
