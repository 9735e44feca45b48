extension ValueText {
  /// The lines with their secrets masked, and what those are. `name` is the key or the field that it
  /// is the value of. Linear.
  package func masked(
    named name: [UInt8]? = nil, isStart: Bool = true, isEnd: Bool = true
  ) -> (text: ValueText, secrets: [FoundSecret]) {
    var bytes: [UInt8] = []
    for line in lines {
      for token in line.tokens { bytes += token.text.utf8 }
      bytes.append(0x0A)
    }
    if !bytes.isEmpty { bytes.removeLast() }
    let secrets = SecretScan.secrets(in: bytes, named: name, isStart: isStart, isEnd: isEnd)
    guard !secrets.isEmpty else { return (self, []) }
    var masking = LineMasking(bytes: bytes, secrets: secrets)
    return (ValueText(form: form, lines: masking.masked(lines), isCut: isCut), secrets)
  }
}

/// Takes secrets out of lines that stand one after the other in the bytes, a line's end between them.
private struct LineMasking {
  let bytes: [UInt8]
  let secrets: [FoundSecret]
  /// The byte that comes next, and the secret that ends behind it.
  private var place = 0
  private var number = 0

  init(bytes: [UInt8], secrets: [FoundSecret]) {
    (self.bytes, self.secrets) = (bytes, secrets)
  }

  mutating func masked(_ lines: [ValueLine]) -> [ValueLine] {
    lines.compactMap { line in
      let start = place
      let tokens = line.tokens.flatMap { masked($0) }
      place += 1
      // A line in the middle of a secret has nothing left.
      let isInside =
        tokens.isEmpty && !line.tokens.isEmpty
        && secrets.indices.contains(number) && secrets[number].range.lowerBound < start
      return isInside ? nil : ValueLine(tokens)
    }
  }

  private mutating func masked(_ token: ValueToken) -> [ValueToken] {
    let end = place + token.text.utf8.count
    while number < secrets.count, secrets[number].range.upperBound <= place { number += 1 }
    guard number < secrets.count, secrets[number].range.lowerBound < end else {
      place = end
      return [token]
    }
    var pieces: [ValueToken] = []
    func add(_ role: ValueToken.Role, _ range: Range<Int>) {
      guard !range.isEmpty else { return }
      pieces.append(ValueToken(role, String(decoding: bytes[range], as: UTF8.self)))
    }
    while place < end {
      while number < secrets.count, secrets[number].range.upperBound <= place { number += 1 }
      guard number < secrets.count, secrets[number].range.lowerBound < end else { break }
      let secret = secrets[number].range
      if secret.lowerBound >= place {
        add(token.role, place..<secret.lowerBound)
        pieces.append(ValueToken(.masked, SecretMask.text(of: bytes[secret])))
      }
      place = min(secret.upperBound, end)
    }
    add(token.role, place..<end)
    place = end
    return pieces
  }
}
