import SystemIO
import TestSupport

/// The explorer over a large keyspace on a redis-server of its own, beside `redis-cli --scan` in the
/// same run: how soon there is something to see, how soon a key press is answered while everything
/// is still loading, and how long names, types and lifetimes take.
struct MillionKeys {
  var count: Int
  private let rounds = 3

  init(count: Int) {
    self.count = count
  }

  /// Most keys are strings, some hashes; half of them have a TTL.
  private static let filling = """
    local n = tonumber(ARGV[1])
    for i = 1, n do
      local k, m = nil, i % 10
      if m < 4 then k = string.format('app:session:%02d:%07d', i % 64, i)
      elseif m < 7 then k = 'app:user:' .. i
      elseif m < 9 then k = 'page:/articles/' .. i
      else k = 'app:rate:10.0.' .. (i % 256) .. '.' .. i end
      if m == 5 then redis.call('HSET', k, 'name', 'Ada', 'visits', i)
      else redis.call('SET', k, string.rep('x', 20 + i % 100)) end
      if m % 2 == 0 then redis.call('PEXPIRE', k, 3600000 + i) end
    end
    return n
    """

  func run() throws {
    let server = try RedisServerProcess(["--lua-time-limit", "0"])
    let client = "redis-cli -s \(server.socketPath)"
    try FileBytes.writeOwnerOnly(
      path: server.folder + "/fill.lua", Array(Self.filling.utf8))
    try Shell.time("\(client) --eval \(server.folder)/fill.lua , \(count) >/dev/null")
    print("\(count) keys on redis-server")
    var scans: [Double] = []
    var loads: [LoadingRun.Figures] = []
    for _ in 0..<rounds {
      scans.append(try Shell.time("\(client) --scan >/dev/null"))
      loads.append(try LoadingRun(server).run())
    }
    report(scans, loads)
    try ScriptRun(server).run()
  }

  private func report(_ scans: [Double], _ loads: [LoadingRun.Figures]) {
    let scan = scans.median
    let names = loads.map(\.names).median
    let lifetimes = loads.map(\.lifetimes).median
    Report.line("redis-cli --scan", scan, "ms")
    Report.line("header", loads.map(\.header).median, "ms", limit: 100)
    Report.line("twenty keys", loads.map(\.twentyKeys).median, "ms", limit: 400)
    Report.line("names", names, "ms")
    Report.line("names / scan", names / scan, "", limit: 1)
    Report.line("names, types and TTLs", lifetimes, "ms")
    Report.line("names, types and TTLs / scan", lifetimes / scan, "", limit: 1.5)
    Report.line("peak resident memory", loads.map(\.peakMegabytes).median, "MB")
    Report.line("bytes a key beyond the name", IndexCost.bytesBeyondName(count: count), "")
  }
}
