/// An aggregate whose elements are still arriving.
struct OpenAggregate: Sendable {
  enum Kind: Sendable {
    case array, set, push, map
    /// Out-of-band facts about the value that follows; read and dropped.
    case attribute
  }

  let kind: Kind
  /// Elements still to come and here; a map's pairs count twice.
  let count: Int
  var elements: [RESPValue] = []

  /// Room that is made ahead of the elements, whatever was announced.
  private static let roomAhead = 256

  init(kind: Kind, count: Int) {
    self.kind = kind
    self.count = count
    elements.reserveCapacity(min(count, Self.roomAhead))
  }

  var isFull: Bool { elements.count >= count }

  /// The finished value; nil for an attribute.
  var value: RESPValue? {
    switch kind {
    case .array: .array(elements)
    case .set: .set(elements)
    case .push: .push(elements)
    case .map: .map(pairs)
    case .attribute: nil
    }
  }

  private var pairs: [RESPPair] {
    stride(from: 0, to: elements.count - 1, by: 2).map {
      RESPPair(elements[$0], elements[$0 + 1])
    }
  }
}

/// A bulk string whose length is known and whose bytes are still arriving.
struct PendingBulk: Sendable {
  enum Kind: Sendable {
    case bulk, error, verbatim
  }

  let kind: Kind
  let length: Int
}

/// The smallest step of a parse.
enum RESPToken {
  case value(RESPValue)
  case aggregate(OpenAggregate.Kind, count: Int)
}
