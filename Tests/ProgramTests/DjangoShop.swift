import FoundationEssentials
import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// What two versions of a shop have put into one Redis by Django's cache: `PREFIX:VERSION:KEY`, whole
/// numbers bare, everything else as pickles, one of them compressed by django-redis. Beside them there
/// are keys that look nearly like those of version 1.
///
/// The bytes are what Django 5.2 and django-redis 7.0 have sent. Deadlines are absolute, so that the
/// same story told on two servers ends with the same deadlines.
final class DjangoShop: Sendable {
  let source: CommandSource
  private let channel: SocketChannel
  private let start: Int64

  static let page = "shop:1:views.decorators.cache.cache_page..GET." + pageDigests
  static let header = "shop:1:views.decorators.cache.cache_header..\(urlDigest).en-us.UTC"
  static let basket = "shop:1:basket:7"
  static let visits = "shop:1:visits"

  private static let urlDigest = "02d0f97bf09ef18c8af1db9a07ab7f86"
  private static let pageDigests = "\(urlDigest).d41d8cd98f00b204e9800998ecf8427e.en-us.UTC"

  /// Names of version 1, in their order, with what is stored in base64 and milliseconds of life.
  private static let stale: [(name: String, text: String, life: Int64?)] = [
    (basket, "gAWVJwAAAAAAAAB9lCiMBWl0ZW1zlF2UKIwDdGVhlIwDY3VwlGWMBXRvdGFslEsMdS4=", 86_399_000),
    ("shop:1:menu", menu, 86_000_123),
    ("shop:1:product:7", "gAWVDQAAAAAAAACMCUdyZWVuIHRlYZQu", 7_200_000),
    (header, "gAVdlC4=", 86_399_000),
    (page, response, 86_399_000),
    (visits, "NDI=", nil),
  ]

  /// Of the newer version, of a version with more digits, of another application, of none.
  private static let others: [(name: String, text: String, life: Int64?)] = [
    ("blog:1:front", "gAVdlC4=", 86_000_000), ("session:77", "NDI=", 80_000_000),
    ("shop:12:basket:7", "gAVdlC4=", 86_000_000), ("shop:2:basket:7", newBasket, 86_399_000),
    ("shop:2:menu", menu, 86_300_000), ("shop:2:visits", "Nw==", nil),
  ]

  static var staleNames: [String] { stale.map(\.name) }
  static var count: Int { stale.count + others.count }

  /// An `HttpResponse` as `cache_page` keeps it.
  private static let response = """
    gAWVqgEAAAAAAACMFGRqYW5nby5odHRwLnJlc3BvbnNllIwMSHR0cFJlc3BvbnNllJOUKYGUfZQojAdoZWFkZXJzlGgA\
    jA9SZXNwb25zZUhlYWRlcnOUk5QpgZR9lIwGX3N0b3JllH2UKIwMY29udGVudC10eXBllIwMQ29udGVudC1UeXBllIwY\
    dGV4dC9odG1sOyBjaGFyc2V0PXV0Zi04lIaUjAdleHBpcmVzlIwHRXhwaXJlc5SMHVN1biwgMjIgTm92IDIwMjYgMjE6\
    NTI6MjMgR01UlIaUjA1jYWNoZS1jb250cm9slIwNQ2FjaGUtQ29udHJvbJSMDW1heC1hZ2U9ODYzOTmUhpR1c2KMCF9j\
    aGFyc2V0lE6MEV9yZXNvdXJjZV9jbG9zZXJzlF2UjA5faGFuZGxlcl9jbGFzc5ROjAdjb29raWVzlIwMaHR0cC5jb29r\
    aWVzlIwMU2ltcGxlQ29va2lllJOUKYGUjAZjbG9zZWSUiYwOX3JlYXNvbl9waHJhc2WUTowKX2NvbnRhaW5lcpRdlEMS\
    PGgxPkdyZWVuIHRlYTwvaDE+lGF1Yi4=
    """

  /// `{"links": ["/tea", "/cups", …]}`, pickled and compressed by zlib.
  private static let menu = """
    eJxrYJlqzwABtVN6WHMy87KLp8RO0ehh0S9JTQSK6CeXFhRPyWDOYMGHU4v1AA9eFCM=
    """

  private static let newBasket = """
    gAWVOAAAAAAAAAB9lCiMBWl0ZW1zlF2UKIwDdGVhlIwDY3VwlGWMBXRvdGFslEsMjAhjdXJyZW5jeZSMA0VVUpR1Lg==
    """

  /// A server of its own that holds the keys; `start` is when their lives began, in milliseconds.
  init(start: Int64) async throws {
    source = try CommandSource(.redis)
    self.start = start
    channel = SocketChannel(
      ChannelConfiguration(endpoint: .unix(path: source.socketPath)),
      on: try EventLoop(name: "application"))
    for entry in Self.stale + Self.others { try await set(entry.name, entry.text, entry.life) }
  }

  static func stored(_ name: String) throws -> [UInt8] {
    let entry = try #require(Self.stale.first { $0.name == name })
    return try bytes(entry.text)
  }

  private static func bytes(_ text: String) throws -> [UInt8] {
    Array(try #require(Data(base64Encoded: text)))
  }

  private func set(_ name: String, _ text: String, _ life: Int64?) async throws {
    let value = try Self.bytes(text)
    let end = life.map { ["PXAT", "\(start + $0)"] } ?? []
    let arguments = [Array("SET".utf8), Array(name.utf8), value] + end.map { Array($0.utf8) }
    let reply = try #require(try await channel.send([RESPCommand(arguments: arguments)]).first)
    #expect(reply.error == nil)
  }

  /// A visitor comes with an old page: version 1 of the application misses, and stores anew.
  func writeBasketAgain() async throws {
    try await set(Self.basket, Self.newBasket, 86_398_000)
  }

  /// Every key with its payload and its deadline, as the server itself tells them.
  func picture() async throws -> [String: [RESPValue]] {
    let listed = try #require(try await channel.send([RESPCommand("KEYS", "*")]).first)
    var picture: [String: [RESPValue]] = [:]
    for name in listed.elements ?? [] {
      let name = name.bytes ?? []
      let asked = ["DUMP", "PEXPIRETIME"].map { RESPCommand(arguments: [Array($0.utf8), name]) }
      picture[String(decoding: name, as: UTF8.self)] = try await channel.send(asked)
    }
    return picture
  }

  func close() async { await channel.close() }
}
