/// Why a value cannot be edited as what it is, or an edit of it not be written.
package enum EditRefusal: Error, Sendable, Hashable {
  /// The bytes could not be read to their end.
  case unread
  /// A layer that only its own program can put on again: it is signed.
  case signed(layer: String)
  /// A form that is read, but not written.
  case form(String)
  /// Objects of a class, which cannot be put together again from what is shown.
  case objects(of: String)
  /// Nested more deeply than is written.
  case depth
  /// The text is no JSON.
  case noJSON
  /// The text is no UTF-8.
  case noText
  /// A number that the form has no room for, or no number where one has to be.
  case number(String)
  /// An object with a name that begins with `$` and means nothing here.
  case tag(String)
  /// A pickle of an object refers to itself.
  case cycle
  /// A library refused to compress it.
  case compression
}

extension EditRefusal {
  /// The reason as a clause.
  package var words: String {
    switch self {
    case .unread: "it could not be read to its end"
    case .signed(let layer): "its \(layer) layer is signed, and only the application has the secret"
    case .form(let name): "\(name) is read here, but not written"
    case .objects(let name): "it holds objects (\(name)), which only the application can write"
    case .depth: "it is nested too deeply"
    case .noJSON: "that is no JSON"
    case .noText: "that is no text in UTF-8"
    case .number(let text): "\(text) is no number that fits there"
    case .tag(let name): "\(name) means nothing here"
    case .cycle: "it refers to itself"
    case .compression: "it could not be compressed"
    }
  }
}
