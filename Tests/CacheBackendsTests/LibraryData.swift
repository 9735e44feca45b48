import CacheModel
import RESP

/// A keyspace as libraries write it. What comes from Python was recorded from the libraries
/// themselves (Django 5.2, django-redis 7.0, dogpile.cache 1.5, Flask-Caching 2.5); for those in PHP
/// it is the commands that their sources send.
enum LibraryData {
  /// Commands between blanks; `\xNN` stands for a byte.
  static let laravel = """
    SETEX laravel_cache_0a1b:one 600 a
    SETEX laravel_cache_0a1b:two 600 b
    SET laravel_cache_77ff:three c
    ZADD laravel_cache_tag:posts:entries 1999999999 0a1b:one 1999999999 0a1b:two 5 0a1b:gone
    ZADD laravel_cache_tag:user:7:entries -1 77ff:three
    SET laravel_cache_untagged d
    """

  /// With a prefix of the connection, which the sets do not repeat in what they name.
  static let laravel9 = """
    SET db_cache:tag:posts:key s:22:"5f1e4b3a2c1d81234567aa";
    SET db_cache:tag:users:key 77345678
    SETEX db_cache:0a1b:one 600 a
    SET db_cache:0a1b:two b
    SET db_cache:77ff:three c
    SADD db_cache:5f1e4b3a2c1d81234567aa:standard_ref cache:0a1b:one
    SADD db_cache:5f1e4b3a2c1d81234567aa:forever_ref cache:0a1b:two
    SADD db_cache:77345678:forever_ref cache:77ff:three
    """

  static let symfony = #"""
    SETEX app:one 600 a
    SETEX app:two 600 b
    SETEX app:three 600 c
    SADD app:\x01tags\x01posts app:one app:two
    SADD app:\x00tags\x00old app:three
    SET pool:news\x01tags\x01 s:6:"abcdef";
    SET pool:item v
    """#

  static let magento = """
    HMSET zc:k:69d_one d data t 69d_CONFIG,69d_BLOCK m 1700000000 i 0
    HMSET zc:k:69d_two d data t 69d_CONFIG m 1700000000 i 0
    SADD zc:tags 69d_CONFIG 69d_BLOCK
    SADD zc:ti:69d_CONFIG 69d_one 69d_two
    SADD zc:ti:69d_BLOCK 69d_one
    """

  static let drupal = #"""
    SET site:cachetags:node:1 4
    SET site:cachetags:config 9
    HMSET site:page:/a cid /a tags node:1\x20config\x20x-redis-bin:page valid 1 checksum 13 data x
    HMSET site:page:/b cid /b tags config\x20x-redis-bin:page valid 1 checksum 9 data y
    """#

  static let django = #"""
    SET :1:home \x80\x05\x95\x12\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94]\x94(K\x01K\x02K\x03es.
    SET :1:count 7
    SETEX dr:1:page 300 x\x9ck`\x99\xfa\x9b\x91\x01\x0c"\xbe\x00\x19\x15\xa3`\xc4\x81)z\x00\x01\xe2\xee\x85
    SETEX shop:1:basket:1 600 \x80\x05\x95\x15\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x05items\x94]\x94\x8c\x03old\x94as.
    SETEX shop:2:basket:1 600 \x80\x05\x95\x13\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x05items\x94]\x94\x8c\x01x\x94as.
    SET user:123:profile {"name":1}
    HSET order:77:lines a 1
    """#

  static let dogpile = #"""
    SET app.views:load_page|v2|x\x201 {"ct":\x201795279320.6148474,\x20"v":\x202}|\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00](\x8c\x01x\x94K\x01e.
    SET app.views:load_user|7 {"ct":\x201795279320.6139479,\x20"v":\x202}|\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x02id\x94K\x07s.
    SET app.views:load_user|8 {"ct":\x201795279320.6145408,\x20"v":\x202}|\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x02id\x94K\x08s.
    SET mangled:f9ad38b4b4472f3c4256b3ef2b4781cfd795f827 {"ct":\x201795279320.6164706,\x20"v":\x202}|\x80\x04K\x03.
    SET mangled:other plain
    SET log:line|7 text
    """#

  static let flask = #"""
    SET flask_cache_4xYLP2jW2xvJjgx1fFJsDi 3
    SET flask_cache_ifcHHLCkkHzuNxCBfFJsDi 7
    SET flask_cache_ARaHeMsFF/9gR18e4skXlGQ7Sztg 10
    SET flask_cache_ArtEJD+6SpnZ8cG04skXlGSse84k 11
    SET flask_cache_M9BGR9HHtuD0gXPy4skXlGSse84k 12
    SET flask_cache_app.Adder.plus.Adder5_memver !\x80\x05\x95\n\x00\x00\x00\x00\x00\x00\x00\x8c\x06Sse84k\x94.
    SET flask_cache_app.Adder.plus.Adder9_memver !\x80\x05\x95\n\x00\x00\x00\x00\x00\x00\x00\x8c\x06Q7Sztg\x94.
    SET flask_cache_app.Adder.plus_memver !\x80\x05\x95\n\x00\x00\x00\x00\x00\x00\x00\x8c\x064skXlG\x94.
    SET flask_cache_app.add_memver !\x80\x05\x95\n\x00\x00\x00\x00\x00\x00\x00\x8c\x06fFJsDi\x94.
    SET flask_cache_plain !\x80\x05\x95\x05\x00\x00\x00\x00\x00\x00\x00\x8c\x01p\x94.
    SET else:AAAABBBBCCCCDDDDfFJsDi no
    """#

  static func commands(_ text: String) -> [RESPCommand] {
    text.split(separator: "\n").map { line in
      RESPCommand(arguments: line.split(separator: " ").map { bytes($0) })
    }
  }

  /// Text with `\xNN` and `\n` for bytes.
  static func bytes(_ text: some StringProtocol) -> [UInt8] {
    var rest = Array(text.utf8)[...]
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let mark = rest.first else {
        bytes.append(byte)
        continue
      }
      rest.removeFirst()
      guard mark == UInt8(ascii: "x") else {
        bytes.append(mark == UInt8(ascii: "n") ? 10 : mark)
        continue
      }
      bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
      rest.removeFirst(min(2, rest.count))
    }
    return bytes
  }
}
