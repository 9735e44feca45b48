import CacheModel
import RESP
import TestSupport
import Testing

/// One change of a part of a value, and what each rule says about it. All of them are tried with a key
/// and parts that hold every byte.
struct EditCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var kind: ValueKind
  /// Makes the value under `EditCase.key`.
  var setUp: [RESPCommand]
  var change: KeyChange
  /// What it leaves.
  var after: ValueContent
  /// The same change by somebody who has read another value.
  var stale: KeyChange?
  /// A change of a part that is not there.
  var missing: KeyChange?
  /// A change that would make a part that is there already.
  var taken: KeyChange?
  /// What another client does to the part, what becomes of the change then, and what is left.
  var interference: (RESPCommand, ChangeOutcome, ValueContent)?

  static let key = CacheKey(everyByte)

  static func command(_ verb: String, _ arguments: [UInt8]...) -> RESPCommand {
    RESPCommand(verb, [key.bytes] + arguments)
  }

  static let every = everyByte
  static let turned: [UInt8] = everyByte.reversed()
  static let (a, b, c, one, two) = (bytes("a"), bytes("b"), bytes("c"), bytes("1"), bytes("2"))

  /// All of them on every source, but on a cluster: there one of each kind as a rule, and all in the
  /// long form.
  static func cases(on kind: SourceKind) -> [EditCase] {
    guard kind == .redisCluster, LongRun.factor == 1 else { return all }
    return [strings[0], hashes[0], lists[2], sets[2], sortedSets[4]]
  }

  static let all = strings + hashes + lists + sets + sortedSets + onlyMembers

  static let strings = [
    EditCase(
      testDescription: "setString", kind: .string, setUp: [command("SET", every)],
      change: .setString(turned, expected: every), after: .string(turned),
      stale: .setString(turned, expected: a),
      interference: (command("SET", a, bytes("KEEPTTL")), .changedMeanwhile, .string(a))),
    EditCase(
      testDescription: "setString of what may have grown", kind: .string,
      setUp: [command("SET", every)], change: .setString(turned, expected: every),
      after: .string(turned), stale: .setString(turned, expected: Array(every.dropLast())),
      interference: (command("APPEND", a), .changedMeanwhile, .string(every + a))),
  ]

  private static let twoFields = [command("HSET", every, a, b, every)]

  static let hashes = [
    EditCase(
      testDescription: "setField", kind: .hash, setUp: twoFields,
      change: .setField(every, value: turned, expected: a),
      after: hash((every, turned), (b, every)),
      stale: .setField(every, value: turned, expected: b),
      missing: .setField(c, value: a, expected: nil),
      interference: (
        command("HSET", every, c), .changedMeanwhile, hash((every, c), (b, every))
      )),
    EditCase(
      testDescription: "addField", kind: .hash, setUp: twoFields,
      change: .addField(turned, value: every),
      after: hash((every, a), (b, every), (turned, every)), taken: .addField(b, value: a),
      interference: (
        command("HSET", turned, c), .elementExists, hash((every, a), (b, every), (turned, c))
      )),
    EditCase(
      testDescription: "removeField", kind: .hash, setUp: twoFields,
      change: .removeField(b, expected: every), after: hash((every, a)),
      stale: .removeField(b, expected: a), missing: .removeField(c, expected: a),
      interference: (command("HSET", b, c), .changedMeanwhile, hash((every, a), (b, c)))),
    EditCase(
      testDescription: "removeField whatever it holds", kind: .hash, setUp: twoFields,
      change: .removeField(every, expected: nil), after: hash((b, every)),
      missing: .removeField(c, expected: nil),
      interference: (command("HDEL", every), .elementGone, hash((b, every)))),
  ]

  private static func hash(_ fields: ([UInt8], [UInt8])...) -> ValueContent {
    .hash(fields.map { HashField(field: $0.0, value: $0.1) })
  }

  private static let threeMembers = [command("SADD", every, a, b)]

  static let sets = [
    EditCase(
      testDescription: "addMember", kind: .set, setUp: threeMembers, change: .addMember(turned),
      after: .set([every, a, b, turned]), taken: .addMember(every),
      interference: (command("SADD", turned), .elementExists, .set([every, a, b, turned]))),
    EditCase(
      testDescription: "removeMember", kind: .set, setUp: threeMembers,
      change: .removeMember(every), after: .set([a, b]), missing: .removeMember(c),
      interference: (command("SREM", every), .elementGone, .set([a, b]))),
    EditCase(
      testDescription: "replaceMember", kind: .set, setUp: threeMembers,
      change: .replaceMember(every, with: turned), after: .set([a, b, turned]),
      missing: .replaceMember(c, with: turned), taken: .replaceMember(every, with: a),
      interference: (command("SADD", turned), .elementExists, .set([every, a, b, turned]))),
  ]

  /// A set that was empty in between would have lost its TTL.
  private static let onlyMembers = [
    EditCase(
      testDescription: "replaceMember of the only one", kind: .set,
      setUp: [command("SADD", every)], change: .replaceMember(every, with: turned),
      after: .set([turned])),
    EditCase(
      testDescription: "replaceScoredMember of the only one", kind: .sortedSet,
      setUp: [command("ZADD", one, every)],
      change: .replaceScoredMember(every, with: turned, expected: 1), after: scores((turned, 1))),
  ]

  private static let twoScores = [command("ZADD", one, every, bytes("0.1"), a)]

  static let sortedSets = [
    EditCase(
      testDescription: "addScoredMember", kind: .sortedSet, setUp: twoScores,
      change: .addScoredMember(turned, score: -.infinity),
      after: scores((turned, -.infinity), (a, 0.1), (every, 1)),
      taken: .addScoredMember(a, score: 4),
      interference: (
        command("ZADD", two, turned), .elementExists, scores((a, 0.1), (every, 1), (turned, 2))
      )),
    EditCase(
      testDescription: "setScore", kind: .sortedSet, setUp: twoScores,
      change: .setScore(every, score: 0.1 + 0.2, expected: 1),
      after: scores((a, 0.1), (every, 0.1 + 0.2)), stale: .setScore(every, score: 7, expected: 3),
      missing: .setScore(c, score: 7, expected: nil),
      interference: (
        command("ZADD", two, every), .changedMeanwhile, scores((a, 0.1), (every, 2))
      )),
    EditCase(
      testDescription: "setScore whatever it was", kind: .sortedSet, setUp: twoScores,
      change: .setScore(every, score: 7, expected: nil), after: scores((a, 0.1), (every, 7)),
      missing: .setScore(c, score: 7, expected: nil),
      interference: (command("ZREM", every), .elementGone, scores((a, 0.1)))),
    EditCase(
      testDescription: "removeScoredMember", kind: .sortedSet, setUp: twoScores,
      change: .removeScoredMember(every, expected: 1), after: scores((a, 0.1)),
      stale: .removeScoredMember(every, expected: 3),
      missing: .removeScoredMember(c, expected: nil),
      interference: (
        command("ZADD", two, every), .changedMeanwhile, scores((a, 0.1), (every, 2))
      )),
    EditCase(
      testDescription: "replaceScoredMember", kind: .sortedSet, setUp: twoScores,
      change: .replaceScoredMember(a, with: turned, expected: 0.1),
      after: scores((turned, 0.1), (every, 1)),
      stale: .replaceScoredMember(a, with: turned, expected: 0.2),
      missing: .replaceScoredMember(c, with: turned, expected: nil),
      taken: .replaceScoredMember(a, with: every, expected: nil),
      interference: (
        command("ZADD", two, turned), .elementExists, scores((a, 0.1), (every, 1), (turned, 2))
      )),
  ]

  private static func scores(_ members: ([UInt8], Double)...) -> ValueContent {
    .sortedSet(members.map { ScoredMember(member: $0.0, score: $0.1) })
  }
}
