/// Reads the parts of one URL and knows where each stands.
struct AddressReader {
  let text: String

  func engine(_ rest: Substring) throws(SourceAddressError) -> SourceAddress {
    let (name, query) = Self.split(rest, at: "?")
    let isName =
      name.count <= 64 && name.first != "."
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    guard isName else {
      throw wrong(.engineName, name, "letters, digits, . _ and - may stand in it, 64 at most")
    }
    let place = SourceAddress.Place.engine(
      name: name.isEmpty ? SourceAddress.defaultEngineName : String(name))
    return SourceAddress(place, database: try database(query: query) ?? 0)
  }

  func redis(_ rest: Substring, usesTLS: Bool) throws(SourceAddressError) -> SourceAddress {
    let body = try withoutSlashes(rest)
    let end = body.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? body.endIndex
    try refuseLogin(in: body[end...])
    let (login, place) = Self.splitLogin(body[..<end])
    let (host, port) = try hostAndPort(place)
    let (path, query) = Self.split(body[end...], at: "?")
    let inQuery = try database(query: query)
    let inPath = try database(path: path)
    var address = SourceAddress(
      .tcp(host: host, port: port, usesTLS: usesTLS), database: inPath ?? inQuery ?? 0)
    if let login { try addLogin(login, to: &address) }
    return address
  }

  func unix(_ rest: Substring) throws(SourceAddressError) -> SourceAddress {
    let body = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
    let (place, query) = Self.split(body, at: "?")
    var login: Substring?
    var path = place
    if !place.hasPrefix("/"), let slash = place.firstIndex(of: "/") {
      let authority = place[..<slash]
      guard authority.last == "@" else {
        throw wrong(.path, path, "the path of a socket begins with /")
      }
      login = authority.dropLast()
      path = place[slash...]
    }
    guard path.hasPrefix("/"), path.count > 1 else {
      throw wrong(.path, path, "the path of a socket begins with /")
    }
    var address = SourceAddress(
      .unix(path: try decodedText(path, .path)), database: try database(query: query) ?? 0)
    if let login { try addLogin(login, to: &address) }
    return address
  }

  // MARK: Parts

  func withoutSlashes(_ rest: Substring) throws(SourceAddressError) -> Substring {
    guard rest.hasPrefix("//") else { throw wrong(.host, rest, "// stands before the host") }
    return rest.dropFirst(2)
  }

  /// A `/`, `?` or `#` in a password ends the host too early; nothing of it may be shown.
  func refuseLogin(in rest: Substring) throws(SourceAddressError) {
    guard rest.contains("@") else { return }
    throw .malformed(
      .password, offset: offset(rest), reason: "/ ? and # are written %2F, %3F and %23 in it")
  }

  func hostAndPort(
    _ place: Substring, defaultPort: UInt16 = SourceAddress.defaultPort
  ) throws(SourceAddressError) -> (host: String, port: UInt16) {
    var host = place
    var port: Substring?
    if place.first == "[" {
      guard let end = place.firstIndex(of: "]") else { throw wrong(.host, place, "] is missing") }
      host = place[place.index(after: place.startIndex)..<end]
      let behind = place[place.index(after: end)...]
      guard behind.isEmpty || behind.first == ":" else { throw wrong(.port, behind, "expected :") }
      port = behind.isEmpty ? nil : behind.dropFirst()
      guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || ":.%_-".contains($0) || $0.isLetter })
      else { throw wrong(.host, host, "this is no IPv6 address") }
    } else if let colon = place.firstIndex(of: ":") {
      host = place[..<colon]
      port = place[place.index(after: colon)...]
      if port?.contains(":") == true {
        throw wrong(.host, place, "an IPv6 address stands in brackets")
      }
    }
    guard host.allSatisfy({ !$0.isWhitespace && $0.unicodeScalars.allSatisfy { $0.value > 0x20 } })
    else { throw wrong(.host, host, "it holds a blank or a control character") }
    guard host.utf8.count <= 255 else { throw wrong(.host, host, "it is too long") }
    return (host.isEmpty ? "127.0.0.1" : String(host), try self.port(port) ?? defaultPort)
  }

  /// The host and, where one is given, the port.
  func hostAndOptionalPort(
    _ place: Substring
  ) throws(SourceAddressError) -> (host: String, port: UInt16?) {
    let (host, port) = try hostAndPort(place, defaultPort: 0)
    return (host, port == 0 ? nil : port)
  }

  private func port(_ text: Substring?) throws(SourceAddressError) -> UInt16? {
    guard let text, !text.isEmpty else { return nil }
    guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(text), port > 0 else {
      throw wrong(.port, text, "a port is a number from 1 to 65535")
    }
    return port
  }

  func database(path: Substring) throws(SourceAddressError) -> Int? {
    let (body, _) = Self.split(path, at: "#")
    let digits = body.hasPrefix("/") ? body.dropFirst() : body
    return digits.isEmpty ? nil : try database(digits)
  }

  func database(query: Substring?) throws(SourceAddressError) -> Int? {
    guard let query, !query.isEmpty else { return nil }
    var database: Int?
    for item in query.split(separator: "&") {
      guard item.hasPrefix("db=") else { throw wrong(.query, item, "only db=N is known") }
      database = try self.database(item.dropFirst(3))
    }
    return database
  }

  private func database(_ digits: Substring) throws(SourceAddressError) -> Int {
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), digits.count <= 10,
      let number = Int(digits), number <= SourceAddress.highestDatabase
    else { throw wrong(.database, digits, "a database is a number such as 0 or 15") }
    return number
  }

  func addLogin(
    _ login: Substring, to address: inout SourceAddress
  ) throws(SourceAddressError) {
    let (user, password) = Self.split(login, at: ":")
    address.user = user.isEmpty ? nil : try decodedText(user, .user)
    guard let password, !password.isEmpty else { return }
    address.password = Secret(try decoded(password, .password))
  }

  // MARK: Text

  func decodedText(
    _ text: Substring, _ part: SourceAddressError.Part
  ) throws(SourceAddressError) -> String {
    let bytes = try decoded(text, part)
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw wrong(part, text, "it is not UTF-8 text")
    }
    return text
  }

  private func decoded(
    _ text: Substring, _ part: SourceAddressError.Part
  ) throws(SourceAddressError) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text
    while let character = rest.first {
      guard character == "%" else {
        bytes.append(contentsOf: String(character).utf8)
        rest.removeFirst()
        continue
      }
      let digits = rest.dropFirst().prefix(2)
      guard digits.count == 2, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
        let byte = UInt8(digits, radix: 16)
      else { throw wrong(part, rest, "% is followed by two hexadecimal digits; % itself is %25") }
      bytes.append(byte)
      rest = rest.dropFirst(3)
    }
    return bytes
  }

  func wrong(
    _ part: SourceAddressError.Part, _ place: Substring, _ reason: String
  ) -> SourceAddressError {
    .malformed(part, offset: offset(place), reason: reason)
  }

  private func offset(_ place: Substring) -> Int {
    text.distance(from: text.startIndex, to: place.startIndex)
  }

  static func split(
    _ text: Substring, at mark: Character
  ) -> (Substring, Substring?) {
    guard let index = text.firstIndex(of: mark) else { return (text, nil) }
    return (text[..<index], text[text.index(after: index)...])
  }

  static func splitLogin(_ authority: Substring) -> (Substring?, Substring) {
    guard let at = authority.lastIndex(of: "@") else { return (nil, authority) }
    return (authority[..<at], authority[authority.index(after: at)...])
  }
}
