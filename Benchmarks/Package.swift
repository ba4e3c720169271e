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
    .systemLibrary(name: "CJansson", path: "CLibraries/CJansson", pkgConfig: "jansson"),
    .systemLibrary(name: "CSnowball", path: "CLibraries/CSnowball"),
    .systemLibrary(name: "CCmark", path: "CLibraries/CCmark", pkgConfig: "libcmark-gfm"),
    .systemLibrary(name: "CSodium", path: "CLibraries/CSodium", pkgConfig: "libsodium"),
    .systemLibrary(name: "CZip", path: "CLibraries/CZip", pkgConfig: "libzip"),
    .systemLibrary(name: "CCurl", path: "CLibraries/CCurl", pkgConfig: "libcurl"),
    .target(name: "CRE2", path: "CLibraries/CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .target(name: "CDNNL", path: "CLibraries/CDNNL", linkerSettings: [.linkedLibrary("dnnl")]),
    .target(name: "CTensors", path: "CLibraries/CTensors"),
    .target(name: "CKernels", path: "CLibraries/CKernels"),
    .target(name: "CCLD2", path: "CLibraries/CCLD2", linkerSettings: [.linkedLibrary("cld2")]),
    .target(
      name: "CICU", path: "CLibraries/CICU",
      linkerSettings: [.linkedLibrary("icuuc"), .linkedLibrary("icudata")]),
    .target(name: "Sodium", dependencies: ["CSodium"], path: "Linked/Sodium", swiftSettings: settings),
    .target(name: "HTTP", dependencies: ["CCurl"], path: "Linked/HTTP", swiftSettings: settings),
    .target(name: "JSON", dependencies: ["CJansson"], path: "Linked/JSON", swiftSettings: settings),
    .target(name: "Archives", dependencies: ["CZip"], path: "Linked/Archives", swiftSettings: settings),
    .target(name: "Tensors", dependencies: ["CDNNL", "CTensors"], path: "Linked/Tensors", swiftSettings: settings),
    .target(name: "Tokenizers", path: "Linked/Tokenizers", swiftSettings: settings),
    .target(name: "Retrieval", dependencies: ["CKernels"], path: "Linked/Retrieval", swiftSettings: settings),
    .target(
      name: "Text", dependencies: ["CRE2", "CSnowball", "CCmark", "CCLD2", "CICU"], path: "Linked/Text",
      resources: [.embedInCode("Languages/words.txt")], swiftSettings: settings),
    .target(name: "Support", path: "Linked/Support", swiftSettings: settings),
    .target(
      name: "Workspace", dependencies: ["Support", "Text", "Sodium", .product(name: "Yams", package: "Yams")],
      path: "Linked/Workspace", resources: [.embedInCode("Phrases/Shipped")], swiftSettings: settings),
    .target(
      name: "Matching", dependencies: ["Support", "Text", "Retrieval", "Tensors"], path: "Linked/Matching",
      swiftSettings: settings),
    .target(
      name: "Cache", dependencies: ["Support", "Retrieval", "Sodium"], path: "Linked/Cache", swiftSettings: settings),
    .target(
      name: "Encoders",
      dependencies: ["Support", "Archives", "HTTP", "JSON", "Sodium", "Tensors", "Tokenizers"],
      path: "Linked/Encoders", swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: [
        "Support", "JSON", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "LinkedTests/TestSupport", swiftSettings: settings),
    .executableTarget(
      name: "bench",
      dependencies: [
        "Cache", "Encoders", "JSON", "Matching", "Support", "TestSupport", "Workspace",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "encoder",
      dependencies: [
        "Encoders", "JSON", "Support", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "retrieval",
      dependencies: ["Retrieval", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: settings),
  ]
)
