import SystemIO
import TestSupport
import Testing
import ValueDecoding

/// What was edited through its layers, read back by the Python libraries that wrote it.
@Suite(.timeLimit(.minutes(5)), .enabled(if: PythonWriter.isInstalled))
struct PythonWritingTests {
  @Test func pythonReadsEveryEdit() throws {
    let program = try CommandProgram()
    let written = try program.execute("/usr/bin/env", PythonWriter.arguments("write"))
    #expect(written.status == 0, "\(written.errors)")
    let samples = written.text.split(separator: "\n").compactMap(Sample.init)
    #expect(samples.count >= 60, "\(samples.count)")
    var lines = ""
    for sample in samples {
      let value = try EditableValue(sample.bytes, within: DecodingBudget())
      let text = String(decoding: value.text, as: UTF8.self)
      let edited = text.replacing("Lamp", with: "Lantern").replacing("4711", with: "4712")
      #expect(edited != text, "\(sample.title)")
      let bytes = try value.encoded(Array(edited.utf8), within: DecodingBudget())
      lines += "\(sample.title)\t\(sample.original)\t\(Base64.text(of: bytes))\n"
    }
    let read = try program.execute(
      "/usr/bin/env", PythonWriter.arguments("read"), input: Array(lines.utf8))
    #expect(read.status == 0, "\(read.errors)")
    #expect(read.text.trimmed() == "\(samples.count) read back", "\(read.text.prefix(2000))")
  }

  private struct Sample {
    var title: String
    var original: String
    var bytes: [UInt8]

    init?(_ line: Substring) {
      let parts = line.split(separator: "\t")
      guard parts.count == 2, let bytes = Base64.bytes(of: String(parts[1])) else { return nil }
      title = String(parts[0])
      original = String(parts[1])
      self.bytes = bytes
    }
  }
}

/// Python with its own libraries, and with msgpack, zstandard and lz4 where they are installed.
private enum PythonWriter {
  static let isInstalled: Bool = {
    let found = try? CommandProgram().execute("/usr/bin/env", ["python3", "-c", "import pickle"])
    return found?.status == 0
  }()

  static func arguments(_ task: String) -> [String] { ["python3", "-c", program, task] }

  /// `write`: a line for each value in each chain. `read`: whether each edited value is what the
  /// original is with the same edit made in Python.
  private static let program = #"""
    import base64, bz2, collections, datetime as dt, decimal, gzip, json, lzma, pickle, sys, uuid, zlib
    def later(name):
        try: return __import__(name, fromlist=["x"])
        except ImportError: return None
    msgpack, zstd, lz4 = later("msgpack"), later("zstandard"), later("lz4.frame")

