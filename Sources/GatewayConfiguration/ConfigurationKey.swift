// SPDX-License-Identifier: Apache-2.0

/// One key of `gateway.yaml`, declared once: the loader, lint, `licgate config explain` and the reference page read it.
public struct ConfigurationKey: Sendable, Hashable {
    /// What a value looks like.
    public enum Kind: String, Sendable {
        /// `host:port`, loopback.
        case address
        /// A path, relative to the file that names it.
        case path
        /// A whole number.
        case number
        /// A share in percent.
        case percent
        /// A size with its unit: `128MiB`.
        case size
        /// `true` or `false`.
        case boolean
        /// One of the listed words.
        case word
        /// A map of further keys.
        case map
    }

    /// The key's path, dots between levels, `<id>` for a free name.
    public var path: String
    /// What a value looks like.
    public var kind: Kind
    /// The value when the key is left out; nil when it must be there.
    public var defaultText: String?
    /// Numbers allowed.
    public var range: ClosedRange<Int>?
    /// Words allowed.
    public var words: [String]
    /// What it does, in one line.
    public var purpose: String
    /// An example value.
    public var example: String

    init(
        _ path: String, _ kind: Kind, default defaultText: String?, range: ClosedRange<Int>? = nil,
        words: [String] = [], example: String, _ purpose: String
    ) {
        self.path = path
        self.kind = kind
        self.defaultText = defaultText
        self.range = range
        self.words = words
        self.purpose = purpose
        self.example = example
    }

    /// Every key, in the order of the reference page.
    public static let all: [ConfigurationKey] = [
        ConfigurationKey(
            "listen", .address, default: "127.0.0.1:8480", example: "127.0.0.1:8480",
            "Where `serve` answers; only loopback until callers can be registered."),
        ConfigurationKey(
            "store", .path, default: "../var/store", example: "../var/store",
            "The catalogue's folder; made when missing, 0700."),
        ConfigurationKey(
            "index_key", .path, default: "../var/index.key", example: "../var/index.key",
            "The key of the holder index, 32 random bytes, 0600; made with the store, and lost look-ups without it."),
        ConfigurationKey(
            "socket", .path, default: "../var/licgate.sock", example: "../var/licgate.sock",
            "The Unix socket through which commands reach a running `serve`; 0600, at most 100 bytes."),
        ConfigurationKey(
            "intake", .path, default: "../var/intake", example: "../var/intake",
            "Where other ways in keep what they need: bodies and tap configurations while they are used; 0700, beside the store when left out."
        ),
        ConfigurationKey(
            "adapters", .path, default: "../Adapters", example: "../Adapters", "The folder of adapter folders."),
        ConfigurationKey(
            "dialects", .path, default: "dialects", example: "dialects", "The folder of named field maps."),
        ConfigurationKey(
            "licence_types", .path, default: "licence-types.csv", example: "licence-types.csv",
            "The register of licence types (证照目录)."),
        ConfigurationKey(
            "secrets.folder", .path, default: "secrets", example: "secrets",
            "One file per secret, named after it, 0600; its content without the last line end is the secret."),
        ConfigurationKey(
            "secrets.environment", .boolean, default: "false", example: "true",
            "Also read `LICGATE_SECRET_<NAME>` from the environment, which wins over the folder."),
        ConfigurationKey(
            "sync.parallel", .number, default: "4", range: 1...64, example: "4", "Sources pulled at the same time."),
        ConfigurationKey(
            "sync.withdrawal_records", .number, default: "50", range: 0...1_000_000, example: "50",
            "Records that a pull may withdraw in any case."),
        ConfigurationKey(
            "sync.withdrawal_percent", .percent, default: "2", range: 0...100, example: "2",
            "Share of a partition that a pull may withdraw, when that is more."),
        ConfigurationKey(
            "catalogue.memory", .size, default: "128MiB", example: "128MiB",
            "Budget of the store's caches and write buffers together, 16 MiB to 16 GiB."),
        ConfigurationKey(
            "catalogue.quarantine", .size, default: "1GiB", example: "1GiB",
            "Bytes of rejected records kept; full, the source that rejects stops."),
        ConfigurationKey(
            "health.probe_minutes", .number, default: "10", range: 1...1440, example: "10",
            "How often `serve` probes each interface, inside its allowed hours."),
        ConfigurationKey(
            "log.level", .word, default: "info", words: ["debug", "info", "notice", "warning", "error"],
            example: "info", "Least level of the JSON lines on standard error."),
        ConfigurationKey(
            "sources.<id>.base_url", .word, default: nil, example: "https://10.0.0.8/licences",
            "Where the source answers; each manifest says with `${config:…}` which settings it needs."),
        ConfigurationKey(
            "taps.<name>.executable", .path, default: nil, example: "/opt/taps/bin/tap-rest-api-msdk",
            "A program that manifests may run as a Singer tap: an absolute path, writable by its owner only."),
        ConfigurationKey(
            "taps.<name>.sha256", .word, default: nil, example: "9f86d081…",
            "The SHA-256 of that file, when it is to be this one and no other."),
    ]
}
