// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

extension Block {
    /// True when an interface is filled in another way than by asking over HTTP.
    var hasOtherWay: Bool { has("files") || has("push") || has("tap") }
}

extension ManifestBuilder {
    /// An interface is filled in one way, or is only asked.
    mutating func checkWays(_ block: Block) {
        let ways = ["pull", "files", "push", "tap"].filter { block.has($0) }
        if let second = ways.dropFirst().first {
            conflict(
                block, second, "`\(ways[0])` and `\(second)` exclude each other", "Make two interfaces of them.")
        }
        if ways.isEmpty, !block.has("find") {
            findings.add(
                "manifest.missing_key", at: block.spot,
                "this interface is neither pulled, read from files, pushed, read by a tap nor asked",
                "Add `pull`, `files`, `push`, `tap` or `find`.")
        }
    }

    mutating func otherWays(_ block: Block, _ document: DocumentPlan) -> OtherWays {
        OtherWays(
            files: block.block("files").flatMap { filePlan($0, document) },
            push: block.block("push").flatMap { pushPlan($0, document) },
            tap: block.block("tap").flatMap { tapPlan($0, document) })
    }

    private mutating func listOrWhole(_ block: Block, _ document: DocumentPlan) -> StreamPath? {
        if block.has("records") { return listPath(block, "records", document) }
        if document.format == .xml { need(block, "records", "XML has a path to its list") }
        return StreamPath.whole
    }

    private mutating func filePlan(_ block: Block, _ document: DocumentPlan) -> FilePlan? {
        let identity = identity(block, document)
        let ready = block.block("ready").flatMap { readyRule($0) }
        let records = listOrWhole(block, document)
        let mode = block.text("mode") == "changes" ? FileDrop.Mode.changes : .snapshot
        if mode == .changes, !block.has("done") { need(block, "done", "in `mode: changes` each file is taken once") }
        if block.has("done"), !block.has("rejected") { need(block, "rejected", "`done` and `rejected` go together") }
        if block.has("rejected"), !block.has("done") { need(block, "done", "`done` and `rejected` go together") }
        if block.has("member"), block.text("container") != "zip" {
            conflict(block, "member", "only a zip archive has members", "Write `container: zip`, or remove it.")
        }
        let containers: [String: FileContainer] = ["gzip": .gzip, "zip": .zip(member: block.text("member"))]
        guard let identity, let ready, let records, let folder = block.template("folder"),
            let pattern = block.text("pattern"), let suffix = block.block("ready")?.text("suffix")
        else { return nil }
        return FilePlan(
            folder: folder, pattern: pattern, readySuffix: suffix, ready: ready, mode: mode,
            container: block.text("container").flatMap { containers[$0] },
            done: block.template("done"), rejected: block.template("rejected"), records: records, identity: identity)
    }

    private mutating func readyRule(_ block: Block) -> FileDrop.Ready? {
        guard block.has("rows") || block.has("sha256") else { return .marker }
        for key in ["rows", "sha256"] where !block.has(key) { need(block, key, "`rows` and `sha256` go together") }
        let json = DocumentPlan(format: .json, charset: nil, namespaces: [:])
        guard let rows = envelopePath(block, "rows", json), let sha256 = envelopePath(block, "sha256", json) else {
            return nil
        }
        return .declared(rows: rows, sha256: sha256)
    }

    private mutating func pushPlan(_ block: Block, _ document: DocumentPlan) -> PushPlan? {
        let identity = identity(block, document)
        let records = listOrWhole(block, document)
        guard let identity, let records, let secret = block.template("secret")?.placeholders.first?.name else {
            return nil
        }
        return PushPlan(
            secret: secret, algorithm: block.text("algorithm").flatMap(PushAlgorithm.init(rawValue:)) ?? .hmacSHA256,
            window: block.duration("window") ?? .seconds(300), records: records, identity: identity)
    }

    private mutating func tapPlan(_ block: Block, _ document: DocumentPlan) -> TapPlan? {
        if document.format != .json {
            conflict(block, "program", "the records of a tap are JSON", "Remove `format`, or write `format: json`.")
        }
        let identity = identity(block, document)
        var configuration: TapPlan.Configuration?
        if let template = block.template("config") {
            checkConfiguration(template, block.spot("config"))
            configuration = .json(template)
        } else {
            let texts = block.pairs("config").compactMap { pair in
                (try? Template.parse(pair.value).get()).map { (name: pair.key, value: $0) }
            }
            if !texts.isEmpty { configuration = .texts(texts) }
        }
        if let name = block.text("catalog"), name.contains("*") {
            conflict(block, "catalog", "`catalog` is one file", "Write its name without `*`.")
        }
        guard let identity, let configuration, let program = block.text("program"), let stream = block.text("stream")
        else { return nil }
        return TapPlan(
            program: program, stream: stream, configuration: configuration, catalogue: block.text("catalog"),
            isSnapshot: block.text("mode") == "snapshot", deadline: block.duration("deadline") ?? .seconds(1800),
            memory: block.bytes("memory") ?? 1 << 30, output: block.bytes("output") ?? 4 << 30, identity: identity)
    }

    /// A configuration in one text must be a JSON object whatever the values are.
    private mutating func checkConfiguration(_ template: Template, _ spot: Spot) {
        let sample = template.render { _ in "a b" } ?? ""
        var isObject = false
        if let reader = try? DocumentReader(format: .json, records: .whole),
            var events = try? reader.feed(Array(sample.utf8)),
            let end = try? reader.finish()
        {
            events += end.events
            if case .record(let record)? = events.first, events.count == 1 { isObject = record.node.kind == .object }
        }
        if !isObject {
            findings.add(
                "manifest.bad_body", at: spot, "the configuration of the tap is no JSON object",
                "Write one object; placeholders stand inside quotes.")
        }
    }
}
