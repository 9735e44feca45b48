import CacheModel

extension EditCase {
  /// The same element at three places, so that its position matters.
  private static let alike = [command("RPUSH", a, every, a, b, a)]

  private static func list(_ elements: [UInt8]...) -> ValueContent { .list(from: 0, elements) }

  static let lists = [
    EditCase(
      testDescription: "setElement", kind: .list, setUp: alike,
      change: .setElement(at: 2, value: turned, expected: a), after: list(a, every, turned, b, a),
      stale: .setElement(at: 2, value: turned, expected: b),
      missing: .setElement(at: 5, value: turned, expected: nil),
      interference: (command("LPUSH", c), .changedMeanwhile, list(c, a, every, a, b, a))),
    EditCase(
      testDescription: "setElement from the tail", kind: .list, setUp: alike,
      change: .setElement(at: -4, value: turned, expected: every), after: list(a, turned, a, b, a),
      stale: .setElement(at: -4, value: turned, expected: a),
      missing: .setElement(at: -6, value: turned, expected: nil),
      interference: (command("RPUSH", c), .changedMeanwhile, list(a, every, a, b, a, c))),
    EditCase(
      testDescription: "removeElement", kind: .list, setUp: alike,
      change: .removeElement(at: 2, expected: a), after: list(a, every, b, a),
      stale: .removeElement(at: 2, expected: b), missing: .removeElement(at: 9, expected: a),
      interference: (command("LPUSH", c), .changedMeanwhile, list(c, a, every, a, b, a))),
    EditCase(
      testDescription: "removeElement with every byte", kind: .list, setUp: alike,
      change: .removeElement(at: 1, expected: every), after: list(a, a, b, a),
      stale: .removeElement(at: 1, expected: turned),
      missing: .removeElement(at: .max, expected: a),
      interference: (command("LSET", one, c), .changedMeanwhile, list(a, c, a, b, a))),
    EditCase(
      testDescription: "removeElement from the tail", kind: .list, setUp: alike,
      change: .removeElement(at: -1, expected: a), after: list(a, every, a, b),
      stale: .removeElement(at: -1, expected: b), missing: .removeElement(at: .min, expected: a),
      interference: (command("RPUSH", c), .changedMeanwhile, list(a, every, a, b, a, c))),
    EditCase(
      testDescription: "insertElement", kind: .list, setUp: alike,
      change: .insertElement(turned, before: 4, expected: a),
      after: list(a, every, a, b, turned, a), stale: .insertElement(turned, before: 4, expected: b),
      missing: .insertElement(turned, before: 5, expected: a),
      interference: (command("LPUSH", c), .changedMeanwhile, list(c, a, every, a, b, a))),
    EditCase(
      testDescription: "insertElement from the tail", kind: .list, setUp: alike,
      change: .insertElement(turned, before: -3, expected: a),
      after: list(a, every, turned, a, b, a),
      stale: .insertElement(turned, before: -3, expected: b),
      missing: .insertElement(turned, before: -6, expected: a),
      interference: (command("RPUSH", c), .changedMeanwhile, list(a, every, a, b, a, c))),
    EditCase(
      testDescription: "pushElement at the head", kind: .list, setUp: alike,
      change: .pushElement(turned, .head), after: list(turned, a, every, a, b, a)),
    EditCase(
      testDescription: "pushElement at the tail", kind: .list, setUp: alike,
      change: .pushElement(turned, .tail), after: list(a, every, a, b, a, turned)),
  ]
}
