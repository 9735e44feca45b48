import CacheModel
import RESP

extension CacheKey {
  /// Where a cluster keeps it.
  var slot: HashSlot { HashSlot(of: bytes) }
}

extension KeyChange {
  /// Why a cluster cannot do this to a key in one step; nil when it can.
  func obstacleInCluster(of key: CacheKey) -> BackendError? {
    guard let other = otherKey, other.slot != key.slot else { return nil }
    return .unsupported(
      "change two keys of different slots of a cluster in one step; "
        + "keys with the same {tag} in their names share a slot")
  }
}
