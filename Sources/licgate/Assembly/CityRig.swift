// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import SimulatedCity

/// A folder with everything that points a gateway at a simulated city: configuration, secrets, dropped files.
struct CityRig {
    let folder: String
    private let adapters: String
    private let configuration: String

    init(folder: String, adapters: String, configuration: String) {
        func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
        self.folder = absolute(folder)
        self.adapters = absolute(adapters)
        self.configuration = absolute(configuration)
    }

    var configurationFile: String { folder + "/gateway.yaml" }
    var dropFolder: String { folder + "/drop" }

    /// Starts the city and writes what a gateway needs to reach it.
    func start(_ asked: CityOptions, listen: String = "127.0.0.1:0") async throws -> RunningCity {
        try make(folder)
        try make(dropFolder)
        try make(folder + "/secrets")
        var options = asked
        options.dropFolder = dropFolder
        let city = try await SimulatedCity.start(options)
        for (name, secret) in city.secrets { try write(secret.revealed, to: "secrets/" + name) }
        try write(text(city, listen), to: "gateway.yaml")
        return city
    }

    private func text(_ city: RunningCity, _ listen: String) -> String {
        var lines = [
            "# Written by `licgate city`: a gateway for the simulated city. All people in it are synthetic.",
            "listen: \(listen)", "store: store", "index_key: index.key", "socket: licgate.sock", "intake: intake",
            "adapters: \(quoted(adapters))", "dialects: \(quoted(configuration + "/dialects"))",
            "licence_types: \(quoted(configuration + "/licence-types.csv"))", "secrets:", "  folder: secrets",
            "sources:",
        ]
        for source in city.sources where isThere(source) {
            lines.append("  \(source):")
            for (name, value) in city.settings(source).settings.sorted(by: { $0.key < $1.key }) {
                lines.append("    \(name): \(quoted(value))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A source of the city without an adapter cannot be configured.
    private func isThere(_ source: SourceID) -> Bool {
        FileManager.default.fileExists(atPath: "\(adapters)/\(source)/manifest.yaml")
    }

    private func make(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    private func write(_ text: String, to name: String) throws {
        let path = folder + "/" + name
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else {
            throw ControlError(
                "city.cannot_write", "\(path) cannot be written", remedy: "Choose another --folder or free its disk")
        }
    }
}
