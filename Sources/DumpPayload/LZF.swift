/// The compression of RDB strings. Source: lzf_d.c of LibLZF by M. Lehmann.
enum LZF {
  /// An input byte stands for at most so many bytes of output.
  private static let mostOfAByte = 264

  /// The `size` bytes that the input stands for; nil when it is malformed. A false size reserves no
  /// more than a few times the input.
  static func decompress(_ input: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    guard size <= input.count.multipliedReportingOverflow(by: mostOfAByte).partialValue else {
      return nil
    }
    var output: [UInt8] = []
    output.reserveCapacity(min(size, input.count * 8))
    var index = input.startIndex
    while index < input.endIndex {
      let control = Int(input[index])
      index += 1
      if control < 32 {
        guard index + control + 1 <= input.endIndex else { return nil }
        output += input[index...index + control]
        index += control + 1
      } else {
        var length = control >> 5
        if length == 7 {
          guard index < input.endIndex else { return nil }
          length += Int(input[index])
          index += 1
        }
        guard index < input.endIndex else { return nil }
        let start = output.count - (control & 31) << 8 - Int(input[index]) - 1
        index += 1
        guard start >= 0, output.count + length + 2 <= size else { return nil }
        for offset in 0..<length + 2 { output.append(output[start + offset]) }
      }
      guard output.count <= size else { return nil }
    }
    return output.count == size ? output : nil
  }
}
