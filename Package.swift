// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled the same way: warnings are errors, imports are internal unless said otherwise.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

// The floors of docs/architecture.md, from the ground up. A target may depend on lower floors only;
// scripts/check-imports holds the sources against the same table.
let package = Package(
  name: "greenroom",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "greenroom", targets: ["greenroom"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // C and C++ libraries.
    .systemLibrary(
      name: "CCurl", path: "CLibraries/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CJansson", path: "CLibraries/CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .systemLibrary(name: "CSnowball", path: "CLibraries/CSnowball", providers: [.apt(["libstemmer-dev"])]),
    .systemLibrary(
      name: "CCmark", path: "CLibraries/CCmark", pkgConfig: "libcmark-gfm",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
    .systemLibrary(
      name: "CSodium", path: "CLibraries/CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .target(name: "CMemory", path: "CLibraries/CMemory"),
    .target(name: "CRE2", path: "CLibraries/CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .systemLibrary(name: "CZip", path: "CLibraries/CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .target(name: "CDNNL", path: "CLibraries/CDNNL", linkerSettings: [.linkedLibrary("dnnl")]),
    // Optimised in debug builds too: without that a test of a thousand sentences takes minutes.
    .target(name: "CTensors", path: "CLibraries/CTensors", cSettings: [.unsafeFlags(["-O2"])]),
    .target(name: "CKernels", path: "CLibraries/CKernels", cSettings: [.unsafeFlags(["-O2"])]),
    .target(name: "CCLD2", path: "CLibraries/CCLD2", linkerSettings: [.linkedLibrary("cld2")]),
    .target(
      name: "CICU", path: "CLibraries/CICU",
      linkerSettings: [.linkedLibrary("icuuc"), .linkedLibrary("icudata")]),

    // Floor 0: libraries behind small Swift faces.
    .target(name: "Sodium", dependencies: ["CSodium"], swiftSettings: settings),
    .target(name: "HTTP", dependencies: ["CCurl"], swiftSettings: settings),
    .target(name: "JSON", dependencies: ["CJansson"], swiftSettings: settings),
    .target(name: "Archives", dependencies: ["CZip"], swiftSettings: settings),
    .target(name: "Tensors", dependencies: ["CDNNL", "CTensors"], swiftSettings: settings),
    .target(name: "Tokenizers", swiftSettings: settings),
    .target(name: "Retrieval", dependencies: ["CKernels"], swiftSettings: settings),
    .target(
      name: "Text", dependencies: ["CRE2", "CSnowball", "CCmark", "CCLD2", "CICU"],
      resources: [.embedInCode("Languages/words.txt")], swiftSettings: settings),

    // Floor 1: the field's own words.
    .target(name: "Support", swiftSettings: settings),

    // Floor 2: what authors write, and how a message finds it.
    .target(
      name: "Workspace",
      dependencies: ["Support", "Text", "Sodium", .product(name: "Yams", package: "Yams")],
      // A link to phrases/ in the project's root, which is the one source of the shipped phrases.
      resources: [.embedInCode("Phrases/Shipped")],
      swiftSettings: settings),
    .target(
      name: "Matching", dependencies: ["Support", "Text", "Retrieval", "Tensors"], swiftSettings: settings),

    // Floor 3: the outside world, and what is read out of the log.
    .target(
      name: "Channels",
      dependencies: ["Support", "HTTP", "JSON", "Sodium", "Text"],
      swiftSettings: settings),
    .target(
      name: "Ledger",
      dependencies: ["Support", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .target(name: "Cache", dependencies: ["Support", "Retrieval", "Sodium"], swiftSettings: settings),
    .target(name: "Insights", dependencies: ["Support", "Text", "JSON"], swiftSettings: settings),
    .target(
      name: "Encoders",
      dependencies: ["Support", "Archives", "HTTP", "JSON", "Sodium", "Tensors", "Tokenizers"],
      swiftSettings: settings),

    // Floor 4: the running services.
    .target(
      name: "Bot",
      dependencies: [
        "Support", "Workspace", "Matching",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),

    // Floor 5: web pages.
    .target(
      name: "Console",
      dependencies: [
        "Support", "JSON", "Text", "Sodium",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [
        .embedInCode("Resources/chat.css"), .embedInCode("Resources/chat.js"),
        .embedInCode("Resources/chat.mustache"), .embedInCode("Resources/landing.mustache"),
        .embedInCode("Resources/notice.mustache"), .embedInCode("Resources/icon.svg"),
      ],
      swiftSettings: settings),

    // Floor 6: the command line and the composition root.
    .executableTarget(
      name: "greenroom",
      dependencies: [
        "Bot", "CMemory", "Cache", "Channels", "Console", "Encoders", "Sodium", "HTTP", "Insights", "JSON", "Ledger",
        "Matching",
        "Support",
        "Text", "Workspace",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),

    // Tests mirror targets. TestSupport holds fakes and the suites that every adapter of a port must pass.
    .target(
      name: "TestSupport",
      dependencies: [
        "Support", "JSON",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(name: "SodiumTests", dependencies: ["Sodium"], swiftSettings: settings),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"], swiftSettings: settings),
    .testTarget(name: "TextTests", dependencies: ["Text", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "ArchivesTests", dependencies: ["Archives"], swiftSettings: settings),
    .testTarget(name: "TokenizersTests", dependencies: ["Tokenizers"], swiftSettings: settings),
    .testTarget(
      name: "EncodersTests",
      dependencies: ["Encoders", "Archives", "HTTP", "JSON", "Support", "Tensors", "Tokenizers"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "RetrievalTests", dependencies: ["Retrieval", "CKernels", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "SupportTests", dependencies: ["Support", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "WorkspaceTests", dependencies: ["Workspace", "Support"], swiftSettings: settings),
    .testTarget(
      name: "MatchingTests",
      dependencies: ["Matching", "Support", "Text", "Tensors", "Retrieval", "TestSupport", "Workspace"],
      swiftSettings: settings),
    .testTarget(
      name: "ChannelsTests",
      dependencies: [
        "Bot", "Channels", "Ledger", "Matching", "Support", "JSON", "HTTP", "Sodium", "TestSupport", "Workspace",
        .product(name: "Logging", package: "swift-log"),
      ],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(name: "CacheTests", dependencies: ["Cache", "Support"], swiftSettings: settings),
    .testTarget(
      name: "LedgerTests",
      dependencies: ["Ledger", "Support", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .testTarget(
      name: "InsightsTests", dependencies: ["Insights", "Support", "JSON", "TestSupport"], exclude: ["Snapshots"],
      swiftSettings: settings),
    .testTarget(
      name: "BotTests",
      dependencies: [
        "Bot", "Support", "Matching", "Workspace", "Ledger", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ConsoleTests",
      dependencies: [
        "Console", "Support", "JSON", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      exclude: ["Snapshots"], swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["Support", "JSON", "HTTP", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: settings),
  ]
)
