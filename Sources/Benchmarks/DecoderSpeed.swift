import SystemIO
import TestSupport
import ValueDecoding

/// How many megabytes a second are read as JSON and as pickles, beside Python's own readers in C
/// (`json.loads`, `_pickle.loads`) on the same values in the same run.
///
/// The corpus is what an application caches: users with their lists, pages of results, settings, a few
/// hundred bytes to some tens of kilobytes each. Python makes it, and reads it first. “Read” is bytes to
/// a tree; “whole” is what `decode` does: finding out what they are, the tree, and the tree as JSON.
struct DecoderSpeed {
  let folder: String
  private let rounds = 7

  private static let script = """
    import json, _pickle, random, struct, sys, time
    folder = sys.argv[1]
    random.seed(20)
    def word(n): return ''.join(random.choice('abcdefghij klmnop') for _ in range(n))
    def user(i):
        return {'id': i, 'name': word(12), 'email': word(8) + '@example.com', 'active': i % 3 == 0,
                'score': random.random() * 1000, 'roles': [word(6) for _ in range(i % 5)],
                'address': {'street': word(18), 'city': word(9), 'zip': str(10000 + i), 'geo': None},
                'logins': [1700000000 + random.randrange(10**7) for _ in range(i % 12)],
                'bio': 'caf\\u00e9 ' + word(60)}
    def page(i):
        return {'count': 40, 'next': '/items?page=%d' % i, 'results': [user(i * 40 + k) for k in range(40)]}
    values = [user(i) for i in range(400)] + [page(i) for i in range(60)]
    values += [[random.randrange(10**9) for _ in range(2000)] for _ in range(4)]
    values += [{'html': '<p>' + word(20000) + '</p>', 'headers': {'etag': word(20)}} for _ in range(12)]
    forms = {'json': [json.dumps(v).encode() for v in values],
             'pickle': [_pickle.dumps(v, 4) for v in values]}
    readers = {'json': json.loads, 'pickle': _pickle.loads}
    with open(folder + '/figures', 'w') as figures:
        for name, form in forms.items():
            with open(folder + '/' + name, 'wb') as f:
                for b in form: f.write(struct.pack('<I', len(b)) + b)
            best = None
            for _ in range(9):
                start = time.perf_counter()
                for b in form: readers[name](b)
                spent = time.perf_counter() - start
                best = spent if best is None else min(best, spent)
            figures.write('%s %d %.9f\\n' % (name, sum(map(len, form)), best))
    """

  func run() throws {
    let path = folder + "/corpus.py"
    try FileBytes.writeOwnerOnly(path: path, Array(Self.script.utf8))
    try Shell.time("python3 \(path) \(folder)")
    let lines = try FileBytes.read(path: folder + "/figures", limit: 1 << 16)
      .split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self).split(separator: " ") }
    print("decoders, beside Python's own in C on the same values")
    for line in lines where line.count == 3 {
      guard let bytes = Double(line[1]), let seconds = Double(line[2]) else { continue }
      try measure(String(line[0]), bytes: bytes, python: seconds)
    }
  }

  private func measure(_ name: String, bytes: Double, python: Double) throws {
    let values = try corpus(name)
    let decoder = ValueDecoder()
    let codec = name == "json" ? ValueCodec.json : .pickle
    let read = best { for value in values { _ = decoder.isReadable(value, as: codec) } }
    let whole = best { for value in values { _ = decoder.decode(value) } }
    let megabytes = bytes / 1e6
    print("  \(name): \(values.count) values, \((megabytes * 100).rounded() / 100) MB")
    Report.line("Python", megabytes / python, "MB/s")
    Report.line("read", megabytes / read, "MB/s")
    Report.line("whole", megabytes / whole, "MB/s")
    Report.line("read, against Python", python / read, "", atLeast: name == "json" ? 0.5 : 0.3)
    Report.line("whole, against Python", python / whole, "")
  }

  /// Seconds of the fastest round.
  private func best(_ body: () -> Void) -> Double {
    (0..<rounds).map { _ in
      let start = ContinuousClock.now
      body()
      return (ContinuousClock.now - start).milliseconds / 1000
    }.min() ?? .infinity
  }

  private func corpus(_ name: String) throws -> [[UInt8]] {
    let bytes = try FileBytes.read(path: folder + "/" + name, limit: 1 << 28)
    var values: [[UInt8]] = []
    var place = 0
    while place + 4 <= bytes.count {
      let count = bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
      values.append(Array(bytes[(place + 4)...].prefix(count)))
      place += 4 + count
    }
    return values
  }
}
