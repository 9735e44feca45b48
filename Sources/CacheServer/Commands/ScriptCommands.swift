import CacheEngine
import RESP

// Scripts, as far as they are known.
extension CommandTable {
  static let scriptRows: [CommandRow] = [
    CommandRow(
      "eval", -3, [.write, .denyOOM], .scripting, "Depends on the script",
      "Carries out a known script.",
      { call throws(RESPError) in
        let script = try load(call[1], call)
        return try run(script, call)
      }),
    CommandRow(
      "evalsha", -3, [.write, .denyOOM], .scripting, "Depends on the script",
      "Carries out a known script by its digest.",
      { call throws(RESPError) in
        guard let script = call.engine.scripts[call.text(1).lowercased()] else {
          throw RESPError("NOSCRIPT No matching script. Please use EVAL.")
        }
        return try run(script, call)
      }),
    CommandRow(
      "script", -2, [], .scripting, "O(N)", "Loads known scripts and tells which are loaded.",
      script
    ).with(subcommands: ["LOAD": 3, "EXISTS": -3, "FLUSH": -2]),
  ]

  private static func script(_ call: CommandCall) throws(RESPError) -> RESPValue {
    switch call.word(1) {
    case "LOAD":
      _ = try load(call[2], call)
      return .bulk(SHA1.text(of: call[2]))
    case "EXISTS":
      return .array(
        call.arguments.dropFirst(2).map { digest in
          let name = String(decoding: digest, as: UTF8.self).lowercased()
          return .integer(call.engine.scripts[name] == nil ? 0 : 1)
        })
    default:  // FLUSH
      guard call.arguments.count == 2 || ["ASYNC", "SYNC"].contains(call.word(2)) else {
        throw RESPError("ERR SCRIPT FLUSH only support SYNC|ASYNC option")
      }
      call.engine.scripts = [:]
      return .ok
    }
  }

  /// Remembers a known script; any other is refused. Few texts can become known, but blanks make
  /// many of each, so their number is bounded.
  private static func load(
    _ text: [UInt8], _ call: CommandCall
  ) throws(RESPError) -> KnownScript {
    guard let script = KnownScript(text) else {
      throw RESPError(
        "ERR this engine has no Lua and knows the scripts of common locks and counters alone; "
          + "use a Redis server for others")
    }
    if call.engine.scripts.count >= 1000 { call.engine.scripts = [:] }
    call.engine.scripts[SHA1.text(of: text)] = script
    return script
  }

  private static func run(
    _ script: KnownScript, _ call: CommandCall
  ) throws(RESPError) -> RESPValue {
    let count = try call.integer(2)
    let rest = call.arguments.dropFirst(3)
    guard count <= rest.count else {
      throw RESPError("ERR Number of keys can't be greater than number of args")
    }
    guard count >= 0 else { throw RESPError("ERR Number of keys can't be negative") }
    return try script.run(
      keys: Array(rest.prefix(Int(count))), arguments: Array(rest.dropFirst(Int(count))), call)
  }
}
