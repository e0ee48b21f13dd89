// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Resolves what a manifest only refers to: `${secret:name}` and `${config:name}`.
public protocol AdapterSettings: Sendable {
    /// The secret of this name, or nil.
    func secret(_ name: String) -> Secret?
    /// The setting of this name for a source, or nil; `base_url` and folders are settings.
    func setting(_ name: String) -> String?
}

/// Fixed settings, for tests and for the demo.
public struct FixedAdapterSettings: AdapterSettings {
    /// Secrets by name.
    public var secrets: [String: Secret]
    /// Settings by name.
    public var settings: [String: String]
    /// Makes settings.
    public init(secrets: [String: Secret] = [:], settings: [String: String] = [:]) {
        self.secrets = secrets
        self.settings = settings
    }
    /// The secret of this name.
    public func secret(_ name: String) -> Secret? { secrets[name] }
    /// The setting of this name.
    public func setting(_ name: String) -> String? { settings[name] }
}
