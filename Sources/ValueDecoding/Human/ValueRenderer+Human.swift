/// Second views: the object is recognised by its class and the names within it, and what is not to be
/// shown (the plumbing of the library that wrote it) is left out. Everything inside is written as it
/// is everywhere else.
extension ValueRenderer {
  static func humanView(
    of tree: DecodedValue, within budget: DecodingBudget
  ) -> HumanView? {
    var renderer = ValueRenderer(tree, budget)
    guard let kind = try? renderer.renderHuman(tree.root) else { return nil }
    return HumanView(kind: kind, json: renderer.writer.bytes)
  }

  /// Writes the second view; nil, and nothing written, for a value that has none.
  private mutating func renderHuman(_ id: NodeID) throws(DecodingFailure) -> HumanKind? {
    if let kind = try renderRows(id) { return kind }
    guard let record = tree.record(id) else { return nil }
    if try renderResponse(record) { return .httpResponse }
    switch tree.calleeName(record) {
    case "django.db.models.base.model_unpickle":
      return try renderModel(id, record) ? .djangoModel : nil
    case "sqlalchemy.engine.result.FrozenResult":
      return try renderFrozen(record) ? .sqlalchemyFrozenResult : nil
    case "dogpile.cache.api.CachedValue": return try renderDogpile(record) ? .dogpile : nil
    default: break
    }
    if tree.attribute("_result_cache", of: record) != nil,
      tree.attribute("_query", of: record) != nil
    {
      return try renderQuerySet(record) ? .djangoQuerySet : nil
    }
    guard tree.attribute("_sa_instance_state", of: record) != nil else { return nil }
    return try renderInstance(id, record) ? .sqlalchemyInstance : nil
  }

  private mutating func begin(_ kind: HumanKind) throws(DecodingFailure) {
    try account()
    writer.beginObject()
    writer.key("kind")
    writer.string(kind.rawValue)
  }

  private mutating func member(_ name: String, _ id: NodeID?) throws(DecodingFailure) {
    writer.key(name)
    guard let id else { return writer.null() }
    try render(id)
  }

  /// Everything in an object's state but these names.
  private mutating func fields(
    of record: ObjectRecord, at id: NodeID, without hidden: Set<String>
  ) throws(DecodingFailure) {
    var names: [NamedValue] = []
    for map in tree.children(of: record.states).flatMap({ tree.stateMaps($0) }) {
      guard case .dictionary(let children) = tree[map] else { continue }
      names += (self.names(in: children, owner: map) ?? []).filter {
        !hidden.contains(String(decoding: $0.name, as: UTF8.self))
      }
    }
    writer.key("fields")
    writer.beginObject()
    try within(id) { (inside) throws(DecodingFailure) in try inside.write(names) }
    writer.endObject()
  }

  private mutating func rows(_ list: NodeID?) throws(DecodingFailure) {
    writer.key("rows")
    writer.beginArray()
    if let rows = tree.elements(list) {
      for row in rows where try renderHuman(row) == nil { try render(row) }
    }
    writer.endArray()
  }
}

// Object-relational mappers.
extension ValueRenderer {
  private mutating func renderModel(
    _ id: NodeID, _ record: ObjectRecord
  ) throws(DecodingFailure) -> Bool {
    guard let model = Array(tree.children(of: record.arguments)).first else { return false }
    try begin(.djangoModel)
    writer.key("model")
    if let parts = tree.elements(model).map({ $0.compactMap { tree.text($0) } }), !parts.isEmpty {
      writer.string(parts.joined(separator: "."))
    } else if case .global(let index) = tree[model], let name = tree.global(index) {
      writer.string(name.full)
    } else {
      try render(model)
    }
    let hidden: Set = ["_state", "_django_version", "_prefetched_objects_cache"]
    try fields(of: record, at: id, without: hidden)
    try member("django_version", tree.attribute("_django_version", of: record))
    writer.endObject()
    return true
  }

  private mutating func renderQuerySet(
    _ record: ObjectRecord
  ) throws(DecodingFailure) -> Bool {
    let result = tree.attribute("_result_cache", of: record)
    guard let rows = tree.elements(result),
      case .global(let index)? = tree.attribute("model", of: record).map({ tree[$0] }),
      let model = tree.global(index)
    else { return false }
    try begin(.djangoQuerySet)
    writer.key("model")
    writer.string(model.full)
    writer.key("count")
    writer.integer(Int64(rows.reduce(0) { count, _ in count + 1 }))
    try self.rows(result)
    writer.endObject()
    return true
  }

  private mutating func renderInstance(
    _ id: NodeID, _ record: ObjectRecord
  ) throws(DecodingFailure) -> Bool {
    guard let name = tree.calleeName(record) else { return false }
    try begin(.sqlalchemyInstance)
    writer.key("class")
    writer.string(name)
    try fields(of: record, at: id, without: ["_sa_instance_state"])
    writer.endObject()
    return true
  }

  private mutating func renderFrozen(
    _ record: ObjectRecord
  ) throws(DecodingFailure) -> Bool {
    let data = tree.attribute("data", of: record)
    let metadata = tree.record(tree.attribute("metadata", of: record))
    guard let metadata, let keys = tree.attribute("_keys", of: metadata),
      tree.elements(data) != nil
    else { return false }
    try begin(.sqlalchemyFrozenResult)
    try member("keys", keys)
    try rows(data)
    writer.endObject()
    return true
  }

  /// A list of rows, each a call that puts a row together from its parent's names and its values.
  private mutating func renderRows(_ id: NodeID) throws(DecodingFailure) -> HumanKind? {
    guard case .list = tree[id], let elements = tree.elements(id) else { return nil }
    var keys: NodeID?
    var values: [NodeID] = []
    for row in elements {
      guard let record = tree.record(row),
        tree.calleeName(record)?.hasSuffix(".rowproxy_reconstructor") == true,
        let state = Array(tree.children(of: record.arguments)).element(at: 1),
        let parent = tree.record(tree.member("_parent", of: state)),
        let names = tree.attribute("_keys", of: parent), keys == nil || names == keys,
        let data = tree.member("_data", of: state), tree.elements(data) != nil
      else { return nil }
      keys = names
      values.append(data)
    }
    guard let keys else { return nil }
    try begin(.sqlalchemyRows)
    try member("columns", keys)
    writer.key("rows")
    writer.beginArray()
    for row in values {
      writer.beginArray()
      for value in tree.elements(row) ?? tree.children(of: ChildList()) { try render(value) }
      writer.endArray()
    }
    writer.endArray()
    writer.endObject()
    return .sqlalchemyRows
  }

  private mutating func renderDogpile(
    _ record: ObjectRecord
  ) throws(DecodingFailure) -> Bool {
    let arguments = Array(tree.children(of: record.arguments))
    guard arguments.count == 2 else { return false }
    try begin(.dogpile)
    try member("payload", arguments[0])
    try member("metadata", arguments[1])
    writer.endObject()
    return true
  }
}
