// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
import Foundation
public import Intake
public import LicenceModel
import Yams

/// `gateway.yaml`, read and checked.
public struct GatewaySettings: Sendable {
    /// The file it came from, as the user named it.
    public var file: String
    /// Host and port of `serve`.
    public var listenHost: String
    /// The port; 0 lets the machine choose.
    public var listenPort: Int
    /// The catalogue's folder.
    public var store: String
    /// The key of the holder index.
    public var indexKey: String
    /// The control socket.
    public var socket: String
    /// The folder of adapter folders.
    public var adapters: String
    /// The folder of dialects.
    public var dialects: String
    /// The register of licence types.
    public var licenceTypes: String
    /// The folder of secrets.
    public var secretsFolder: String
    /// Whether secrets may come from the environment.
    public var secretsFromEnvironment: Bool
    /// Sources pulled at the same time.
    public var parallel: Int
    /// Records a full pull may withdraw in any case.
    public var withdrawalRecords: Int
    /// Share it may withdraw, in percent.
    public var withdrawalPercent: Int
    /// Budget of the store's caches and buffers.
    public var memory: ByteCount
    /// Bytes of quarantine.
    public var quarantine: ByteCount
    /// Minutes between probes.
    public var probeMinutes: Int
    /// Least level of log lines.
    public var logLevel: String
    /// The folder of other ways in.
    public var intake: String
    /// Programs that may be run as Singer taps, by the name manifests give.
    public var taps: [String: TapProgram]
    /// What each source's manifest refers to with `${config:…}`, by source.
    public var sources: [SourceID: [String: String]]

    /// Reads a file.
    ///
    /// Returns everything that is wrong at once; the settings are nil when there is an error among the findings.
    public static func load(_ file: String) -> (settings: GatewaySettings?, findings: [Diagnostic]) {
        var tree = ConfigurationTree(file: file)
        guard let data = FileManager.default.contents(atPath: file), let text = String(data: data, encoding: .utf8)
        else {
            tree.report(
                "configuration.unreadable", nil, "the file cannot be read as UTF-8 text",
                "Check the path given with `--config` and its permissions")
            return (nil, tree.findings)
        }
        guard let root = tree.root(of: text) else { return (nil, tree.findings) }
        var values = ConfigurationValues(tree: tree, folder: (file as NSString).deletingLastPathComponent)
        values.read(root)
        let settings = values.settings()
        let findings = values.tree.findings.sorted {
            ($0.place.line ?? 0, $0.place.column ?? 0, $0.code) < ($1.place.line ?? 0, $1.place.column ?? 0, $1.code)
        }
        return (findings.contains { $0.severity == .error } ? nil : settings, findings)
    }
}

/// The values of a configuration file by the paths of `ConfigurationKey`.
struct ConfigurationValues {
    var tree: ConfigurationTree
    let folder: String
    private var texts: [String: (text: String, mark: Mark?)] = [:]
    private var sources: [SourceID: [String: String]] = [:]
    var taps: [String: TapProgram] = [:]

    init(tree: ConfigurationTree, folder: String) {
        self.tree = tree
        self.folder = folder
    }

    mutating func read(_ root: Node.Mapping) { read(root, under: "") }

