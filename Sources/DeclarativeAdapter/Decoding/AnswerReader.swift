// SPDX-License-Identifier: Apache-2.0
internal import Archives
internal import Diagnostics
internal import SourceDocument

/// Reads one answer as its bytes arrive, through everything it is wrapped in.
///
/// Shape: container, document, texts inside the document, end line; each only when the manifest says so. A document whose
/// records lie in a text inside it is held in memory whole, bounded as the answer is; what lies inside is streamed.
final class AnswerReader {
    /// What is known when an answer has been read whole.
    struct End {
        var events: [DocumentEvent] = []
        /// The end of the document that holds the records.
        var end: DocumentEnd?
        /// The envelope of what arrived, with what lies inside its texts.
        var envelope: DocumentNode?
        /// Why the records cannot be read, although the envelope can.
        var problem: DocumentError?
    }

    private let plan: DocumentPlan
    private let records: StreamPath
    private let contentType: String?
    private let limits: DocumentLimits
    private let place: Place
    private var unarchiver: Unarchiver?
    private var parts: [UInt8] = []
    private var reader: DocumentReader
    private var lines: EndLineCheck?

    init(
        _ plan: DocumentPlan, records: StreamPath, contentType: String?, limits: DocumentLimits, place: Place
    ) throws(DocumentError) {
        self.plan = plan
        self.records = records
        self.contentType = contentType
        self.limits = limits
        self.place = place
        lines = plan.endLine.map { EndLineCheck(line: $0, place: place) }
        if case .archive(let format)? = plan.decode.container {
            unarchiver = Unarchiver(format, limits: ArchiveLimits(contentBytes: limits.totalBytes), place: place)
        }
        reader = try AnswerReader.reader(
            plan, records, plan.decode.container == nil ? HTTPCharset.read(contentType) : nil, limits, place)
    }

    private static func reader(
        _ plan: DocumentPlan, _ records: StreamPath, _ charset: String?, _ limits: DocumentLimits, _ place: Place
    ) throws(DocumentError) -> DocumentReader {
        let charset = CharsetDeclaration(http: charset, override: plan.charset)
        guard let outer = plan.decode.outer else {
            return try DocumentReader(
                format: plan.format, records: records, charset: charset, limits: limits, place: place)
        }
        var wide = limits
        wide.envelopeBytes = limits.totalBytes
        wide.textBytes = limits.totalBytes
        return try DocumentReader(
            format: outer, records: .nowhere(in: outer.pathLanguage), charset: charset, limits: wide, place: place)
    }

    /// Takes more of the body and gives the records that are now whole.
    func feed(_ chunk: some Collection<UInt8>) throws(DocumentError) -> [DocumentEvent] {
        if plan.decode.container == .multipart {
            guard parts.count + chunk.count <= limits.totalBytes else {
                throw DocumentError(.tooLarge, scope: .page, place: place)
            }
            parts.append(contentsOf: chunk)
            return []
        }
        guard let unarchiver else { return try checked(reader.feed(chunk)) }
        unarchiver.feed(chunk)
        return try unpacked(unarchiver)
    }

    private func unpacked(_ unarchiver: Unarchiver) throws(DocumentError) -> [DocumentEvent] {
        var events: [DocumentEvent] = []
        while let piece = try next(unarchiver) { events += try checked(reader.feed(piece)) }
        return events
    }

    private func next(_ unarchiver: Unarchiver) throws(DocumentError) -> [UInt8]? {
        do throws(ArchiveError) { return try unarchiver.next() } catch { throw DocumentError(error) }
    }

    /// Takes the end of the body.
    func finish() throws(DocumentError) -> End {
        var events: [DocumentEvent] = []
        if let unarchiver {
            events += try unpacked(unarchiver)
            do throws(ArchiveError) { try unarchiver.finish() } catch { throw DocumentError(error) }
        } else if plan.decode.container == .multipart {
            events += try root()
        }
        let end = try reader.finish()
        guard plan.decode.outer != nil else {
            events += try checked(end.events)
            try lines?.finish()
            return End(events: events, end: end, envelope: end.envelope)
        }
        return inside(end.envelope)
    }

    private func root() throws(DocumentError) -> [DocumentEvent] {
        do throws(EmbeddedFault) {
            let root = try MultipartRelated.root(of: parts, contentType: contentType ?? "", most: limits.totalBytes)
            parts = []
            return try content(root)
        } catch { throw error.error(.page, at: place) }
    }

    private func content(_ root: (bytes: [UInt8], contentType: String?)) throws(EmbeddedFault) -> [DocumentEvent] {
        do throws(DocumentError) {
            reader = try AnswerReader.reader(plan, records, HTTPCharset.read(root.contentType), limits, place)
            return try checked(reader.feed(root.bytes))
        } catch {
            throw EmbeddedFault(error.code, detail: error.detail, path: error.place.path ?? "")
        }
    }

