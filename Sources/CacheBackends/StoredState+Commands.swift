import CacheModel
import RESP

extension StoredState {
  /// Puts the state under a key. The deadline goes in a command of its own in the same transaction,
  /// which every server knows: a relative time would make the key live longer by the time of the
  /// way there, and one that has passed meanwhile takes the key away again.
  func commands(
    restoring key: CacheKey, replacing: Bool, _ traits: RedisTraits
  ) -> [RESPCommand] {
    let tagging =
      tags.isEmpty || !traits.keepsTags ? [] : [RESPCommand("CACHESCOPE.TAG", [key.bytes] + tags)]
    let whole = value.commands(restoring: key, replacing: replacing) + tagging
    guard let deadline else { return whole }
    let end = Array(String(deadline.milliseconds).utf8)
    return whole + [RESPCommand("PEXPIREAT", [key.bytes, end])]
  }

  /// What the value is; nil where that is not known.
  var kind: ValueKind? {
    switch value {
    case .dump(let payload): Self.kind(ofPayload: payload)
    case .typed(let value): value.kind
    }
  }

  /// By the first byte of a payload; nil for what is not known. Source: rdb.h of Redis up to 8.
  private static func kind(ofPayload payload: [UInt8]) -> ValueKind? {
    guard let type = payload.first else { return nil }
    return switch type {
    case 0: .string
    case 1, 10, 14, 18: .list
    case 2, 11, 20: .set
    case 3, 5, 12, 17: .sortedSet
    case 4, 9, 13, 16, 22...25: .hash
    default: nil
    }
  }
}

extension StoredValue {
  fileprivate func commands(restoring key: CacheKey, replacing: Bool) -> [RESPCommand] {
    switch self {
    case .dump(let payload):
      let options = replacing ? [Array("REPLACE".utf8)] : []
      return [RESPCommand("RESTORE", [key.bytes, Array("0".utf8), payload] + options)]
    case .typed(let value):
      return (replacing ? [RESPCommand("DEL", [key.bytes])] : []) + value.commands(filling: key)
    }
  }
}
