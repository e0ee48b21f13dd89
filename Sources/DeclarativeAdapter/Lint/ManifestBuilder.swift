// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// Compiles checked shapes into a manifest, and reports what only shows when keys are seen together.
struct ManifestBuilder {
    let folder: String
    let folderName: String
    let dialects: DialectShelf
    var findings: Findings
    var unconfirmed: [Diagnostic] = []

    init(folder: String, folderName: String, dialects: DialectShelf, findings: Findings) {
        self.folder = folder
        self.folderName = folderName
        self.dialects = dialects
        self.findings = findings
    }

    /// The manifest, or nil when a finding is an error.
    mutating func manifest(_ top: Block, further: [Block]) -> SourceManifest? {
        checkTop(top)
        let defaults = InterfaceDefaults(top)
        var blocks = top.blocks("interfaces")
        blocks += further
        if blocks.isEmpty, !top.has("interfaces"), !top.has("table") {
            findings.add(
                "manifest.missing_key", at: top.spot, "the manifest has no interface",
                "Add `interfaces:` with at least one.")
        }
        checkNames(blocks)
        let interfaces = blocks.compactMap { interface($0, defaults) }
        let onlyFiles = !blocks.isEmpty && blocks.allSatisfy { $0.hasOtherWay && !$0.has("find") }
        checkAddress(top, onlyFiles: onlyFiles)
        let authentication = authentication(top)
        let probe = probe(top.block("probe"), top)
        checkUses(of: authentication, top, blocks)
        let tls = tls(top.block("tls"))
        collectUnconfirmed(.block(top))
        for block in further { collectUnconfirmed(.block(block)) }
        guard !findings.hasErrors, let id = top.text("id"), let limits = limits(top.block("limits")) else { return nil }
        return SourceManifest(
            id: SourceID(id), name: top.text("name") ?? id, owner: top.text("owner") ?? "", region: top.text("region"),
            simulated: top.boolean("simulated") ?? false, folder: folder, unconfirmed: unconfirmed,
            waivers: Dictionary(top.pairs("waive").map { ($0.key, $0.value) }) { $1 },
            mappingRevision: revision(blocks, defaults), baseURL: top.text("base_url"), authentication: authentication,
            limits: limits, probe: probe, tls: tls,
            certificateWarningDays: top.integer("certificate_warning_days") ?? 30,
            interfaces: interfaces)
    }

    private mutating func checkTop(_ top: Block) {
        if let version = top.integer("manifest_version"), version > ManifestLanguage.version {
            findings.add(
                "manifest.version_too_new", at: top.spot("manifest_version"),
                "the manifest is of version \(version), this program reads version \(ManifestLanguage.version)",
                "Use a newer release of this program.")
        }
        if let id = top.text("id"), id != folderName {
            findings.add(
                "manifest.id_mismatch", at: top.spot("id"),
                "the id `\(shown(id))` is not the folder's name `\(shown(folderName))`",
                "Rename one of them.")
        }
    }

    private mutating func checkNames(_ blocks: [Block]) {
        var seen: Set<String> = []
        for block in blocks {
            guard let name = block.text("name"), !seen.insert(name).inserted else { continue }
            findings.add(
                "manifest.duplicate_name", at: block.spot("name"), "two interfaces are called `\(shown(name))`",
                "Rename one of them.")
        }
    }

    private mutating func checkAddress(_ top: Block, onlyFiles: Bool) {
        if !onlyFiles {
            for key in ["base_url", "auth", "probe"] where !top.has(key) {
                need(top, key, "an interface is asked over HTTP")
            }
        }
        guard let text = top.text("base_url"), let address = BaseAddress(text) else { return }
        if !address.isSecure && !address.isLoopback {
            findings.add(
                "manifest.insecure_url", at: top.spot("base_url"), "the base URL is plain `http` and not on loopback",
                "Use `https`; licence data may not cross a network in the clear.")
        }
        if top.boolean("simulated") == true && !address.isLoopback {
            findings.add(
                "manifest.simulated_elsewhere", at: top.spot("base_url"),
                "a simulated source has a base URL that is not loopback",
                "Use a loopback address, or remove `simulated`.")
        }
    }

    mutating func need(_ block: Block, _ key: String, _ because: String) {
        let spec = ManifestLanguage.block(block.name)?.key(key)
        findings.add(
            "manifest.missing_key", at: block.spot, "`\(block.name)` lacks the key `\(key)`: \(because)",
            "Add `\(key): \(spec?.example ?? "…")`.")
    }

    mutating func conflict(_ block: Block, _ key: String, _ what: String, _ remedy: String) {
        findings.add("manifest.conflict", at: block.spot(key), what, remedy)
    }

    // MARK: - The parts of the top

