import RESP

/// What the simulated application stores: keys and values that look like those of a web shop.
enum DemoContent {
  static let pages = 700
  static let users = 2600
  static let queries = 900
  static let addresses = 140
  static let jobs = ["reindex", "mail-digest", "invoice-run", "thumbnails", "stock-sync"]

  private static let topics = [
    "shoes", "jackets", "tents", "stoves", "lamps", "maps", "ropes", "boots", "packs", "bottles",
  ]
  private static let names = [
    "Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Tony", "Radia", "Niklaus", "Hedy",
  ]
  private static let cities = [
    "Oslo", "Zürich", "Lyon", "Porto", "Gdańsk", "Tartu", "Brno", "Graz",
  ]
  private static let words = [
    "light", "sturdy", "warm", "folding", "waterproof", "compact", "classic", "alpine", "quiet",
    "soft", "spare", "winter", "summer", "trail", "city",
  ]

  static func pageKey(_ page: Int) -> String {
    let topic = topics[page % topics.count]
    switch page {
    case 0: return "app:page:/"
    case 1..<11: return "app:page:/shop/\(topic)"
    case 11..<480: return "app:page:/shop/\(topic)/\(1000 + page)"
    default:
      return "app:page:/blog/\(2020 + page % 6)/\(words[page % words.count])-\(topic)-\(page)"
    }
  }

  static func page(_ page: Int, _ random: inout DemoRandom) -> String {
    let title = "\(words[page % words.count].capitalizedFirst) \(topics[page % topics.count])"
    let rows = (0..<(4 + page % 30)).map { _ in "<li>\(phrase(6, &random))</li>" }
    return "<section id=\"p\(page)\">\n<h2>\(title)</h2>\n<ul>\n\(rows.joined(separator: "\n"))\n"
      + "</ul>\n</section>\n"
  }

  static func userKey(_ user: Int) -> String { "app:user:\(10_000 + user)" }

  static func user(_ user: Int, _ random: inout DemoRandom) -> [String] {
    let name = names[user % names.count]
    return [
      "name", name, "email", "\(name.lowercased()).\(user)@example.org", "city",
      cities[user / 3 % cities.count], "plan", ["free", "plus", "pro"][user % 3], "visits",
      String(random.number(1...4000)), "cart", "[\(random.number(1000...1480))]",
    ]
  }

  static func queryKey(_ query: Int) -> String {
    var random = DemoRandom(seed: UInt64(query) &+ 77)
    return "app:query:products:" + String(random.next(), radix: 16).prefix(12)
  }

  static func query(_ query: Int, _ random: inout DemoRandom) -> String {
    let rows = (0..<(1 + query % 9)).map { index in
      "{\"id\":\(1000 + (query * 7 + index) % 480),\"title\":\"\(phrase(3, &random))\","
        + "\"price\":\(random.number(5...300)).\(random.number(10...99)),\"stock\":\(random.number(0...80))}"
    }
    return "{\"query\":\"\(words[query % words.count])\",\"page\":\(query % 5),"
      + "\"took_ms\":\(random.number(8...240)),\"rows\":[\(rows.joined(separator: ","))]}"
  }

  static func sessionKey(_ session: UInt64) -> String {
    "app:session:" + String(session | 1 << 63, radix: 16)
  }

  static func session(_ session: UInt64, _ random: inout DemoRandom) -> String {
    let user = Int(session % UInt64(users))
    let cart = (0..<random.number(0...4)).map { _ in String(random.number(1000...1480)) }
    return "{\"user\":\(10_000 + user),\"csrf\":\"\(String(random.next(), radix: 16))\","
      + "\"locale\":\"\(["en", "de", "fr", "pt"][user % 4])\",\"cart\":[\(cart.joined(separator: ","))],"
      + "\"seen\":\(random.number(1...60))}"
  }

  static func rateKey(_ address: Int, minute: Int64) -> String {
    "app:rate:203.0.\(113 + address / 100).\(address % 100 + 1):\(minute)"
  }

  static func lockKey(_ job: Int) -> String { "app:lock:\(jobs[job % jobs.count])" }

  private static func phrase(_ count: Int, _ random: inout DemoRandom) -> String {
    (0..<count).map { _ in
      random.oneIn(3)
        ? topics[random.number(0...topics.count - 1)] : words[random.number(0...words.count - 1)]
    }.joined(separator: " ")
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
