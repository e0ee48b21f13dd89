// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import Cryptography
public import Diagnostics
internal import LicenceModel
internal import SourceDocument
public import Transport

/// Makes adapters from manifests.
public enum DeclarativeAdapter {
    /// An adapter for this manifest.
    ///
    /// Opens nothing. `files` reads watched folders and `taps` runs Singer taps; a manifest that has such needs them.
    /// `spoolFolder` takes answers that are too large for memory. `random` gives bytes for nonces, `tally` remembers what
    /// was asked of a daily quota. `acceptingUnconfirmed` is for the workbench, which writes nothing.
    /// Throws: `source.configuration` with everything that the settings lack or that the manifest still leaves open.
    public static func make(
        _ manifest: SourceManifest, transport: any HTTPExchanging, settings: any AdapterSettings,
        clock: any GatewayClock, files: (any FileDropReading)? = nil, taps: (any TapRunning)? = nil,
        spoolFolder: String? = nil, tally: any RequestTally = MemoryRequestTally(),
        random: @escaping @Sendable (Int) -> [UInt8] = secureRandomBytes,
        acceptingUnconfirmed: Bool = false
    ) throws(SourceError) -> any LicenceSource {
        if !acceptingUnconfirmed { try checkConfirmed(manifest) }
        try checkSettings(manifest, settings)
        let manifest = try withKeys(manifest, settings)
        let base = try baseAddress(manifest, settings, manifest.baseURL)
        let loginBase = try baseAddress(manifest, settings, manifest.authentication.login?.baseURL)
        let wanting = manifest.interfaces.contains {
            ($0.ways.files != nil && files == nil) || ($0.ways.tap != nil && taps == nil)
        }
        for push in manifest.interfaces.compactMap(\.ways.push) {
            guard let secret = settings.secret(push.secret), secret.revealed.utf8.count < 16 else { continue }
            throw problem(
                manifest, "the secret `\(push.secret)` of a push has fewer than 16 bytes",
                "Make a new one, for example with `openssl rand -hex 32`, and give it to the source.")
        }
        if wanting {
            throw problem(
                manifest, "an interface has another way in, and this program has none for it", "Report this.")
        }
        try checkLinkOrigins(manifest, settings)
        func path(_ template: Template?) -> String? {
            template?.render { $0.name.flatMap { settings.setting($0) } }
        }
        let security = ExchangeSecurity(
            certificateAuthorityFile: path(manifest.tls?.authorities),
            clientCertificateFile: path(manifest.tls?.certificate), clientKeyFile: path(manifest.tls?.key))
        let client = SourceClient(
            manifest: manifest, base: base, security: security, transport: transport, settings: settings, clock: clock,
            pace: RequestPace(perSecond: manifest.limits.requestsPerSecond, rate: manifest.limits.rate),
            quota: RequestQuota(manifest, tally: tally), loginBase: loginBase, spoolFolder: spoolFolder,
            random: random)
        return DeclarativeSource(client: client, files: files, taps: taps)
    }

    private static func problem(_ manifest: SourceManifest, _ what: String, _ remedy: String) -> SourceError {
        SourceError(
            .configuration, what, place: Place(source: manifest.id.rawValue, file: manifest.folder + "/manifest.yaml"),
            consequence: "The source is not used", remedy: remedy, recovery: .fixConfiguration)
    }

    private static func checkConfirmed(_ manifest: SourceManifest) throws(SourceError) {
        guard let first = manifest.unconfirmed.first else { return }
        throw problem(
            manifest,
            "\(manifest.unconfirmed.count) settings are still proposed from a sample, the first in line "
                + "\(first.place.line ?? 0)", "Ask the system's owner, then remove `confirm: true`.")
    }

    /// Every setting and secret the manifest refers to has to be there; names only are shown.
    private static func checkSettings(_ manifest: SourceManifest, _ settings: any AdapterSettings) throws(SourceError) {
        var missing: Set<String> = []
        for placeholder in manifest.references {
            guard let name = placeholder.name else { continue }
            switch placeholder.kind {
            case .config: if settings.setting(name) == nil { missing.insert("${config:\(name)}") }
            case .secret: if settings.secret(name) == nil { missing.insert("${secret:\(name)}") }
            default: break
            }
        }
        guard !missing.isEmpty else { return }
        throw problem(
            manifest, "the configuration lacks \(missing.sorted().joined(separator: ", "))",
            "Add them to this source's settings, secrets to where secrets are kept.")
    }

    private static func checkLinkOrigins(
        _ manifest: SourceManifest, _ settings: any AdapterSettings
    ) throws(SourceError) {
        for template in manifest.interfaces.flatMap({ $0.pull?.linkOrigins ?? [] }) {
            _ = try baseAddress(manifest, settings, template.source)
        }
    }

    private static func withKeys(
        _ manifest: SourceManifest, _ settings: any AdapterSettings
    ) throws(SourceError) -> SourceManifest {
        do throws(CryptographyError) { return try manifest.withKeys { settings.secret($0) } } catch {
            throw problem(
                manifest, "a secret of `decode` is no key: \(error.diagnostic.what)", error.diagnostic.remedy)
        }
    }

    private static func baseAddress(
        _ manifest: SourceManifest, _ settings: any AdapterSettings, _ written: String?
    ) throws(SourceError) -> BaseAddress? {
        guard let text = written, let template = try? Template.parse(text).get() else { return nil }
        let value = template.render { $0.name.flatMap { settings.setting($0) } } ?? ""
        guard let base = BaseAddress(value) else {
            throw problem(
                manifest, "the base URL is no address",
                "Use `https://host[:port][/path]` without user, query and fragment.")
        }
        if !base.isSecure, !base.isLoopback {
            throw problem(manifest, "the base URL is plain `http` and not on loopback", "Use `https`.")
        }
        if manifest.simulated, !base.isLoopback {
            throw problem(
                manifest, "a simulated source has a base URL that is not loopback",
                "Use a loopback address, or remove `simulated` from the manifest.")
        }
        return base
    }
}

extension SourceManifest {
    /// Every placeholder that the configuration has to fill.
    var references: [Placeholder] {
        var out = baseURL.flatMap { try? Template.parse($0).get() }?.placeholders ?? []
        out += authentication.flatMap(\.placeholders)
        out += [tls?.authorities, tls?.certificate, tls?.key].compactMap { $0?.placeholders }.flatMap { $0 }
        out += probe?.request.placeholders ?? []
        out += decodeSecrets.map { Placeholder(kind: .secret, name: $0) }
        for interface in interfaces {
            out += interface.pull?.placeholders ?? []
            out += interface.ways.placeholders
            for lookup in interface.find?.questions.values.map({ $0 }) ?? [] { out += lookup.request.placeholders }
        }
        return out.filter { $0.kind == .config || $0.kind == .secret }
    }
}
