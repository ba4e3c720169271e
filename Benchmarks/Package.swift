// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that benchmarks never weigh on the build of the program. It compiles the program's own sources
// through the links beside this file: what is measured is what runs.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "greenroom-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CCurl", path: "CLibraries/CCurl", pkgConfig: "libcurl"),
    .systemLibrary(name: "CJansson", path: "CLibraries/CJansson", pkgConfig: "jansson"),
    .systemLibrary(name: "CSnowball", path: "CLibraries/CSnowball"),
    .systemLibrary(name: "CCmark", path: "CLibraries/CCmark", pkgConfig: "libcmark-gfm"),
    .systemLibrary(name: "CSodium", path: "CLibraries/CSodium", pkgConfig: "libsodium"),
    .target(name: "CRE2", path: "CLibraries/CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .systemLibrary(name: "CZip", path: "CLibraries/CZip", pkgConfig: "libzip"),
    .target(name: "CTensors", path: "CLibraries/CTensors"),
    .target(name: "Sodium", dependencies: ["CSodium"], path: "Linked/Sodium", swiftSettings: settings),
    .target(name: "JSON", dependencies: ["CJansson"], path: "Linked/JSON", swiftSettings: settings),
    .target(name: "Text", dependencies: ["CRE2", "CSnowball", "CCmark"], path: "Linked/Text", swiftSettings: settings),
    .target(name: "HTTP", dependencies: ["CCurl"], path: "Linked/HTTP", swiftSettings: settings),
    .target(name: "Archives", dependencies: ["CZip"], path: "Linked/Archives", swiftSettings: settings),
    .target(name: "Tensors", dependencies: ["CTensors"], path: "Linked/Tensors", swiftSettings: settings),
    .target(name: "Tokenizers", path: "Linked/Tokenizers", swiftSettings: settings),
    .target(name: "Support", path: "Linked/Support", swiftSettings: settings),
    .target(name: "Matching", dependencies: ["Support", "Text"], path: "Linked/Matching", swiftSettings: settings),
    .target(
      name: "Workspace", dependencies: ["Support", "Text", "Sodium", .product(name: "Yams", package: "Yams")],
      path: "Linked/Workspace", swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: [
        "Support", "JSON", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "LinkedTests/TestSupport", swiftSettings: settings),
    .target(
      name: "Encoders",
      dependencies: ["Support", "Archives", "HTTP", "JSON", "Sodium", "Tensors", "Tokenizers"],
      path: "Linked/Encoders", swiftSettings: settings),
    .executableTarget(
      name: "bench",
      dependencies: [
        "JSON", "Matching", "Support", "TestSupport", "Workspace",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "encoder",
      dependencies: [
        "Encoders", "JSON", "Support", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
  ]
)
