// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import SourceDocument

/// What a sample turned out to be.
struct ParsedSample: Sendable {
    enum Format: Sendable, Hashable {
        case json, ndjson, xml
        case csv(delimiter: String)

        var word: String {
            switch self {
            case .json: "json"
            case .ndjson: "ndjson"
            case .xml: "xml"
            case .csv: "csv"
            }
        }
    }
    var format: Format
    /// The character set when it has to be said, because neither the document nor UTF-8 says it.
    var charset: String?
    var root: SampleNode
    var names: NamespaceBook
    /// How the envelope must be opened before anything is read, as the manifest's `decode.container`.
    var container: String?
}

/// Reads a sample of unknown format, bounded.
enum SampleParser {
    static let bytesMax = 16 << 20
    static let recordsMax = 20_000

    static var limits: DocumentLimits {
        var limits = DocumentLimits()
        limits.recordBytes = bytesMax
        limits.totalBytes = bytesMax
        limits.envelopeBytes = bytesMax
        limits.nodesPerRecord = 2_000_000
        limits.records = recordsMax
        return limits
    }

    static func parse(_ bytes: [UInt8], charset: String?) throws(WorkbenchError) -> ParsedSample {
        guard bytes.count <= bytesMax else {
            throw WorkbenchError(
                "workbench.sample_too_large", "the sample has \(ByteCount(bytes.count).words), more than 16 MiB",
                remedy: "Ask for a smaller page; a few records are enough.")
        }
        guard let first = bytes.drop(while: { $0 <= 32 || [0xEF, 0xBB, 0xBF].contains($0) }).first else {
            throw WorkbenchError(
                "workbench.sample_empty", "the sample is empty", remedy: "Save one answer that holds records.")
        }
        if bytes.starts(with: [0x1F, 0x8B]) || bytes.starts(with: [0x50, 0x4B]) || isMultipart(bytes) {
            throw WorkbenchError(
                "workbench.sample_packed", "the sample is packed (gzip, zip or parts of a multipart answer)",
                remedy: "Unpack it for this command; `decode.container` of the manifest says how answers are packed.")
        }
        try refuseWebPage(bytes)
        var names = NamespaceBook()
        if first == UInt8(ascii: "<") {
            return try xml(bytes, charset: charset, &names)
        }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            return try json(bytes, charset: charset, &names)
        }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
            if let root = document(bytes, isXML: false, &names, depth: 0) {
                return ParsedSample(format: .json, charset: nil, root: root, names: names)
            }
            return try xml(bytes, charset: charset, &names)
        }
        return try csv(bytes, charset: charset, &names)
    }

    /// A JSON or XML document as a tree, or nil when it is none.
    static func document(_ bytes: [UInt8], isXML: Bool, _ names: inout NamespaceBook, depth: Int) -> SampleNode? {
        if isXML {
            guard let record = try? records(bytes, .xml, path: "/*", charset: nil).first else { return nil }
            return rooted(record.node, &names, depth: depth)
        }
        guard let list = try? records(bytes, .json, path: "$", charset: nil) else { return nil }
        return root(
            list, isList: bytes.first { $0 > 32 && ![0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "["), &names,
            depth: depth)
    }

    private static func rooted(_ node: DocumentNode, _ names: inout NamespaceBook, depth: Int) -> SampleNode {
        var out = SampleNode(kind: .object)
        let name = names.qualified(node)
        out.members = [(name, SampleNode.from(node, &names, depth: depth))]
        return out
    }

    private static func root(
        _ list: [DocumentRecord], isList: Bool, _ names: inout NamespaceBook, depth: Int
    ) -> SampleNode {
        if !isList, let only = list.first { return SampleNode.from(only.node, &names, depth: depth) }
        var out = SampleNode(kind: .list)
        out.items = list.map { SampleNode.from($0.node, &names, depth: depth) }
        return out
    }

    private static func json(
        _ bytes: [UInt8], charset: String?, _ names: inout NamespaceBook
    ) throws(WorkbenchError) -> ParsedSample {
        var problem: DocumentError?
        for override in overrides(charset) {
            do throws(DocumentError) {
                let list = try records(bytes, .json, path: "$", charset: override)
                let isList = bytes.first { $0 > 32 && ![0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "[")
                let root = root(list, isList: isList, &names, depth: 0)
                return ParsedSample(format: .json, charset: override, root: root, names: names)
            } catch {
                problem = problem ?? error
            }
            if let lines = try? records(bytes, .ndjson, path: "$", charset: override), lines.count > 1 {
                var out = SampleNode(kind: .list)
                out.items = lines.map { SampleNode.from($0.node, &names) }
                return ParsedSample(format: .ndjson, charset: override, root: out, names: names)
            }
        }
        throw unreadable("JSON", problem)
    }

    private static func xml(
        _ bytes: [UInt8], charset: String?, _ names: inout NamespaceBook
    ) throws(WorkbenchError) -> ParsedSample {
        var problem: DocumentError?
        for override in overrides(charset) {
            do throws(DocumentError) {
                guard let record = try records(bytes, .xml, path: "/*", charset: override).first else { continue }
                let root = rooted(record.node, &names, depth: 0)
                return ParsedSample(format: .xml, charset: override, root: root, names: names)
            } catch {
                problem = problem ?? error
            }
        }
        throw unreadable("XML", problem)
    }

    private static func csv(
        _ bytes: [UInt8], charset: String?, _ names: inout NamespaceBook
    ) throws(WorkbenchError) -> ParsedSample {
        let head = bytes.prefix { $0 != 10 && $0 != 13 }
        let counts = [(",", UInt8(44)), (";", 59), ("tab", 9), ("|", 124)].map {
            (word: $0.0, byte: $0.1, n: head.count { [b = $0.1] in $0 == b })
        }
        guard let best = counts.max(by: { $0.n < $1.n }), best.n > 0 else {
            throw WorkbenchError(
                "workbench.sample_unknown", "the sample is neither JSON nor XML nor a table with a header line",
                remedy: "Save one answer of the interface, as its bytes came.")
        }
        var problem: DocumentError?
        for override in overrides(charset) {
            do throws(DocumentError) {
                let rows = try records(bytes, .csv(CSVDialect(delimiter: best.byte)), path: "$", charset: override)
                var out = SampleNode(kind: .list)
                out.items = rows.map { SampleNode.from($0.node, &names) }
                return ParsedSample(
                    format: .csv(delimiter: best.word), charset: override, root: out, names: names)
            } catch {
                problem = problem ?? error
            }
        }
        throw unreadable("CSV", problem)
    }

    /// First as the document says, then what it usually is when that fails.
    private static func overrides(_ charset: String?) -> [String?] { charset.map { [$0] } ?? [nil, "gb18030"] }

    private static func records(
        _ bytes: [UInt8], _ format: DocumentFormat, path: String, charset: String?
    ) throws(DocumentError) -> [DocumentRecord] {
        let declaration = CharsetDeclaration(override: charset.flatMap { DocumentCharset(label: $0) })
        let stream = try StreamPath(path, language: format.pathLanguage)
        let reader = try DocumentReader(format: format, records: stream, charset: declaration, limits: limits)
        var events = try reader.feed(bytes)
        events += try reader.finish().events
        var out: [DocumentRecord] = []
        for event in events {
            switch event {
            case .record(let record): out.append(record)
            case .reject(let reject): throw reject.error
            }
        }
        return out
    }

    /// Begins with a boundary and the headers of a part.
    private static func isMultipart(_ bytes: [UInt8]) -> Bool {
        let head = String(decoding: bytes.prefix(1024), as: UTF8.self)
        return head.trimmed.hasPrefix("--") && head.lowercased().contains("content-type:")
    }

    /// An interface document is no answer, however much it looks like one.
    static func refuseDocument(_ sample: ParsedSample) throws(WorkbenchError) {
        let names = Set(sample.root.members.map { WSDLReader.local($0.name) })
        let isXML = sample.format == .xml && !names.isDisjoint(with: ["definitions", "schema"])
        guard isXML || !names.isDisjoint(with: ["openapi", "swagger"]) && names.contains("paths") else { return }
        throw WorkbenchError(
            "workbench.sample_is_document", "the sample is the description of an interface, and no answer of it",
            remedy: "Give it with `\(isXML ? "--wsdl" : "--openapi")`, and one answer with `--sample` if there is one.")
    }

    private static func refuseWebPage(_ bytes: [UInt8]) throws(WorkbenchError) {
        let head = String(decoding: bytes.prefix(512), as: UTF8.self).lowercased()
        guard head.contains("<!doctype html") || head.contains("<html") else { return }
        throw WorkbenchError(
            "workbench.sample_is_web_page", "the sample is a web page, perhaps a login or an error page",
            remedy: "Ask again with the credentials the interface wants, and save that answer.")
    }

    private static func unreadable(_ format: String, _ problem: DocumentError?) -> WorkbenchError {
        let finding = problem?.diagnostic
        return WorkbenchError(
            "workbench.sample_unreadable",
            "the sample looks like \(format) and is none" + (finding.map { ": \($0.what)" } ?? ""),
            place: Place(line: finding?.place.line, column: finding?.place.column),
            remedy: "Save the answer's bytes as they came; if it is in another character set, say `--charset`.")
    }
}
