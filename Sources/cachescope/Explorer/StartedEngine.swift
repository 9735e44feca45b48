import Explorer
import RESP
import SystemIO

/// The engine that was started for this explorer, as far as leaving it is concerned.
struct StartedEngine: Sendable {
  let process: Int32
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

  /// Ends it and waits until it has ended.
  func stop() {
    ChildProcess.end(process, patienceMilliseconds: Self.patience)
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
