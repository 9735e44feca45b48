import CacheEngine
import TestSupport
import Testing

/// What a keyspace should be, as a dictionary.
private struct Model {
  struct Entry {
    var value: [UInt8]
    var deadline: Int64?
  }

  var entries: [[UInt8]: Entry] = [:]

  mutating func expire(at now: Int64) {
    entries = entries.filter { $0.value.deadline ?? .max > now }
  }
}

struct KeyspaceModelTests {
  /// Random operations on few keys, compared with a dictionary after each.
  @Test(arguments: LongRun.seeds(1...5))
  func agreesWithADictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var keyspace = Keyspace(databases: 2)
    var model = Model()
    var now: Int64 = 1_000_000
    for step in 0..<3000 {
      now += Int64.random(in: 0...3, using: &random)
      model.expire(at: now)
      let key = bytes("k\(Int.random(in: 0..<120, using: &random))")
      act(Int.random(in: 0..<9, using: &random), key, &keyspace, &model, now, &random)
      let found = keyspace.entry(key, in: 0, at: now)
      #expect(found?.deadline == model.entries[key]?.deadline, "seed \(seed) step \(step)")
      #expect(text(found) == model.entries[key]?.value, "seed \(seed) step \(step)")
      guard step % 50 == 0 else { continue }
      #expect(keyspace.violatedInvariants() == [], "seed \(seed) step \(step)")
      let keys = keyspace.keys(in: 0, at: now)
      #expect(Set(keys) == Set(model.entries.keys))
      #expect(keyspace.count(in: 0) == model.entries.count)
    }
    #expect(keyspace.count(in: 1) == 0)
  }

  private func text(_ entry: Entry?) -> [UInt8]? {
    guard case .string(let bytes) = entry?.value else { return nil }
    return bytes
  }

  private func act(
    _ choice: Int, _ key: [UInt8], _ keyspace: inout Keyspace, _ model: inout Model, _ now: Int64,
    _ random: inout SeededGenerator
  ) {
    let value = bytes(String(repeating: "v", count: Int.random(in: 0..<60, using: &random)))
    let deadline = now + Int64.random(in: -2...200, using: &random)
    switch choice {
    case 0, 1:
      keyspace.set(key, to: .string(value), deadline: .remove, in: 0, at: now)
      model.entries[key] = .init(value: value)
    case 2, 3:
      keyspace.set(key, to: .string(value), deadline: .set(deadline), in: 0, at: now)
      model.entries[key] = .init(value: value, deadline: deadline)
    case 4:
      keyspace.set(key, to: .string(value), deadline: .keep, in: 0, at: now)
      model.entries[key] = .init(value: value, deadline: model.entries[key]?.deadline)
    case 5:
      let removed = keyspace.remove(key, in: 0, at: now)
      #expect((removed != nil) == (model.entries[key] != nil))
      model.entries[key] = nil
    case 6:
      let exists = keyspace.setDeadline(deadline, of: key, in: 0, at: now)
      #expect(exists == (model.entries[key] != nil))
      model.entries[key]?.deadline = deadline
    case 7:
      let isThere: Void? = keyspace.update(key, in: 0, at: now) { stored in
        stored = .string(value)
        return (true, ())
      }
      #expect((isThere != nil) == (model.entries[key] != nil))
      model.entries[key]?.value = value
    default:
      _ = keyspace.expireDue(at: now, limit: 3)
    }
    model.expire(at: now)
  }
}
