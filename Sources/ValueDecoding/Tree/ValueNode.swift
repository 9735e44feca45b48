/// The place of a node in the tree that holds it.
package typealias NodeID = UInt32

/// A run of bytes of a decoded value: of the bytes that were read, or of what had to be written anew
/// because escapes were undone.
package struct ByteSpan: Sendable, Hashable {
  var start: UInt32
  var count: UInt32
  var isRewritten = false
}

/// What a container holds: a chain of links, walked from the first for as many as it counts.
///
/// Two containers may share one chain (a set that was made of a list). Then the second may not grow
/// in place: it has no `last`.
package struct ChildList: Sendable, Hashable {
  static let nowhere = UInt32.max

  var first = nowhere
  var last = nowhere
  package var count: UInt32 = 0
}

/// One value in a tree. What contains others does so by links, never by nesting: a tree of any depth
/// costs no call stack, and may be a graph with sharing and cycles.
package enum ValueNode: Sendable, Hashable {
  case none
  case bool(Bool)
  case integer(Int64)
  /// An integer beyond 64 bits in decimal digits, without zeros ahead.
  case digits(ByteSpan)
  /// An integer beyond 64 bits in two's complement, its lowest byte first.
  case longInteger(ByteSpan)
  case double(Double)
  /// A finite number in JSON's spelling, with all the digits that it was written with.
  case written(ByteSpan)
  /// UTF-8, in which halves of surrogate pairs may stand alone.
  case text(ByteSpan)
  case bytes(ByteSpan)
  case byteArray(ByteSpan)
  case list(ChildList)
  case tuple(ChildList)
  case set(ChildList)
  case frozenSet(ChildList)
  /// Keys and values by turns, in the order that they were read in, duplicates included.
  case dictionary(ChildList)
  /// A class or function by its name.
  case global(UInt32)
  /// An instance or the result of a call that was not made.
  case object(UInt32)
  case persistentID(NodeID)
  case extensionCode(Int32)
  /// A buffer that was kept outside of the stream.
  case outOfBandBuffer
  /// MessagePack's own extension.
  case typedBytes(code: Int8, ByteSpan)
  case timestamp(seconds: Int64, nanoseconds: UInt32)
}

/// The name of a class or function, never looked up.
package struct GlobalName: Sendable, Hashable {
  package var module: String
  package var name: String

  package var full: String { module + "." + name }
}

/// What a pickle says of an object: how it is to be made, and what is done to it then.
package struct ObjectRecord: Sendable {
  package enum Making: Sendable {
    /// `class.__new__(arguments)`
    case new
    /// `callee(arguments)`
    case call
  }

  package var making: Making
  package var callee: NodeID
  package var arguments: ChildList
  package var keywords: NodeID?
  /// What it was told to become by BUILD, one after the other.
  package var states = ChildList()
  package var items = ChildList()
  /// Keys and values by turns.
  package var setItems = ChildList()
  /// The built-in type below it and its value, in a pickle of protocol 0 or 1.
  package var base: NodeID?
  package var baseState: NodeID?

  init(_ making: Making, _ callee: NodeID, _ arguments: ChildList) {
    self.making = making
    self.callee = callee
    self.arguments = arguments
  }
}
