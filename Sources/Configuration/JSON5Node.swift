/// Where something stands in a text, both counted from 1; columns in code points.
package struct TextPosition: Sendable, Hashable, Comparable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: TextPosition, right: TextPosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A value of a JSON5 text and where it begins.
package struct JSON5Node: Sendable, Equatable {
  package indirect enum Value: Sendable, Equatable {
    case null
    case flag(Bool)
    /// As it is written, without a leading `+`.
    case number(String)
    case string(String)
    case array([JSON5Node])
    /// In the order of the text; no name twice.
    case object([JSON5Member])
  }

  package var value: Value
  package var position: TextPosition

  package init(_ value: Value, at position: TextPosition) {
    self.value = value
    self.position = position
  }

  /// What it is, within a sentence.
  package var kindWords: String {
    switch value {
    case .null: "null"
    case .flag: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// A named value of an object.
package struct JSON5Member: Sendable, Equatable {
  package var name: String
  /// Where the name begins.
  package var position: TextPosition
  package var node: JSON5Node
}

/// Why a text is not JSON5, and where.
package struct JSON5SyntaxError: Error, Sendable, Equatable {
  package var position: TextPosition
  /// What is wrong and what was expected, without the position.
  package var words: String

  package init(_ words: String, at position: TextPosition) {
    self.words = words
    self.position = position
  }
}
