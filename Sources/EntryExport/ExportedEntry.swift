package import CacheModel

/// One entry of an export: everything that makes it the same entry elsewhere, and how it reads.
package struct ExportedEntry: Sendable, Equatable {
  package var key: CacheKey
  package var kind: ValueKind
  /// When it expires, by the clock of the source that it comes from; nil when it never does.
  package var deadline: WallTime?
  /// The value as a DUMP payload.
  package var payload: [UInt8]
  package var tags: [[UInt8]]
  /// The value as JSON for whoever reads the file; never read back. Nil when it is too long.
  package var rendering: String?

  package init(
    key: CacheKey, kind: ValueKind, deadline: WallTime?, payload: [UInt8], tags: [[UInt8]] = [],
    rendering: String? = nil
  ) {
    self.key = key
    self.kind = kind
    self.deadline = deadline
    self.payload = payload
    self.tags = tags
    self.rendering = rendering
  }
}

/// What an export says of itself in its first line.
package struct ExportHeader: Sendable, Equatable {
  /// `redis 7.0.15`.
  package var product: String
  package var database: Int
  /// When it was begun.
  package var time: WallTime

  package init(product: String, database: Int, time: WallTime) {
    self.product = product
    self.database = database
    self.time = time
  }
}

/// One line of an export.
package enum ExportLine: Sendable, Equatable {
  case header(ExportHeader)
  case entry(ExportedEntry)
  /// The last line: how many entries there are, and how many keys could not be exported.
  case end(entries: Int, failed: Int)
}

/// Why a line is none of an export. The position is the caller's to know.
package enum ExportLineError: Error, Sendable, Equatable {
  /// It breaks off.
  case cutOff
  /// It is no JSON object.
  case notJSON(offset: Int)
  /// A JSON object, but none of these lines.
  case unknown
  /// An export of a later version.
  case laterVersion(String)
  /// A field is missing or holds what it cannot hold.
  case wrongField(String)

  /// What is wrong, as a clause.
  package var words: String {
    switch self {
    case .cutOff: "is cut off"
    case .notJSON(let offset): "is not JSON at byte \(offset)"
    case .unknown: "is no line of an export of cachescope"
    case .laterVersion(let version):
      "is of version \(version), and this program reads version \(ExportFormat.version)"
    case .wrongField(let name): "has no usable field \"\(name)\""
    }
  }
}