    private func limits(_ block: Block?) -> ManifestLimits? {
        guard let block, let timeout = block.duration("timeout"), let bytes = block.bytes("response_bytes"),
            let rate = block.integer("requests_per_second"), let pages = block.integer("pages_per_run")
        else { return nil }
        let percent = block.text("rejected_percent").flatMap { Double($0) } ?? 5
        return ManifestLimits(
            timeout: timeout, connectTimeout: block.duration("connect_timeout") ?? .seconds(5),
            stallTimeout: block.duration("stall_timeout") ?? .seconds(15), responseBytes: bytes,
            recordBytes: block.bytes("record_bytes") ?? 256 << 10, requestsPerSecond: rate,
            inFlight: block.integer("in_flight") ?? 2, rate: requestRate(block.block("requests_per")),
            dailyQuota: block.integer("daily_quota"),
            budget: FailureBudget(
                rejectedFraction: percent / 100, rejectedRecords: block.integer("rejected_records") ?? 1000,
                pageFailures: block.integer("page_failures") ?? 3, pagesPerRun: pages,
                retryFor: block.duration("retry_for")))
    }

    private mutating func probe(_ block: Block?, _ top: Block) -> ProbePlan? {
        guard let block, let expect = block.block("expect") else { return nil }
        let request = request(block, allowed: .probeText, defaultMethod: "GET")
        let document = probeDocument(top)
        let equals = expect.pairs("equals").compactMap { pair in
            envelopePath(pair.key, at: pair.spot, document).map { EnvelopeTest(path: $0, kind: .equals(pair.value)) }
        }
        guard let request, let status = expect.integer("status") else { return nil }
        let timeout = top.block("limits")?.duration("timeout") ?? .seconds(10)
        return ProbePlan(
            request: request, document: document, status: status, equals: equals,
            within: expect.duration("within") ?? timeout)
    }

    /// How the answer to a probe is read: as the others, but for what only lists have.
    private mutating func probeDocument(_ top: Block) -> DocumentPlan {
        var document = decodedPlan(top, InterfaceDefaults(top))
        document.decode.container = nil
        switch document.wireFormat {
        case .json, .xml: return document
        case .ndjson, .csv: return DocumentPlan(format: .json, charset: document.charset, namespaces: [:])
        }
    }

    private mutating func tls(_ block: Block?) -> TLSPlan? {
        guard let block else { return nil }
        if block.has("client_certificate") != block.has("client_key") {
            need(
                block, block.has("client_key") ? "client_certificate" : "client_key", "certificate and key go together")
        }
        return TLSPlan(
            authorities: block.template("ca_file"), certificate: block.template("client_certificate"),
            key: block.template("client_key"))
    }

    /// A digest of what decides how a record maps: the interfaces' mapping keys, the defaults and the dialects.
    private func revision(_ blocks: [Block], _ defaults: InterfaceDefaults) -> String {
        var text = "1\n"
        for block in blocks.sorted(by: { ($0.text("name") ?? "") < ($1.text("name") ?? "") }) {
            text += (block.text("name") ?? "") + "\n"
            for key in ["licence_type", "licence_type_from", "fields", "face_fields"] { text += canonical(block[key]) }
            for key in ["format", "charset", "namespaces", "delimiter"] {
                text += canonical(block[key] ?? defaults.top[key])
            }
            for key in ["quote", "header", "decode"] where block.has(key) || defaults.top.has(key) {
                text += key + canonical(block[key] ?? defaults.top[key])
            }
            for part in ["pull", "files", "push", "tap", "find"] {
                guard let inner = block.block(part) else { continue }
                for key in ["records", "key", "version", "tombstone", "where", "reject_if"] {
                    text += canonical(inner[key])
                }
            }
            if let name = block.block("fields")?.text("dialect") {
                text += canonical(dialects.shape(name).map { .block($0) })
                text += vocabularies(in: dialects.shape(name).map { .block($0) })
            }
            text += vocabularies(in: block["fields"]) + vocabularies(in: block["face_fields"])
        }
        return String(SHA256.digest(text).description.prefix(12))
    }
}

/// A shape as text that differs when the shape does, and only then.
func canonical(_ shape: Shape?) -> String {
    switch shape {
    case nil: return "-\n"
    case .scalar(let text, _): return "\(text.utf8.count):\(text)\n"
    case .list(let members, _): return "[\(members.map { canonical($0) }.joined())]\n"
    case .map(let pairs, _):
        return
            "{\(pairs.sorted { $0.key < $1.key }.map { "\($0.key.utf8.count):\($0.key)=" + canonical($0.value) }.joined())}\n"
    case .block(let block):
        // A mark that waits for a person decides nothing about a record.
        let keys = block.values.keys.filter { $0 != KeySpec.confirm.name }.sorted()
        return "{\(keys.map { "\($0)=" + canonical(block[$0]) }.joined())}\n"
    }
}

/// The keys of the top that hold for every interface without its own.
struct InterfaceDefaults {
    let top: Block
    init(_ top: Block) { self.top = top }
}