    private mutating func read(_ mapping: Node.Mapping, under prefix: String) {
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                tree.report("configuration.unknown_key", keyNode.mark, "a key is not a word", "Write a known key")
                continue
            }
            let path = prefix.isEmpty ? key : "\(prefix).\(key)"
            if path == "sources" {
                readSources(value)
            } else if path == "taps" {
                readTaps(value)
            } else if ConfigurationKey.all.contains(where: { $0.path == path }) {
                guard let scalar = value.scalar else {
                    tree.report("configuration.wrong_type", value.mark, "`\(path)` takes one value", "Write one value")
                    continue
                }
                texts[path] = (scalar.string, value.mark)
            } else if ConfigurationKey.all.contains(where: { $0.path.hasPrefix(path + ".") }) {
                if let inner = value.mapping {
                    read(inner, under: path)
                } else {
                    tree.report("configuration.wrong_type", value.mark, "`\(path)` takes keys", "Indent keys under it")
                }
            } else {
                unknown(path, keyNode.mark)
            }
        }
    }

    private mutating func unknown(_ path: String, _ mark: Mark?) {
        let known =
            ConfigurationKey.all.map(\.path) + ["sources", "taps", "secrets", "sync", "catalogue", "health", "log"]
        let hint = nearest(path, among: known).map { "Did you mean `\($0)`?" }
        tree.report(
            "configuration.unknown_key", mark, "unknown key `\(path)`",
            hint ?? "`licgate config explain` lists the keys there are")
    }

    private mutating func readSources(_ node: Node) {
        if node.scalar?.string.isEmpty == true || node == Node("null") { return }
        guard let mapping = node.mapping else {
            tree.report("configuration.wrong_type", node.mark, "`sources` takes keys", "Indent a source's id under it")
            return
        }
        for (idNode, value) in mapping {
            guard let id = idNode.scalar?.string else { continue }
            var settings: [String: String] = [:]
            for (key, item) in value.mapping ?? Node.Mapping([]) {
                guard let name = key.scalar?.string, let text = item.scalar?.string else {
                    tree.report(
                        "configuration.wrong_type", item.mark, "a setting of source `\(id)` takes one value",
                        "Write one value")
                    continue
                }
                // A source's paths count from this file as all others do; a manifest knows them by their names' ends.
                settings[name] = name.hasSuffix("_folder") || name.hasSuffix("_file") ? resolved(text) : text
            }
            sources[SourceID(id)] = settings
        }
    }

    private mutating func text(_ path: String) -> String {
        texts[path]?.text ?? ConfigurationKey.all.first { $0.path == path }?.defaultText ?? ""
    }

    private mutating func path(_ key: String) -> String { resolved(text(key)) }

    private func resolved(_ value: String) -> String {
        if value.hasPrefix("/") { return value }
        let joined = folder.isEmpty ? value : folder + "/" + value
        return Self.tidied(joined)
    }

    /// The path without `.` and `x/..`, so that messages name files as people would.
    static func tidied(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        let joined = parts.joined(separator: "/")
        return path.hasPrefix("/") ? "/" + joined : joined.isEmpty ? "." : joined
    }

    private mutating func number(_ path: String) -> Int {
        let value = text(path)
        let key = ConfigurationKey.all.first { $0.path == path }
        if let number = Int(value), key?.range?.contains(number) ?? true { return number }
        let range = key?.range.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "a whole number"
        wrong(path, "`\(path)` is not a number in range", "Write a whole number from \(range)")
        return 0
    }

    private mutating func size(_ path: String, _ range: ClosedRange<Int>) -> ByteCount {
        let value = text(path)
        for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where value.hasSuffix(unit) {
            let bytes = Int(value.dropLast(3))?.multipliedReportingOverflow(by: size)
            if let bytes, !bytes.overflow, range.contains(bytes.partialValue) { return ByteCount(bytes.partialValue) }
        }
        wrong(path, "`\(path)` is not a size in range", "Write a number with KiB, MiB or GiB, for example 128MiB")
        return ByteCount(0)
    }

    private mutating func wrong(_ path: String, _ what: String, _ remedy: String) {
        tree.report("configuration.wrong_value", texts[path]?.mark, what, remedy)
    }

    mutating func settings() -> GatewaySettings {
        let listen = address()
        let environment = text("secrets.environment")
        if !["true", "false"].contains(environment) {
            wrong("secrets.environment", "`secrets.environment` is neither true nor false", "Write true or false")
        }
        let level = text("log.level")
        let levels = ConfigurationKey.all.first { $0.path == "log.level" }?.words ?? []
        if !levels.contains(level) {
            wrong("log.level", "`log.level` is no level", "Write one of \(levels.joined(separator: ", "))")
        }
        let socket = path("socket")
        if socket.utf8.count > 100 {
            wrong(
                "socket", "`socket` is longer than the 100 bytes a Unix socket's path may have", "Choose a shorter path"
            )
        }
        return GatewaySettings(
            file: tree.file, listenHost: listen.host, listenPort: listen.port, store: path("store"),
            indexKey: path("index_key"), socket: socket, adapters: path("adapters"), dialects: path("dialects"),
            licenceTypes: path("licence_types"), secretsFolder: path("secrets.folder"),
            secretsFromEnvironment: environment == "true", parallel: number("sync.parallel"),
            withdrawalRecords: number("sync.withdrawal_records"), withdrawalPercent: number("sync.withdrawal_percent"),
            memory: size("catalogue.memory", (16 << 20)...(16 << 30)),
            quarantine: size("catalogue.quarantine", (1 << 20)...(1 << 40)),
            probeMinutes: number("health.probe_minutes"),
            logLevel: level, intake: intakeFolder(), taps: taps, sources: sources)
    }

    /// As written, or beside the store: where that is, there is room and are rights.
    private mutating func intakeFolder() -> String {
        guard texts["intake"] == nil else { return path("intake") }
        let store = path("store")
        return store.lastIndex(of: "/").map { store[..<$0] + "/intake" } ?? "intake"
    }

    private mutating func address() -> (host: String, port: Int) {
        let value = text("listen")
        guard let colon = value.lastIndex(of: ":"), let port = Int(value[value.index(after: colon)...]),
            (0...65_535).contains(port)
        else {
            wrong("listen", "`listen` is not `host:port`", "Write 127.0.0.1:8480")
            return ("127.0.0.1", 0)
        }
        let host = String(value[..<colon])
        guard ["127.0.0.1", "localhost", "[::1]", "::1"].contains(host) || host.hasPrefix("127.") else {
            wrong(
                "listen", "`listen` is not a loopback address",
                "Write 127.0.0.1 and a port: callers cannot be registered yet, so nobody outside this machine may ask")
            return ("127.0.0.1", 0)
        }
        return (host == "[::1]" ? "::1" : host, port)
    }
}
