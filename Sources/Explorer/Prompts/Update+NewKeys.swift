import CacheModel

/// New names: creating a key, renaming one, copying one. None of them ever overwrites; when a name
/// is taken the form comes back and says so.
extension ExplorerState {
  /// The kinds that can be created.
  static let creatable: [(title: String, kind: ValueKind)] = [
    ("string", .string), ("hash", .hash), ("list", .list), ("set", .set), ("zset", .sortedSet),
  ]

  mutating func askForKey() {
    openForm(
      .create, title: "Create a key",
      notes: [
        "type: ← → or blank · ttl: 90, 5m, 2h30m, 1d, or nothing for none",
        "enter goes on and at the end creates · tab moves · esc leaves",
      ],
      fields: Self.createFields(kind: 0, name: .text("name", prefixHere), ttl: .text("ttl")))
  }

  /// The prefix of the folder that the cursor is on or in, where it can be typed.
  private var prefixHere: String {
    guard screen == .keys, keys.isTree, let item = keys.cursorItem,
      let folder = keys.cursorFolder ?? keys.folder(around: item)
    else { return "" }
    return Self.oneLine(keys.tree.prefix(folder)) ?? ""
  }

  private static func createFields(kind: Int, name: FormField, ttl: FormField) -> [FormField] {
    let choices = creatable.map { FormField.Choice($0.title) }
    let parts: [FormField] =
      switch creatable[kind].kind {
      case .string: [.text("value")]
      case .list: [.text("element")]
      case let kind: partFields(kind) ?? []
      }
    return [name, FormField("type", .choice(choices, chosen: kind))] + parts + [ttl]
  }

  /// Another type has other fields.
  mutating func refitCreateForm() {
    guard let form = prompt, case .form(.create) = form.kind, form.focus == 1,
      let kind = form.fields[1].chosen, Self.creatable.indices.contains(kind),
      let ttl = form.fields.last
    else { return }
    prompt?.fields = Self.createFields(kind: kind, name: form.fields[0], ttl: ttl)
  }

  mutating func submitCreate(_ texts: [String]) -> [Effect] {
    guard let form = prompt, let kind = form.fields[1].chosen else { return [] }
    let key = CacheKey(texts[0])
    guard !texts[0].isEmpty else { return refuse("a key needs a name", at: 0) }
    guard let value = newValue(Self.creatable[kind].kind, Array(texts[2...].dropLast())) else {
      return refuse("a score is a number, such as 10, 2.5 or inf", at: form.fields.count - 2)
    }
    let ttl: TTLChange?
    do {
      ttl = try texts.last.flatMap { text throws(TTLSyntaxError) in
        text.isEmpty ? nil : try TTLInput.parse(text, localTime: civilTime).change
      }
    } catch {
      return refuse(error.words, at: form.fields.count - 1)
    }
    if case .adjust = ttl { return refuse("a new key has no TTL to change: 5m", at: form.focus) }
    if case .until(let time) = ttl, time <= wallNow {
      return refuse("that time has passed: 5m, or nothing", at: form.focus)
    }
    if ttl == .now { return refuse("it would expire at once: 5m, or nothing", at: form.focus) }
    return release(
      .change(
        .create(value, ttl == .persist ? nil : ttl), key,
        title: "create \(nameForMessage(key))"))
  }

  private func newValue(_ kind: ValueKind, _ texts: [String]) -> NewValue? {
    let bytes = texts.map { Array($0.utf8) }
    guard let first = bytes.first else { return nil }
    switch kind {
    case .string: return .string(first)
    case .hash: return .hash([HashField(field: first, value: bytes.count > 1 ? bytes[1] : [])])
    case .list: return .list([first])
    case .set: return .set([first])
    default:
      guard texts.count > 1, let score = ScoreText.parse(texts[1]) else { return nil }
      return .sortedSet([ScoredMember(member: first, score: score)])
    }
  }

  /// The form stays, with the focus where it goes wrong.
  private mutating func refuse(_ problem: String, at field: Int) -> [Effect] {
    prompt?.problem = problem
    prompt?.focus = field
    return []
  }

  // MARK: Renaming and copying

  mutating func askForName(isCopy: Bool) {
    guard let key = targetUnderCursor() else { return }
    guard let name = Self.oneLine(key.bytes) else {
      say("the name is not plain text: it cannot be typed here", .warning)
      return
    }
    openForm(
      isCopy ? .copyKey(key) : .rename(key),
      title: "\(isCopy ? "Copy" : "Rename") \(nameForMessage(key))",
      notes: [
        isCopy
          ? "the copy has the same value and expires at the same time"
          : "value and TTL stay; it never overwrites another key"
      ], fields: [.text("", name)])
  }

  mutating func submitName(_ text: String, of key: CacheKey, isCopy: Bool) -> [Effect] {
    let new = CacheKey(text)
    guard !text.isEmpty else { return refuse("a key needs a name", at: 0) }
    guard new != key else { return refuse("it is called that already", at: 0) }
    let change: KeyChange =
      isCopy ? .copy(to: new, replacing: false) : .rename(to: new, replacing: false)
    let verb = isCopy ? "copy" : "rename"
    return release(
      .change(
        change, key, title: "\(verb) \(nameForMessage(key)) to \(nameForMessage(new))"))
  }

  /// Whether the list already has a key of the name that is typed.
  func nameNote(_ text: String, except key: CacheKey? = nil) -> FormNote? {
    let new = CacheKey(text)
    guard new != key, let slot = keys.index.slot(of: new), keys.index[fate: slot].goneSince == nil
    else { return nil }
    return FormNote("\(nameForMessage(new)) exists: choose another name", isProblem: true)
  }

  /// What a new key's name and TTL mean.
  func createNote(_ texts: [String]) -> FormNote? {
    if let taken = nameNote(texts[0]) { return taken }
    guard let ttl = texts.last, !ttl.isEmpty else { return nil }
    return ttlNote(ttl, for: nil)
  }

  /// The form comes back, because the name is taken.
  mutating func reopen(_ form: Prompt, _ problem: String) {
    guard !isCovered else {
      say(problem, .warning)
      return
    }
    lastRequest += 1
    var form = form
    form.id = lastRequest
    form.paintedAt = nil
    form.focus = 0
    form.problem = problem
    prompt = form
  }
}

extension KeyChange {
  /// The key that a change makes beside the one that it is applied to.
  var newKey: CacheKey? {
    switch self {
    case .rename(let key, _), .copy(let key, _): key
    default: nil
    }
  }
}
