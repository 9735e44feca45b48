/// Why bytes could not be decoded; the raw value is the code that a script reads.
package enum DecodingFailure: String, Error, Sendable, Hashable, CaseIterable {
  case pickleTruncated = "pickle:truncated"
  case pickleBadOp = "pickle:bad-op"
  case pickleBadValue = "pickle:bad-value"
  case pickleUnknownOpcode = "pickle:unknown-opcode"
  case pickleUnknownProtocol = "pickle:unknown-protocol"
  case compressTruncated = "compress:truncated"
  case compressCorrupt = "compress:corrupt"
  /// More than one layer may hold.
  case inflateLimit = "limit:inflate"
  /// More layers of compression than may be opened.
  case layerLimit = "limit:layers"
  /// More than may be shown.
  case nodeLimit = "limit:nodes"
  /// A pickle of more steps than may be taken.
  case opcodeLimit = "limit:ops"
  case memoryLimit = "limit:memory"
  case timeLimit = "limit:time"
  /// The bytes are not of the form that was asked for.
  case mismatch = "form:mismatch"
}

/// How much a decoding may take. The standard ones are those by which the codes above are given.
package struct DecodingLimits: Sendable {
  /// Bytes out of one layer of compression.
  package var inflated = 64 << 20
  package var layers = 4
  package var nodes = 200_000
  package var opcodes = 5_000_000
  /// Containers within one another; deeper ones are left out of what is shown.
  package var depth = 100
  /// Bytes for the tree and for what a decompressor keeps.
  package var memory = 256 << 20

  package init() {}
}

/// The bounds of one decoding, and the clock that ends it.
package struct DecodingBudget: Sendable {
  package var limits: DecodingLimits
  /// Whether the time is up. Asked every few thousand steps.
  package var isExpired: @Sendable () -> Bool

  package init(
    limits: DecodingLimits = DecodingLimits(),
    isExpired: @escaping @Sendable () -> Bool = { false }
  ) {
    self.limits = limits
    self.isExpired = isExpired
  }

  /// How many steps may pass until the next check: a power of two.
  static let stride = 4096

  func check(weight: Int) throws(DecodingFailure) {
    if weight > limits.memory { throw .memoryLimit }
    if isExpired() { throw .timeLimit }
  }
}
