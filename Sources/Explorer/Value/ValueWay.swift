package import ValueDecoding

/// How the bytes of a string, or of a part of a value, are to be shown.
package enum ValueWay: Sendable, Hashable {
  /// As what they are, layer by layer, without what is of no interest to a person.
  case found
  /// As what they are, everything of it.
  case everything
  /// The bytes as they are, taken for one form.
  case form(ValueForm)
  /// What is inside when they are taken for this.
  case codec(ValueCodec)
  /// The scores of a sorted set as places on the globe.
  case places

  /// `auto`, `text`, `JSON`, `hex`, `msgpack`: as messages name it.
  package var title: String {
    switch self {
    case .found: "auto"
    case .everything: "it is, in full"
    case .form(.binary): "hex"
    case .form(.json): "JSON"
    case .form(.text): "text"
    case .form(.integer): "integer"
    case .codec(let codec): codec.rawValue
    case .places: "places, longitude and latitude"
    }
  }

  var form: ValueForm? {
    if case .form(let form) = self { form } else { nil }
  }
}
