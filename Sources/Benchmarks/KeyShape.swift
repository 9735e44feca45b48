/// What the keys of a benchmark are like.
enum KeyShape: String, CaseIterable {
  /// Sessions, users, pages and rates in folders, most of them strings, half of them with a TTL.
  case mixed
  /// All of them in one folder.
  case onePrefix = "one-prefix"
  /// Each in a folder of its own.
  case manyPrefixes = "many-prefixes"
  /// Names of 10 kB.
  case longNames = "long-names"

  /// How many keys stand for so many of the others: long names take much more room.
  func count(for count: Int) -> Int {
    self == .longNames ? max(1, min(20_000, count / 50)) : count
  }

  var title: String {
    switch self {
    case .mixed: "keys in folders"
    case .onePrefix: "keys below one prefix"
    case .manyPrefixes: "prefixes of one key each"
    case .longNames: "keys with names of 10 kB"
    }
  }

  /// Makes the keys from ARGV[1] to ARGV[2].
  var filling: String {
    """
    local from, to = tonumber(ARGV[1]), tonumber(ARGV[2])
    local long = string.rep('n', 10220)
    for i = from, to do
      local k, m = nil, i % 10
      \(name)
      if m == 5 then redis.call('HSET', k, 'name', 'Ada', 'visits', i)
      else redis.call('SET', k, string.rep('x', 20 + i % 100)) end
      if m % 2 == 0 then redis.call('PEXPIRE', k, 36000000 + i) end
    end
    return to
    """
  }

  private var name: String {
    switch self {
    case .mixed:
      """
      if m < 4 then k = string.format('app:session:%02d:%07d', i % 64, i)
      elseif m < 7 then k = 'app:user:' .. i
      elseif m < 9 then k = 'page:/articles/' .. i
      else k = 'app:rate:10.0.' .. (i % 256) .. '.' .. i end
      """
    case .onePrefix: "k = string.format('app:session:%08d', i)"
    case .manyPrefixes: "k = string.format('tenant%08d:settings', i)"
    case .longNames: "k = string.format('long:%08d:', i) .. long"
    }
  }
}
