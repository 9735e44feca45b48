import SystemIO
import TestSupport
import Testing

/// The story with Django as the application, where python3 has one: it reads what was brought back.
@Suite(.timeLimit(.minutes(5)), .enabled(if: DjangoApplication.isInstalled))
struct DjangoItselfTests {
  @Test func djangoReadsWhatWasBroughtBack() throws {
    let source = try CommandSource(.redis)
    let application = DjangoApplication(source)
    let pages = ["/": "home", "/tea": "Green tea"]
    for version in [1, 2] {
      try application.run(
        version,
        """
        cache.set_many({"basket:7": {"items": ["tea"], "version": \(version)}, "visits": 42}, 86398)
        cache.set_many(\(pages.map { "\"\($0)\": \"\($1) \(version)\"" }.asDictionary), None)
        """)
    }
    let all = try application.read(1)
    #expect(all.contains("'items': ['tea']") && all.contains("Green tea 1"), "\(all)")

    let done = try source.run("invalidate", "--tag", "django:shop:1", "--yes")
    #expect(done.text.contains("deleted 4 keys in"), "\(done.text) \(done.errors)")
    #expect(try application.read(1) == "{}")
    #expect(try application.read(2).contains("Green tea 2"))
    let stored = try application.run(
      1, "print(cache.get_or_set('visits', lambda: 43, 86398), cache.incr('visits'))")
    #expect(stored == "43 44")
    let back = try source.run("keys", "--where", "tag:django:shop:1", "--names")
    #expect(back.lines == ["shop:1:visits"])

    let undone = try source.run("undo")
    #expect(undone.errors.contains("left as found: shop:1:visits"), "\(undone.errors)")
    #expect(try application.read(1) == all.replacing("'visits': 42", with: "'visits': 44"))
  }
}

/// Runs Python with Django's cache as `cache`, of the prefix `shop` and a version.
private struct DjangoApplication {
  private let source: CommandSource

  init(_ source: CommandSource) {
    self.source = source
  }

  /// Whether python3 finds Django and the Redis client that it uses.
  static let isInstalled: Bool = {
    let found = try? CommandProgram().execute("/usr/bin/env", python("import django, redis"))
    return found?.status == 0
  }()

  /// What is printed.
  @discardableResult
  func run(_ version: Int, _ text: String) throws -> String {
    let settings = """
      from django.conf import settings
      settings.configure(CACHES={"default": {
          "BACKEND": "django.core.cache.backends.redis.RedisCache",
          "LOCATION": "unix://\(source.socketPath)", "KEY_PREFIX": "shop", "VERSION": \(version)}})
      from django.core.cache import cache

      """
    let finished = try source.program.execute("/usr/bin/env", Self.python(settings + text))
    #expect(finished.status == 0, "\(finished.errors)")
    return finished.text.trimmed()
  }

  /// All that it finds, in the order of the names.
  func read(_ version: Int) throws -> String {
    try run(
      version, "print({k: cache.get(k) for k in ['/', '/tea', 'basket:7', 'visits'] if k in cache})"
    )
  }

  /// The tests' own Python, with an environment that finds what is installed for it.
  private static func python(_ text: String) -> [String] {
    let own = ["PATH", "HOME"].compactMap { name in
      EnvironmentVariable.value(of: name).map { "\(name)=\($0)" }
    }
    return own + ["python3", "-c", text]
  }
}

extension [String] {
  fileprivate var asDictionary: String { "{" + joined(separator: ", ") + "}" }
}
