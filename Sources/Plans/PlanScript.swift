import CacheModel
import ValueDecoding

/// A plan as a script of `cachescope` commands that do the same again.
package struct PlanScript: Sendable {
  /// The keys of a plan.
  package enum Scope: Sendable, Equatable {
    /// What these find when the script runs.
    case matching(glob: String?, query: String?, tag: String?)
    /// These, by name.
    case keys(KeyNameList)
    /// Every key of the database.
    case database
  }

  private let source: String
  private let plan: PlannedChange
  private let scope: Scope
  private let target: String?
  private let confirmed: String?

  /// `source` as a person would type it, without a password, and `target` likewise for a copy.
  /// `confirmed` is the database's name where the commands ask for it.
  package init(
    _ plan: PlannedChange, over scope: Scope, of source: String, to target: String? = nil,
    confirming confirmed: String? = nil
  ) {
    self.plan = plan
    self.scope = scope
    self.source = source
    self.target = target
    self.confirmed = confirmed
  }

  private static let keysOnOneLine = 100

  /// Whether there are commands that make the plan.
  package var isPossible: Bool {
    if case .renamePrefix = plan { return false }
    if case .copy = plan { return scope.isSearched }
    if scope == .database { return plan == .delete }
    return plan == .persist || ttlOption != nil
  }

  /// The script; nil for a plan that no command makes.
  package var text: String? {
    var text = ""
    return write { text += $0 } ? text : nil
  }

  /// The same in pieces of some lines; false, and nothing, for a plan that no command makes.
  package func write<Failure>(_ body: (String) throws(Failure) -> Void) throws(Failure) -> Bool {
    guard isPossible else { return false }
    switch scope {
    case .matching(let glob, let query, let tag):
      try body("#!/bin/sh\n" + line(glob: glob, query: query, tag: tag) + "\n")
    case .database: try body("#!/bin/sh\n" + flushLine + "\n")
    case .keys(let keys):
      // A key that has gone meanwhile does not end the script.
      try body("#!/bin/sh\nstatus=0\n")
      var place = KeyNameList.Place()
      while let some = keys.next(Self.keysOnOneLine, from: &place) {
        try body(line(for: some) + " || status=$?\n")
      }
      try body("exit $status\n")
    }
    return true
  }

  private func line(glob: String?, query: String?, tag: String?) -> String {
    var words = ["cachescope"]
    var selection: [String] = []
    if let glob { selection += ["--match", Self.quoted(glob)] }
    if let query { selection += ["--where", Self.quoted(query)] }
    if case .copy(let conflict) = plan {
      words += ["copy", Self.quoted(source), Self.quoted(target ?? "")] + selection
      words += ["--on-conflict", conflict.rawValue]
      return Self.line(words + (confirmed.map { ["--confirm", Self.quoted($0)] } ?? []))
    }
    words += ["invalidate", "-u", Self.quoted(source)] + selection
    if let tag { words += ["--tag", Self.quoted(tag)] }
    words += ttlOption ?? []
    return Self.line(words + (confirmed.map { ["--confirm", Self.quoted($0)] } ?? ["--yes"]))
  }

  private var flushLine: String {
    let confirmation = confirmed.map { ["--confirm", Self.quoted($0)] } ?? ["--yes"]
    return Self.line(["cachescope", "flush", "-u", Self.quoted(source)] + confirmation)
  }

  private func line(for keys: [CacheKey]) -> String {
    let command: [String] =
      switch plan {
      case .delete: ["del"]
      case .persist: ["persist"]
      default: ["expire"] + (ttlOption ?? [])
      }
    let confirmation = confirmed.map { ["--confirm", Self.quoted($0)] } ?? []
    let names = keys.map { Self.quoted(Base64.text(of: $0.bytes)) }
    return Self.line(
      ["cachescope"] + command + ["-u", Self.quoted(source)] + confirmation + ["--key-b64", "--"]
        + names)
  }

  private static func line(_ words: [String]) -> String { words.joined(separator: " ") }

  /// Nil for a plan that is not about lifetimes.
  private var ttlOption: [String]? {
    switch plan {
    case .delete: return []
    case .expireNow: return ["--ttl=now"]
    case .persist: return ["--ttl=none"]
    case .spreadTTL(let milliseconds, let percent):
      return [Self.quoted("--ttl=\(milliseconds)ms~\(percent)%")]
    case .setTTL(let ttl): return Self.text(of: ttl).map { [Self.quoted("--ttl=" + $0)] }
    case .renamePrefix, .copy: return nil
    }
  }

  private static func text(of ttl: TTLChange) -> String? {
    switch ttl {
    case .fromNow(let milliseconds): "\(milliseconds)ms"
    case .adjust(let milliseconds): "\(milliseconds < 0 ? "-" : "+")\(milliseconds.magnitude)ms"
    case .persist: "none"
    case .now: "now"
    case .until(let time): text(of: time)
    }
  }

  /// Times are typed to the second: one that falls between has no text, nor one beyond four digits of
  /// a year.
  private static func text(of time: WallTime) -> String? {
    guard time.milliseconds >= 0, time.milliseconds % 1000 == 0 else { return nil }
    let civil = CivilTime(utc: time)
    guard civil.year < 10_000 else { return nil }
    func digits(_ number: Int, _ count: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let date = "\(digits(civil.year, 4))-\(digits(civil.month, 2))-\(digits(civil.day, 2))"
    let clock = "\(digits(civil.hour, 2)):\(digits(civil.minute, 2)):\(digits(civil.second, 2))"
    return "@\(date)T\(clock)Z"
  }

  /// The text as one word of a POSIX shell.
  package static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "@%+=:,./-_".utf8.contains(byte)
        }
      }
    guard !isPlain else { return text }
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}

extension PlanScript.Scope {
  /// Whether the keys are looked for when the script runs.
  package var isSearched: Bool {
    if case .matching = self { true } else { false }
  }
}