    private func checked(_ events: [DocumentEvent]) throws(DocumentError) -> [DocumentEvent] {
        try lines?.take(events) ?? events
    }

    // MARK: - Texts inside the document

    private func inside(_ envelope: DocumentNode) -> End {
        var out = End(envelope: envelope)
        let steps = plan.decode.document
        for (index, step) in steps.enumerated() {
            guard let root = out.envelope else { return out }
            guard let host = step.source.first(in: root) else {
                out.problem = missing(step, nil)
                return out
            }
            let hostPlace = Place(line: host.position.line, column: host.position.column, path: host.path)
            do throws(DocumentError) {
                let found: DocumentNode
                if index + 1 < steps.count {
                    guard let tree = try tree(step, host, hostPlace) else { throw missing(step, host) }
                    found = tree
                } else {
                    guard let bytes = try bytes(step, host, hostPlace) else { throw missing(step, host) }
                    let (events, end) = try streamed(bytes, step, hostPlace)
                    out.events = events
                    out.end = end
                    found = end.envelope
                }
                out.envelope = root.embedding(at: step.source) { _ in found }
            } catch {
                out.problem = error
                return out
            }
        }
        return out
    }

    private func missing(_ step: DecodeStep, _ host: DocumentNode?) -> DocumentError {
        let position = host?.position
        return DocumentError(
            .embedded, scope: .page,
            place: Place(line: position?.line, column: position?.column, path: step.at).within(place),
            detail: "the text that holds the records is \(host == nil ? "not there" : "empty")")
    }

    private func tree(_ step: DecodeStep, _ host: DocumentNode, _ at: Place) throws(DocumentError) -> DocumentNode? {
        var wide = limits
        wide.recordBytes = limits.totalBytes
        wide.textBytes = limits.totalBytes
        do throws(EmbeddedFault) { return try step.tree(in: host, wide) } catch {
            throw error.error(.page, at: at.within(place))
        }
    }

    private func bytes(_ step: DecodeStep, _ host: DocumentNode, _ at: Place) throws(DocumentError) -> [UInt8]? {
        do throws(EmbeddedFault) {
            guard let bytes = try step.bytes(of: host) else { return nil }
            return step.syntax == .singleQuotedJSON ? try DocumentNode.json(singleQuoted: bytes) : bytes
        } catch {
            throw error.error(.page, at: at.within(place))
        }
    }

    private func streamed(
        _ bytes: [UInt8], _ step: DecodeStep, _ at: Place
    ) throws(DocumentError) -> ([DocumentEvent], DocumentEnd) {
        let inner = try DocumentReader(
            format: plan.format, records: records, charset: CharsetDeclaration(override: step.charset ?? .utf8),
            limits: limits, place: place, host: at)
        var events: [DocumentEvent] = []
        for start in stride(from: 0, to: bytes.count, by: 64 << 10) {
            events += try inner.feed(bytes[start..<min(start + 64 << 10, bytes.count)])
        }
        let end = try inner.finish()
        return (events + end.events, end)
    }
}

/// Takes the end line out of a stream of lines, and refuses a stream that does not end with it.
struct EndLineCheck {
    let line: EndLine
    let place: Place
    private var records = 0
    private var hasEnded = false

    init(line: EndLine, place: Place) {
        self.line = line
        self.place = place
    }

    mutating func take(_ events: [DocumentEvent]) throws(DocumentError) -> [DocumentEvent] {
        var out: [DocumentEvent] = []
        out.reserveCapacity(events.count)
        for event in events {
            if hasEnded { throw error("something follows the line that ends the stream") }
            guard case .record(let record) = event, line.condition.holds(in: record.node, status: nil) else {
                records += 1
                out.append(event)
                continue
            }
            hasEnded = true
            guard let path = line.count else { continue }
            guard let text = path.first(in: record.node)?.scalarText, let count = Int(text) else {
                throw error("the line that ends the stream has no count")
            }
            guard count == records else { throw error("the end line counts \(count) records, \(records) came") }
        }
        return out
    }

    func finish() throws(DocumentError) {
        guard hasEnded else { throw error("the stream stops before the line that ends it") }
    }

    private func error(_ what: String) -> DocumentError {
        DocumentError(.endLine, scope: .page, place: place, detail: what)
    }
}

extension DocumentError {
    /// A container that cannot be unpacked, as an error of the answer it came in.
    init(_ error: ArchiveError) {
        self.init(
            Code(error.code.rawValue), scope: .page, place: error.place, detail: error.diagnostic.what,
            remedy: error.remedy)
    }

    /// Whether the bytes were cut or damaged on their way, so that asking again may help.
    var mayPass: Bool {
        if [.truncated, .empty, .endLine].contains(code) { return true }
        return ArchiveError.Code(rawValue: code.name).map { [.truncated, .corrupt, .checksum].contains($0) } ?? false
    }
}
