import CacheModel
import DumpPayload
import RESP

extension StoredState {
  /// Puts the state under a key; nil where its own form is not taken by the server, and what is in
  /// it is not read here.
  ///
  /// The deadline goes in a command of its own in the same transaction, which every server knows: a
  /// relative time would make the key live longer by the time of the way there, and one that has
  /// passed meanwhile takes the key away again.
  func commands(
    restoring key: CacheKey, replacing: Bool, _ traits: RedisTraits
  ) -> [RESPCommand]? {
    guard var commands = value.commands(restoring: key, replacing: replacing, traits) else {
      return nil
    }
    if !tags.isEmpty, traits.keepsTags {
      commands.append(RESPCommand("CACHESCOPE.TAG", [key.bytes] + tags))
    }
    if let deadline {
      let end = Array(String(deadline.milliseconds).utf8)
      commands.append(RESPCommand("PEXPIREAT", [key.bytes, end]))
    }
    return commands
  }

  /// What the value is; nil where that is not known.
  var kind: ValueKind? {
    switch value {
    case .dump(let payload): DumpPayload.kind(of: payload)
    case .typed(let value): value.kind
    }
  }
}

extension StoredValue {
  /// A payload goes as it is where the server takes it for sure, and otherwise by its parts: a
  /// RESTORE that is refused among other commands does not stop the others.
  fileprivate func commands(
    restoring key: CacheKey, replacing: Bool, _ traits: RedisTraits
  ) -> [RESPCommand]? {
    let deletion = replacing ? [RESPCommand("DEL", [key.bytes])] : []
    switch self {
    case .typed(let value): return deletion + value.commands(filling: key)
    case .dump(let payload):
      let isOne = traits.restoresOver
      let options = replacing && isOne ? [Array("REPLACE".utf8)] : []
      let restoring = RESPCommand("RESTORE", [key.bytes, Array("0".utf8), payload] + options)
      let whole = (isOne ? [] : deletion) + [restoring]
      let acceptance = traits.acceptance(of: payload)
      if acceptance == true { return whole }
      let parts = (try? DumpPayload.decode(payload))?.commands(filling: key)
      return parts.map { deletion + $0 } ?? (acceptance == nil ? whole : nil)
    }
  }
}

extension DumpedValue {
  /// Nil for what is opaque.
  fileprivate func commands(filling key: CacheKey) -> [RESPCommand]? {
    guard let commands = newValue?.commands(filling: key) else { return nil }
    guard case .hash(_, let deadlines) = self else { return commands }
    return commands
      + deadlines.map { field, deadline in
        let words = [String(deadline.milliseconds), "FIELDS", "1"].map { Array($0.utf8) }
        return RESPCommand("HPEXPIREAT", [key.bytes] + words + [field])
      }
  }
}

extension RedisTraits {
  /// Whether the server puts back a payload by RESTORE; nil when that is not known. What is too
  /// short to be one is left to the server's own words; what is damaged is not sent, because the
  /// commands around it would be carried out.
  func acceptance(of payload: [UInt8]) -> Bool? {
    guard has(.restore) else { return false }
    guard let version = DumpPayload.version(of: payload) else { return true }
    guard DumpPayload.isIntact(payload) else { return false }
    if let refusedPayload, version >= refusedPayload { return false }
    return figures.takesPayload(ofVersion: version)
  }

  /// Why a payload that is opaque here is not put back.
  func refusal(ofPayload payload: [UInt8]) -> BackendError {
    guard DumpPayload.isIntact(payload) else {
      return .unsupported("put back a value of which the copy is damaged; nothing was changed")
    }
    let version = DumpPayload.version(of: payload).map { "RDB version \($0)" } ?? "no version"
    let words = refusal(of: .restore) ?? "this server does not take a value of \(version)"
    return .refused(
      verb: "RESTORE", message: words + ", and its parts are not known here; nothing was changed")
  }
}
