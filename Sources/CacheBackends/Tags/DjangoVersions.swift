import CacheModel
import KeyPattern
import RESP

/// Versions of Django's cache, in Django's own Redis backend and in django-redis.
///
/// The default key function makes `PREFIX:VERSION:KEY`; the prefix may be empty. Nothing on the
/// server says which version an application uses: a version is invalidated by deleting its keys, as
/// django-redis' `delete_pattern("*", version=…)` does. Values are pickles, or begin with the mark of
/// a compression; numbers are stored bare, so they confirm nothing.
///
/// Read in django/django: django/core/cache/backends/base.py and redis.py; in jazzband/django-redis:
/// django_redis/client/default.py, django_redis/serializers and django_redis/compressors.
struct DjangoVersions: TagConvention {
  let keeper = TagKeeper.django

  /// Pickles of protocols 2 to 5, zlib, gzip, zstd, xz, LZ4 frames.
  let look: ValueLook? = .string(
    beginnings: [
      [0x80, 2], [0x80, 3], [0x80, 4], [0x80, 5], [0x78, 0x9C], [0x78, 0x01], [0x78, 0xDA],
      [0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0xFD, 0x37, 0x7A], [0x04, 0x22, 0x4D, 0x18],
    ], holding: [])

  func tag(shownBy key: [UInt8]) -> Tag? {
    let colon = UInt8(ascii: ":")
    guard var start = key.firstIndex(of: colon) else { return nil }
    while let end = key[(start + 1)...].firstIndex(of: colon) {
      let version = key[(start + 1)..<end]
      if (1...9).contains(version.count), version.allSatisfy(isDigit), end + 1 < key.count {
        return Tag(keeper: keeper, prefix: Array(key[..<start]), name: Array(version))
      }
      start = end
    }
    return nil
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    let colon = [UInt8(ascii: ":")]
    let whole = tag.prefix + colon + tag.name + colon
    return TagPlace(
      source: .names(glob: GlobPattern.escape(whole) + [UInt8(ascii: "*")], nil, nil),
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: true,
        words: "delete all keys of the version, those named "
          + "\(String(decoding: whole, as: UTF8.self))…"))
  }
}