    VALUES = {
        "plain": {"name": "Lamp", "price": 4711, "rate": 3.0, "ok": True, "none": None, "big": 2**80,
                  "neg": -2**40, "text": "h\u00e9llo \u4e16", "long": "Lamp" * 200, "list": [1, [2, []]]},
        "python": {"name": "Lamp", 4711: (1, (), ("a",), (1, 2, 3, 4)), "set": {"Lamp"}, "none": set(),
                   "frozen": frozenset([3]), "bytes": b"\x00\xff" * 3, "long bytes": bytes(range(256)) * 2,
                   "array": bytearray(b"xy"), "empty": b"", "complex": complex(1, -2.5),
                   "inf": float("inf"), "tuple keys": {(1, 2): "x"}},
        "library": {"name": "Lamp", "id": 4711, "at": dt.datetime(2024, 2, 29, 1, 2, 3, 4),
                    "zone": dt.datetime(2024, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=-5, minutes=-30))),
                    "fold": dt.datetime(2024, 1, 2, 1, fold=1), "day": dt.date(1999, 12, 31),
                    "time": dt.time(23, 59, 59, 999999), "span": dt.timedelta(-3, 4, 5),
                    "price": decimal.Decimal("10.50"), "uuid": uuid.UUID(int=2**127 + 5),
                    "order": collections.OrderedDict([("b", 1), ("a", 2)]),
                    "count": collections.Counter("abca"), "queue": collections.deque([1, 2], 5),
                    "open": collections.deque([3]),
                    "fallback": collections.defaultdict(list, {"x": [1]})},
    }
    PLAIN = VALUES["plain"]
    LAYERS = {
        "zlib 1": (lambda b: zlib.compress(b, 1), zlib.decompress),
        "zlib 6": (zlib.compress, zlib.decompress), "zlib 9": (lambda b: zlib.compress(b, 9), zlib.decompress),
        "gzip": (gzip.compress, gzip.decompress), "bz2": (bz2.compress, bz2.decompress),
        "xz": (lzma.compress, lzma.decompress),
        "base64": (base64.b64encode, base64.b64decode),
        "cachelib": (lambda b: b"!" + b, lambda b: b[1:] if b[:1] == b"!" else 1 / 0),
        "dogpile": (lambda b: b'{"ct": 1795188474.75, "v": 2}|' + b,
                    lambda b: b[len(b'{"ct": 1795188474.75, "v": 2}|'):]
                    if b.startswith(b'{"ct": 1795188474.75, "v": 2}|') else 1 / 0),
    }
    if zstd: LAYERS["zstd"] = (zstd.ZstdCompressor().compress, zstd.ZstdDecompressor().decompress)
    if lz4: LAYERS["lz4"] = (lz4.compress, lz4.decompress)
    FORMS = {f"pickle {p}": ((lambda v, p=p: pickle.dumps(v, p)), pickle.loads) for p in range(6)}
    def plain_json(v): return json.dumps(v).encode()
    if msgpack:
        FORMS["msgpack"] = ((lambda v: msgpack.packb(v)), (lambda b: msgpack.unpackb(b, strict_map_key=False)))

    def chains():
        for form, (dump, load) in FORMS.items():
            for name, value in VALUES.items():
                if form == "msgpack": value = {k: v for k, v in PLAIN.items() if k != "big"}
                yield f"{form}/{name}", dump(value), load
        for layer, (wrap, unwrap) in LAYERS.items():
            for form in ["pickle 2", "pickle 4", "pickle 5", "json", "text"]:
                if form == "json":
                    if layer in ("cachelib", "base64"): continue
                    dump, load = plain_json, json.loads
                elif form == "text":
                    if layer in ("cachelib", "base64", "dogpile"): continue
                    dump, load = (lambda v: b"A Lamp for 4711, " * 20), (lambda b: b)
                else: dump, load = FORMS[form]
                if layer == "cachelib" and form == "json": continue
                yield (f"{layer} of {form}", wrap(dump(PLAIN)),
                       lambda b, load=load, unwrap=unwrap: load(unwrap(b)))
        both = zlib.compress(b"!" + pickle.dumps(PLAIN))
        yield "zlib of cachelib", both, lambda b: pickle.loads(zlib.decompress(b)[1:])

    def edited(v):
        t = type(v)
        if t is str: return v.replace("Lamp", "Lantern")
        if t is bytes: return v.replace(b"Lamp", b"Lantern").replace(b"4711", b"4712")
        if t is int: return 4712 if v == 4711 else v
        if t is dict: return {edited(k): edited(x) for k, x in v.items()}
        if t in (list, tuple, set, frozenset): return t(map(edited, v))
        return v

    def same(a, b):
        if type(a) is not type(b): return False
        if isinstance(a, dict): return list(map(str, a)) == list(map(str, b)) and all(same(x, y) for x, y in zip(a.values(), b.values()))
        if isinstance(a, (list, tuple)): return len(a) == len(b) and all(map(same, a, b))
        if isinstance(a, collections.deque): return a == b and a.maxlen == b.maxlen
        if isinstance(a, dt.datetime): return repr(a) == repr(b)
        return a == b

    if sys.argv[1] == "write":
        for title, data, _ in chains(): print(title, base64.b64encode(data).decode(), sep="\t")
    else:
        loaders, count = {t: load for t, _, load in chains()}, 0
        for line in sys.stdin:
            title, before, after = line.rstrip("\n").split("\t")
            load = loaders[title]
            try:
                was, now = edited(load(base64.b64decode(before))), load(base64.b64decode(after))
                if same(was, now): count += 1
                else: print("differs:", title, was, now)
            except Exception as error: print("fails:", title, repr(error))
        print(count, "read back")
    """#
}
