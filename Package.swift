// swift-tools-version: 6.2
import PackageDescription

// The list of targets is the architecture: imports go down only, and a target imports only what
// its row names. Targets are listed lowest first; every one is built with the same settings.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

func target(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: strict)
}

func program(_ name: String, _ imports: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: imports, swiftSettings: strict)
}

func tests(_ name: String, _ imports: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: imports, swiftSettings: strict)
}

let package = Package(
  name: "cachescope",
  products: [.executable(name: "cachescope", targets: ["cachescope"])],
  targets: [
    // 0: C made importable
    .target(name: "CLinux", cSettings: [.define("_GNU_SOURCE")]),
    .target(
      name: "CNCurses",
      cSettings: [
        .define("NCURSES_WIDECHAR", to: "1"), .define("_XOPEN_SOURCE_EXTENDED"),
        .define("_GNU_SOURCE"),
      ],
      linkerSettings: [.linkedLibrary("ncursesw")]),
    .target(
      name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(
      name: "CCompression",
      linkerSettings: ["z", "zstd", "lz4", "lzma", "bz2"].map { .linkedLibrary($0) }),

    // 1: words and protocols, without input or output (SystemIO apart)
    target("KeyPattern"),
    target("CacheModel"),
    target("RESP"),
    target("SystemIO", ["CLinux"]),
    target("CacheEngine"),
    target("DumpPayload", ["CacheModel"]),

    // 2
    target("KeyQuery", ["CacheModel", "KeyPattern"]),
    target("ValueDecoding", ["CCompression"]),
    .target(
      name: "TerminalCanvas", dependencies: ["CLinux"],
      resources: ["dark", "light", "high-contrast", "mono"].map {
        .embedInCode("../../Resources/themes/\($0).json5")
      }, swiftSettings: strict),
    target("Transport", ["COpenSSL", "SystemIO"]),

    // 3
    target("Plans", ["CacheModel", "ValueDecoding"]),
    target("ChangeJournal", ["CacheModel", "CCompression", "CSQLite", "SystemIO"]),
    target("Explorer", ["CacheModel", "KeyPattern", "KeyQuery", "Plans", "ValueDecoding"]),
    target("EntryExport", ["CacheModel", "ValueDecoding"]),
    target("RedisClient", ["KeyPattern", "RESP", "Transport", "SystemIO"]),
    target(
      "CacheServer",
      [
        "CacheEngine", "CacheModel", "DumpPayload", "KeyPattern", "RESP", "Transport", "SystemIO",
      ]),

    // 4
    target(
      "ExplorerUI",
      ["Explorer", "TerminalCanvas", "CacheModel", "KeyQuery", "Plans", "ValueDecoding"]),
    target("CursesTerminal", ["TerminalCanvas", "CNCurses"]),
    target(
      "CacheBackends", ["CacheModel", "DumpPayload", "KeyPattern", "RESP", "SystemIO"]),
    target("DemoWorkload", ["RESP"]),

    // 5: what a person configures, and the program
    target("Configuration", ["CacheModel", "Explorer", "ExplorerUI", "TerminalCanvas"]),
    program(
      "cachescope",
      [
        "CacheBackends", "CacheEngine", "CacheModel", "CacheServer", "ChangeJournal",
        "Configuration", "CursesTerminal", "DemoWorkload", "DumpPayload", "EntryExport", "Explorer",
        "ExplorerUI", "KeyPattern", "KeyQuery", "Plans", "RESP", "RedisClient", "SystemIO",
        "TerminalCanvas", "Transport", "ValueDecoding",
      ]),

    program(
      "Benchmarks",
      [
        "CacheModel", "ChangeJournal", "Explorer", "ExplorerUI", "SystemIO", "TerminalCanvas",
        "TestSupport", "ValueDecoding",
      ]),

    // Tests, one target for each that they exercise
    .target(
      name: "CPseudoTerminal", path: "Tests/CPseudoTerminal",
      cSettings: [.define("_GNU_SOURCE")], linkerSettings: [.linkedLibrary("util")]),
    .target(
      name: "TestSupport",
      dependencies: [
        "CPseudoTerminal", "CacheModel", "Explorer", "Plans", "RESP", "RedisClient", "SystemIO",
        "TerminalCanvas", "Transport",
      ],
      path: "Tests/TestSupport", exclude: ["Rows"], swiftSettings: strict),
    tests("KeyPatternTests", ["KeyPattern", "TestSupport"]),
    tests("KeyQueryTests", ["KeyQuery", "CacheModel", "KeyPattern", "TestSupport"]),
    tests("CacheModelTests", ["CacheModel"]),
    tests("RESPTests", ["RESP", "TestSupport"]),
    tests("SystemIOTests", ["SystemIO", "Transport"]),
    tests("TransportTests", ["Transport", "SystemIO", "TestSupport"]),
    tests("CacheEngineTests", ["CacheEngine", "TestSupport"]),
    tests("DumpPayloadTests", ["CacheModel", "DumpPayload", "TestSupport"]),
    tests(
      "CacheServerTests",
      [
        "CacheServer", "CacheEngine", "DumpPayload", "RESP", "SystemIO", "TestSupport",
        "Transport",
      ]),
    tests("ValueDecodingTests", ["ValueDecoding", "TestSupport"]),
    tests("TerminalCanvasTests", ["TerminalCanvas", "TestSupport"]),
    .executableTarget(
      name: "TerminalProbe", dependencies: ["CursesTerminal", "TerminalCanvas"],
      path: "Tests/TerminalProbe", swiftSettings: strict),
    tests("CursesTerminalTests", ["TerminalCanvas", "TerminalProbe", "TestSupport"]),
    .executableTarget(
      name: "JournalProbe",
      dependencies: ["CacheModel", "ChangeJournal", "SystemIO", "TestSupport"],
      path: "Tests/JournalProbe", swiftSettings: strict),
    tests(
      "ChangeJournalTests",
      ["CSQLite", "CacheModel", "ChangeJournal", "JournalProbe", "SystemIO", "TestSupport"]),
    tests("RedisClientTests", ["RedisClient", "RESP", "SystemIO", "Transport", "TestSupport"]),
    tests(
      "CacheBackendsTests",
      [
        "CacheBackends", "CacheEngine", "CacheModel", "CacheServer", "ChangeJournal", "Explorer",
        "KeyQuery", "Plans", "RESP", "RedisClient", "SystemIO", "Transport", "TestSupport",
      ]),
    tests(
      "DemoWorkloadTests", ["DemoWorkload", "CacheEngine", "CacheServer", "RESP", "TestSupport"]),
    tests(
      "PlansTests",
      [
        "CacheBackends", "CacheModel", "CacheServer", "Plans", "RESP", "SystemIO", "TestSupport",
      ]),
    tests("EntryExportTests", ["EntryExport", "CacheModel", "TestSupport"]),
    tests(
      "ExplorerTests",
      ["Explorer", "CacheModel", "KeyQuery", "Plans", "TestSupport", "ValueDecoding"]),
    tests(
      "ExplorerUITests",
      [
        "ExplorerUI", "Explorer", "CacheModel", "KeyQuery", "Plans", "SystemIO", "TerminalCanvas",
        "TestSupport",
      ]),
    tests(
      "ConfigurationTests",
      [
        "CacheModel", "Configuration", "Explorer", "ExplorerUI", "SystemIO", "TerminalCanvas",
        "TestSupport",
      ]),
    tests(
      "ProgramTests",
      [
        "CacheModel", "ChangeJournal", "RESP", "RedisClient", "SystemIO", "TerminalCanvas",
        "TestSupport", "Transport", "cachescope",
      ]),
  ]
)
