/// What a key holds. Collections are boxed, so that an entry with a string pays nothing for them.
package enum StoredValue: Sendable {
  case string([UInt8])
  indirect case hash(HashValue)
  indirect case list(ListValue)
  indirect case set(SetValue)
  indirect case sortedSet(SortedSetValue)
  indirect case stream(StreamValue)

  /// A collection without elements must not exist, streams apart; its key is removed with its last
  /// element.
  package var isEmptyCollection: Bool {
    switch self {
    case .string, .stream: false
    case .hash(let hash): hash.count == 0
    case .list(let list): list.count == 0
    case .set(let set): set.count == 0
    case .sortedSet(let set): set.count == 0
    }
  }
}

/// A kind of value that is made of elements.
package protocol CollectionValue: Sendable {
  init()
  /// The collection in a value; nil when that is of another kind.
  init?(_ value: StoredValue)
  var stored: StoredValue { get }
  var count: Int { get }
}
