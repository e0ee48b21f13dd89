// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import Diagnostics
import Foundation
public import LicenceModel

/// What one source's manifest may refer to: its settings from `gateway.yaml`, and secrets by name.
///
/// A secret is read when it is asked for, so that a rotated file takes effect without a restart. A file that others may
/// read is refused: the answer is then as if the secret were missing, and lint says why.
public struct SourceSettings: AdapterSettings {
    private let settings: [String: String]
    private let folder: String
    private let environment: [String: String]?

    /// Makes the settings of one source.
    public init(
        _ gateway: GatewaySettings, source: SourceID,
        environment: [String: String]
    ) {
        settings = gateway.sources[source] ?? [:]
        folder = gateway.secretsFolder
        self.environment = gateway.secretsFromEnvironment ? environment : nil
    }

    /// The secret of this name, from the environment or from its file.
    public func secret(_ name: String) -> Secret? {
        let variable =
            "LICGATE_SECRET_" + name.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
        if let value = environment?[variable] { return Secret(value) }
        guard Self.problem(of: name, in: folder) == nil,
            let data = FileManager.default.contents(atPath: folder + "/" + name),
            var text = String(data: data, encoding: .utf8)
        else { return nil }
        if text.hasSuffix("\n") { text.removeLast() }
        if text.hasSuffix("\r") { text.removeLast() }
        return Secret(text)
    }

    /// The setting of this name.
    public func setting(_ name: String) -> String? { settings[name] }

    /// What is wrong with a secret's file, or nil.
    static func problem(of name: String, in folder: String) -> String? {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else { return "its name is not a file's name" }
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name),
            let mode = attributes[.posixPermissions] as? Int
        else { return "there is no such file" }
        return mode & 0o077 == 0 ? nil : "its file may be read by others (mode \(String(mode, radix: 8)))"
    }
}
