/// Why a configuration cannot be used: where, what is wrong, what was expected. Nothing of it counts
/// then, because a guard that was mistyped must not silently be none.
package struct ConfigurationError: Error, Sendable, Equatable {
  package var file: String
  package var position: TextPosition
  /// The names that lead to the place, such as `profiles.shop.read-only`; empty for the whole.
  package var field: String
  package var problem: String
  /// What would be right, as it would stand in the file.
  package var example: String?

  /// `config.json5:12:9: profiles.shop.read-only: expected true or false, and found a text; for
  /// example "read-only": true`
  package var sentence: String {
    let place = "\(file):\(position.line):\(position.column): "
    return place + (field.isEmpty ? "" : "\(field): ") + problem
      + (example.map { "; for example \($0)" } ?? "")
  }
}
