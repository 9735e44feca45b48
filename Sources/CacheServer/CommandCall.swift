import CacheEngine
import RESP

/// One command being carried out: its arguments, for whom, and when.
struct CommandCall {
  /// The name first.
  let arguments: [[UInt8]]
  let session: Session
  let engine: CommandEngine
  /// Milliseconds since 1970.
  let now: Int64
  /// Whether the session may be held until there is something to reply.
  var mayWait = true

  var database: Int { session.database }

  /// The first argument, which is the key of most commands.
  var key: [UInt8] { self[1] }

  /// An argument, or nothing where there is none.
  subscript(index: Int) -> [UInt8] {
    index < arguments.count ? arguments[index] : []
  }

  /// An argument as an upper-case word, for options.
  func word(_ index: Int) -> String {
    String(decoding: self[index].map(asciiUppercased), as: UTF8.self)
  }

  func text(_ index: Int) -> String {
    String(decoding: self[index], as: UTF8.self)
  }

  func integer(_ index: Int) throws(RESPError) -> Int64 {
    guard let value = DecimalInteger.parse(self[index]) else { throw .notAnInteger }
    return value
  }

  func positive(
    _ index: Int, _ refusal: RESPError = .notPositive
  ) throws(RESPError) -> Int64 {
    guard let value = DecimalInteger.parse(self[index]), value >= 0 else { throw refusal }
    return value
  }

  /// Null in place of an array.
  var nullArray: RESPValue {
    session.nullIsArray = true
    return .null
  }

  /// The name as the error for a wrong number of arguments quotes it.
  var wrongArgumentCount: RESPError {
    .wrongArgumentCount(String(decoding: arguments.first ?? [], as: UTF8.self).lowercased())
  }
}

// Lookups. Which of these a command uses decides whether it counts as a hit or miss and whether it
// touches: the same commands do as in Redis 7.0.
extension CommandCall {
  /// Counts, and makes the key the most recently used.
  func read(_ key: [UInt8]) -> Entry? {
    found(key, session.leavesRecency ? [.count] : [.count, .use])
  }

  /// Counts, and leaves the recency alone.
  func peek(_ key: [UInt8]) -> Entry? {
    found(key, [.count])
  }

  /// Counts, and makes the key the most recently used for whoever asks.
  func touch(_ key: [UInt8]) -> Entry? {
    found(key, [.count, .use])
  }

  private func found(_ key: [UInt8], _ traces: LookupTraces) -> Entry? {
    let entry = engine.keyspace.entry(key, in: database, at: now, traces: traces)
    if entry == nil { note(.missed, "keymiss", key) }
    return entry
  }

  /// Leaves no trace.
  func look(_ key: [UInt8]) -> Entry? {
    engine.keyspace.entry(key, in: database, at: now)
  }

  func readString(_ key: [UInt8]) throws(RESPError) -> [UInt8]? {
    guard let entry = read(key) else { return nil }
    return try entry.string
  }

  /// The collection of a key; counts, and makes the key the most recently used.
  func read<Value: CollectionValue>(
    _ key: [UInt8], as kind: Value.Type
  ) throws(RESPError) -> Value? {
    guard let entry = read(key) else { return nil }
    guard let value = Value(entry.value) else { throw .wrongType }
    return value
  }

  /// The collection of a key that a command is about to change; leaves no trace.
  func look<Value: CollectionValue>(
    _ key: [UInt8], as kind: Value.Type
  ) throws(RESPError) -> Value? {
    guard let entry = look(key) else { return nil }
    guard let value = Value(entry.value) else { throw .wrongType }
    return value
  }
}

extension Entry {
  /// The bytes of a string.
  var string: [UInt8] {
    get throws(RESPError) {
      guard case .string(let bytes) = value else { throw .wrongType }
      return bytes
    }
  }
}

// Changes.
extension CommandCall {
  typealias Change = (changed: Bool, result: Result<RESPValue, RESPError>)

  func set(_ key: [UInt8], to bytes: [UInt8], deadline: DeadlineChange) {
    engine.keyspace.set(key, to: .string(bytes), deadline: deadline, in: database, at: now)
  }

  /// As SET and its kin: also tells the event, and that of the deadline.
  func assign(_ key: [UInt8], to bytes: [UInt8], deadline: DeadlineChange) {
    set(key, to: bytes, deadline: deadline)
    note(.string, "set", key)
    if case .set = deadline { note(.generic, "expire", key) }
  }

  /// Sets or removes the deadline of a key that exists; one that is over removes the key.
  func setDeadline(_ deadline: Int64?, of key: [UInt8]) {
    if let deadline, deadline <= now {
      remove(key)
      return note(.generic, "del", key)
    }
    engine.keyspace.setDeadline(deadline, of: key, in: database, at: now)
    note(.generic, deadline == nil ? "persist" : "expire", key)
  }

  @discardableResult
  func remove(_ key: [UInt8]) -> Bool {
    engine.keyspace.remove(key, in: database, at: now) != nil
  }

  /// Changes a string in place; a key that is missing begins as the empty string and is made only
  /// when the body says that it changed.
  func changeString(
    _ key: [UInt8], event: String, _ body: (inout [UInt8], _ isNew: Bool) -> Change
  ) throws(RESPError) -> RESPValue {
    var hasChanged = false
    let outcome = engine.keyspace.update(key, in: database, at: now) {
      value -> (Bool, Result<RESPValue, RESPError>) in
      guard case .string(var bytes) = value else { return (false, .failure(.wrongType)) }
      value = .string([])  // so that `bytes` is the only owner and is changed in place
      let (changed, result) = body(&bytes, false)
      value = .string(bytes)
      hasChanged = changed
      return (changed, result)
    }
    if hasChanged { note(.string, event, key) }
    if let outcome { return try outcome.get() }
    var bytes: [UInt8] = []
    let (changed, result) = body(&bytes, true)
    if changed {
      set(key, to: bytes, deadline: .remove)
      note(.string, event, key)
    }
    return try result.get()
  }

  /// Changes a collection in place; `creating` makes one where there is no key, otherwise the
  /// answer is nil then. A collection that is empty afterwards is removed.
  func change<Value: CollectionValue>(
    _ key: [UInt8], creating: Bool = false, _ body: (inout Value) -> Change
  ) throws(RESPError) -> RESPValue? {
    let outcome = engine.keyspace.update(key, in: database, at: now) {
      value -> (Bool, Result<RESPValue, RESPError>) in
      guard var collection = Value(value) else { return (false, .failure(.wrongType)) }
      value = .string([])  // so that `collection` is the only owner and is changed in place
      let (changed, result) = body(&collection)
      value = collection.stored
      return (changed, result)
    }
    if let outcome { return try outcome.get() }
    guard creating else { return nil }
    var collection = Value()
    let (_, result) = body(&collection)
    set(key, to: collection)
    return try result.get()
  }

  /// Puts a collection under a key, without a deadline; an empty one leaves no key.
  func set(_ key: [UInt8], to collection: some CollectionValue) {
    let value = collection.stored
    guard !value.isEmptyCollection else {
      remove(key)
      return
    }
    engine.keyspace.set(key, to: value, deadline: .remove, in: database, at: now)
  }
}
