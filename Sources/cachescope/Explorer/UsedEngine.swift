import Explorer
import RESP
import SystemIO

/// The engine of this user that the explorer works on, as far as leaving and ending it is concerned.
struct UsedEngine: Sendable {
  /// Its process when it was started for this explorer; nil when it ran already.
  let started: Int32?
  /// Reading commands alone are sent by it.
  let channel: any RESPChannel
  /// The name of this explorer's own connections.
  let clientName: String

  /// Milliseconds for the engine to close its connections.
  private static let patience: Int64 = 2_000

  /// Who else uses it, and what it holds; nil when it does not tell.
  func use() async -> EngineUse? {
    let questions = [RESPCommand("CLIENT", "LIST"), RESPCommand("INFO", "keyspace")]
    guard let answers = try? await channel.send(questions), answers.count == 2,
      let clients = Self.lines(of: answers[0]), let keyspace = Self.lines(of: answers[1])
    else { return nil }
    let others = clients.count { line in
      !line.isEmpty && !line.contains(" name=\(clientName) ")
    }
    return EngineUse(
      otherClients: others, keys: keyspace.reduce(0) { $0 + (Self.keys(in: $1) ?? 0) })
  }

  /// The process to be ended; nil when the engine does not tell its own.
  func process() async -> Int32? {
    if let started { return started }
    guard let answer = try? await channel.send([RESPCommand("INFO", "server")]).first,
      let line = Self.lines(of: answer)?.first(where: { $0.hasPrefix("process_id:") })
    else { return nil }
    return Int32(line.dropFirst("process_id:".count)).flatMap { $0 > 1 ? $0 : nil }
  }

  /// Ends an engine, and waits for one that was started here. The kernel lets nobody end another
  /// user's.
  static func stop(_ process: Int32) {
    ChildProcess.end(process, patienceMilliseconds: patience)
  }

  private static func lines(of reply: RESPValue) -> [Substring]? {
    guard let bytes = reply.bytes else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
  }

  /// Of `db0:keys=12,expires=3,avg_ttl=0`.
  private static func keys(in line: Substring) -> Int64? {
    guard line.hasPrefix("db"), let sign = line.firstIndex(of: "=") else { return nil }
    return Int64(line[line.index(after: sign)...].prefix { $0.isNumber }.prefix(18))
  }
}
