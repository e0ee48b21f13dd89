// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import Foundation
import PackageDescription

// Every room goes through `room` and every suite through `suite`, so that no target can miss a setting.
// A room is added when something is in it. Who may import whom: ARCHITECTURE.md, checked by Tests/ArchitectureTests.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: strict)
}

// Fixtures are read from disk by path, so that a test can say which file failed; they are no resources.
func suite(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    let fixtures = FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Tests/\(name)/Fixtures")
    return .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: strict)
}

func library(_ name: String, _ pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let yams = product(name: "Yams", package: "Yams")
}

let foundations: [Target.Dependency] = ["Diagnostics", "Cryptography", "LicenceModel"]
let adapterKit: [Target.Dependency] = ["AdapterKit", "Transport", "SourceDocument"] + foundations
let layer4: [Target.Dependency] = ["Sync", "InterfaceHealth", "ProofFree", "CatalogueContract"] + adapterKit

let house: [Target] = [
    // C libraries: each is seen by exactly one room.
    library("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
    library("CLibXML2", "libxml-2.0", apt: "libxml2-dev"),
    library("CZlib", "zlib", apt: "zlib1g-dev"),
    library("CRocksDB", "rocksdb", apt: "librocksdb-dev"),
    library("CZstd", "libzstd", apt: "libzstd-dev"),
    library("CSQLite", "sqlite3", apt: "libsqlite3-dev"),
    library("CCrypto", "libcrypto", apt: "libssl-dev"),
    library("CTLS", "libssl", apt: "libssl-dev"),
    // What Swift's Glibc module lacks; between fork and exec, above all, there must be no Swift.
    .target(name: "CSystemCalls", path: "Sources/CSystemCalls"),
    // Layer 0
    room("Diagnostics"),
    room("Cryptography", ["Diagnostics", "CCrypto"]),
    room("LicenceModel", ["Diagnostics", "Cryptography"]),
    // Layer 1
    room("SourceDocument", ["Diagnostics", "CLibXML2"]),
    room("Archives", ["Diagnostics", "CZlib"]),
    room("Transport", ["Diagnostics", "CCurl"]),
    room("CatalogueContract", foundations),
    // Layer 2
    room("AdapterKit", ["Transport", "SourceDocument"] + foundations),
    room("SharedCatalogue", ["CatalogueContract", "CRocksDB", "CSQLite", "CZstd"] + foundations),
    // Layer 3
    room("DeclarativeAdapter", adapterKit + ["Archives", .yams]),
    room("Intake", ["Archives", "CSystemCalls"] + adapterKit),
    // Layer 4
    room("Sync", ["CatalogueContract"] + adapterKit),
    room("InterfaceHealth", ["CatalogueContract"] + adapterKit),
    room("ProofFree", ["CatalogueContract"] + foundations),
    // Layer 5
    room("GatewayConfiguration", ["DeclarativeAdapter", "Intake", .yams] + adapterKit),
    room("Workbench", ["DeclarativeAdapter", "Intake", "GatewayConfiguration", .yams] + adapterKit),
    room("GatewayAPI", layer4 + [.hummingbird, .logging]),
    // Layer T
    room("AdapterTesting", adapterKit),
    room("SimulatedCity", adapterKit + ["CTLS"]),
    // Layer 6
    .executableTarget(
        name: "licgate",
        dependencies: layer4 + [
            "SharedCatalogue", "DeclarativeAdapter", "Intake", "GatewayConfiguration", "GatewayAPI", "SimulatedCity",
            "Workbench", "AdapterTesting", .argumentParser, .logging,
        ], path: "Sources/licgate", swiftSettings: strict),

    suite("ArchitectureTests", []),
    suite("DiagnosticsTests", ["Diagnostics"]),
    suite("CryptographyTests", ["Cryptography", "Diagnostics"]),
    suite("LicenceModelTests", foundations),
    suite("SourceDocumentTests", ["SourceDocument", "Diagnostics"]),
    suite("ArchivesTests", ["Archives", "Diagnostics"]),
    suite("TransportTests", ["AdapterTesting"] + adapterKit),
    suite("CatalogueContractTests", ["CatalogueContract"] + foundations),
    suite("SharedCatalogueTests", ["SharedCatalogue", "CatalogueContract"] + foundations),
    suite("AdapterKitTests", adapterKit),
    suite("DeclarativeAdapterTests", ["DeclarativeAdapter", "AdapterTesting"] + adapterKit),
    suite("IntakeTests", ["Intake", "DeclarativeAdapter", "AdapterTesting"] + adapterKit),
    suite("SyncTests", ["Sync", "CatalogueContract", "AdapterTesting"] + adapterKit),
    suite("InterfaceHealthTests", ["InterfaceHealth", "CatalogueContract", "AdapterTesting"] + adapterKit),
    suite("ProofFreeTests", ["ProofFree", "CatalogueContract"] + foundations),
    suite("GatewayConfigurationTests", ["GatewayConfiguration", "DeclarativeAdapter", "AdapterTesting"] + adapterKit),
    suite(
        "WorkbenchTests",
        ["Workbench", "SimulatedCity", "DeclarativeAdapter", "Intake", "GatewayConfiguration", "AdapterTesting"]
            + adapterKit),
    suite("GatewayAPITests", ["GatewayAPI", "AdapterTesting", .hummingbirdTesting] + layer4),
    suite(
        "AdapterConformanceTests",
        ["GatewayConfiguration", "DeclarativeAdapter", "Intake", "AdapterTesting"] + adapterKit),
    suite(
        "SimulatedCityTests",
        ["SimulatedCity", "DeclarativeAdapter", "Intake", "GatewayConfiguration", "AdapterTesting"] + adapterKit),
    suite("EndToEndTests", ["GatewayConfiguration", "SharedCatalogue", "SimulatedCity", "AdapterTesting"] + layer4),
]

// `LICGATE_ONLY=TransportTests swift test` builds that suite and what it stands on: seconds instead of minutes.
let only = (Context.environment["LICGATE_ONLY"] ?? "").split(separator: ",").map(String.init)

@MainActor func closure(_ names: [String]) -> Set<String> {
    var seen: Set<String> = []
    var queue = names
    while let name = queue.popLast() {
        guard seen.insert(name).inserted, let target = house.first(where: { $0.name == name }) else { continue }
        for dependency in target.dependencies {
            if case .byNameItem(let next, _) = dependency { queue.append(next) }
        }
    }
    return seen
}
let chosen = closure(only)
let targets = only.isEmpty ? house : house.filter { chosen.contains($0.name) }
let present = Set(targets.map(\.name))
for target in targets {
    target.dependencies = target.dependencies.filter {
        if case .byNameItem(let name, _) = $0 { present.contains(name) } else { true }
    }
}

let outside: [(package: String, dependency: Package.Dependency)] = [
    ("hummingbird", .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1")),
    ("swift-argument-parser", .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")),
    ("swift-log", .package(url: "https://github.com/apple/swift-log", exact: "1.16.2")),
    ("Yams", .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2")),
]
let wanted = Set(
    targets.flatMap(\.dependencies).compactMap {
        if case .productItem(_, let package, _, _) = $0 { package } else { nil }
    })

let package = Package(
    name: "licence-gateway",
    products: [.executable(name: "licgate", targets: ["licgate"])].filter { _ in present.contains("licgate") },
    dependencies: outside.filter { wanted.contains($0.package) }.map(\.dependency),
    targets: targets,
    swiftLanguageModes: [.v6]
)
