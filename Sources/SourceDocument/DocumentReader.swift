// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Reads one document as its bytes arrive, and hands over its records one by one.
///
/// Shape: one owner, one thread at a time; not Sendable. Memory is that of one record, one chunk and the envelope.
/// An error of scope `.page` ends it; a bad record is an event, never an error.
public final class DocumentReader {
    private let limits: DocumentLimits
    private let place: Place
    private var decoder: CharsetDecoder
    private let reader: any ListReader
    private var received = 0
    private var decoded = 0
    private var ended = false

    /// Makes a reader; `host` is the place of the text that the bytes come out of, when they are inside a document.
    ///
    /// Throws: `document.path_syntax` when the path is not one for this format.
    public init(
        format: DocumentFormat, records: StreamPath, charset: CharsetDeclaration = CharsetDeclaration(),
        limits: DocumentLimits = DocumentLimits(), place: Place = Place(), host: Place? = nil
    ) throws(DocumentError) {
        self.limits = limits
        self.place = host?.within(place) ?? place
        decoder = CharsetDecoder(charset, isXML: format == .xml)
        let surroundings = RecordSurroundings(format: format, place: place, list: records.text, host: host)
        reader = try DocumentReader.reader(format, records, limits, surroundings)
    }

    private static func reader(
        _ format: DocumentFormat, _ records: StreamPath, _ limits: DocumentLimits, _ surroundings: RecordSurroundings
    ) throws(DocumentError) -> any ListReader {
        let isXMLPath = records.steps.contains { if case .element = $0 { true } else { false } }
        guard isXMLPath == (format == .xml) else {
            throw PathSyntax.error(records.text, 0, "the path to the records is not one for this format")
        }
        switch format {
        case .json: return JSONListReader(path: records, limits: limits, surroundings: surroundings)
        case .xml: return try XMLListReader(path: records, limits: limits, surroundings: surroundings)
        case .ndjson, .csv:
            guard records.steps.isEmpty else {
                throw PathSyntax.error(records.text, 0, "lines and rows have no path inside; leave it out")
            }
            if case .csv(let dialect) = format {
                return CSVListReader(dialect: dialect, limits: limits, surroundings: surroundings)
            }
            return NDJSONListReader(limits: limits, surroundings: surroundings)
        }
    }

    /// Takes more bytes and returns the records that are now whole.
    ///
    /// Throws: an error of scope `.page`; the reader has then ended.
    public func feed(_ bytes: UnsafeRawBufferPointer) throws(DocumentError) -> [DocumentEvent] {
        try take(bytes.bindMemory(to: UInt8.self), atEnd: false)
        return drain()
    }

    /// Takes more bytes and returns the records that are now whole.
    ///
    /// Throws: an error of scope `.page`; the reader has then ended.
    public func feed(_ bytes: some Collection<UInt8>) throws(DocumentError) -> [DocumentEvent] {
        var failure: DocumentError?
        let fed: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            do throws(DocumentError) { try take(buffer, atEnd: false) } catch { failure = error }
        }
        if let failure { throw failure }
        if fed == nil { return try feed(Array(bytes)) }
        return drain()
    }

    /// Takes the end of the document.
    ///
    /// Throws: an error of scope `.page` when the document stops before its end or was not what it should be.
    public func finish() throws(DocumentError) -> DocumentEnd {
        try take(UnsafeBufferPointer(start: nil, count: 0), atEnd: true)
        ended = true
        try reader.finish()
        guard let envelope = reader.envelope else { throw DocumentError(.empty, scope: .page, place: place) }
        return DocumentEnd(
            events: drain(), envelope: envelope, list: reader.list, records: reader.ordinal,
            charset: decoder.charset ?? .utf8, lastLineUnended: reader.lastLineUnended)
    }

    private func drain() -> [DocumentEvent] {
        let events = reader.events
        reader.events = []
        return events
    }

    private func take(_ bytes: UnsafeBufferPointer<UInt8>, atEnd: Bool) throws(DocumentError) {
        guard !ended else { throw DocumentError(.alreadyEnded, scope: .page, place: place) }
        received += bytes.count
        do throws(DocumentError) {
            guard received <= limits.totalBytes else { throw DocumentError(.tooLarge, scope: .page, place: place) }
            var failure: DocumentError?
            do throws(CharsetDecoder.Refusal) {
                try decoder.feed(bytes, atEnd: atEnd) { text in
                    guard failure == nil else { return }
                    do throws(DocumentError) { try pass(text) } catch { failure = error }
                }
            } catch {
                failure = DocumentError(error.code, scope: .page, place: place, detail: error.detail)
            }
            if let failure { throw failure }
        } catch {
            ended = true
            throw error
        }
    }

    private func pass(_ text: UnsafeBufferPointer<UInt8>) throws(DocumentError) {
        guard !text.isEmpty else { return }
        decoded += text.count
        guard decoded <= limits.totalBytes else { throw DocumentError(.tooLarge, scope: .page, place: place) }
        try reader.feed(text)
    }
}
