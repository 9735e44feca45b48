package import CacheModel

/// What a DUMP payload holds, without the form that it was written in.
package enum DumpedValue: Sendable, Equatable {
  case string([UInt8])
  case list([[UInt8]])
  /// In the order of the payload, which means nothing.
  case set([[UInt8]])
  case sortedSet([ScoredMember])
  /// In the order of the payload, which means nothing. Of fields that expire on their own (Redis
  /// 7.4, Valkey 9) the deadlines, by field.
  case hash([HashField], deadlines: [[UInt8]: WallTime] = [:])
  case opaque(OpaqueValue)

  /// The value as one to create; nil for what is opaque. The deadlines of fields are not in it.
  package var newValue: NewValue? {
    switch self {
    case .string(let bytes): .string(bytes)
    case .list(let elements): .list(elements)
    case .set(let members): .set(members)
    case .sortedSet(let members): .sortedSet(members)
    case .hash(let fields, _): .hash(fields)
    case .opaque: nil
    }
  }

  /// What a key with this value is.
  package var kind: ValueKind {
    switch self {
    case .opaque(let value): value.kind
    default: newValue?.kind ?? .other("")
    }
  }

  /// A collection without elements, which no server keeps.
  var isEmptyCollection: Bool { newValue?.isEmptyCollection ?? false }

  /// Whether a field or a member comes twice. Linear.
  var repeatsItself: Bool {
    switch self {
    case .string, .list, .opaque: false
    case .set(let members): Self.repeats(members)
    case .sortedSet(let members): Self.repeats(members.lazy.map(\.member))
    case .hash(let fields, _): Self.repeats(fields.lazy.map(\.field))
    }
  }

  private static func repeats(_ names: some Collection<[UInt8]>) -> Bool {
    var known: Set<[UInt8]> = []
    known.reserveCapacity(names.count)
    return !names.allSatisfy { known.insert($0).inserted }
  }
}

/// A value whose inside is not read here: a stream, or one of a module.
package struct OpaqueValue: Sendable, Equatable {
  package var type: PayloadType
  /// The RDB version that the bytes were written for.
  package var version: UInt64
  /// What lies between the type and the version.
  package var bytes: ArraySlice<UInt8>

  /// What a key with this value is: a stream, or the name that its module goes by.
  package var kind: ValueKind {
    type.isStream ? .stream : .other(moduleName ?? "module")
  }

  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The nine letters of six bits each before a version of ten bits. Source: moduleTypeEncodeId of
  /// Redis' module.c.
  private var moduleName: String? {
    var reader = PayloadReader(bytes)
    guard type.isModule, let id = try? reader.wideNumber() else { return nil }
    let letters = (1...9).map { Self.letters[Int(id >> UInt64(64 - 6 * $0) & 0x3F)] }
    return String(decoding: letters, as: UTF8.self)
  }
}
