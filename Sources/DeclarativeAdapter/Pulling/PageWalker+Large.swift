// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument
internal import Synchronization
internal import Transport

/// A page that was read whole and judged, and whose records are now read a second time, off the disk.
struct LargePage {
    let answer: SourceClient.Answer
    let spool: Spool
    let reader: SecondReading
    let place: Place
    let before: Int64?
    var offset = 0
    var count = 0
    var waiting: [DocumentEvent] = []
    var reachedOld = false
    var hasEnded = false

    /// Records of one part.
    static let part = 1000
    static let piece = 256 << 10

    /// The next records, at least one part of them unless the page ends.
    mutating func next() async throws(SourceError) -> [DocumentEvent] {
        var events = waiting
        waiting = []
        while events.count < LargePage.part, !hasEnded {
            guard let bytes = await spool.read(at: offset, most: LargePage.piece) else {
                throw SourceError(DocumentError(.spool, scope: .page, place: place), place: place)
            }
            offset += bytes.count
            do throws(DocumentError) {
                if bytes.isEmpty {
                    events += try reader.finish()
                    hasEnded = true
                } else {
                    events += try reader.feed(bytes)
                }
            } catch {
                throw SourceError(error, place: place)
            }
        }
        if events.count > LargePage.part {
            waiting = Array(events[LargePage.part...])
            events.removeSubrange(LargePage.part...)
        }
        count += events.count
        return events
    }

    var isDone: Bool { hasEnded && waiting.isEmpty }
}

/// A reader that may go with its page from one task to another.
final class SecondReading: Sendable {
    private let reader: Mutex<AnswerReader>

    init(_ reader: sending AnswerReader) { self.reader = Mutex(reader) }

    func feed(_ bytes: [UInt8]) throws(DocumentError) -> [DocumentEvent] {
        try reader.withLock { reader throws(DocumentError) in try reader.feed(bytes) }
    }

    func finish() throws(DocumentError) -> [DocumentEvent] {
        try reader.withLock { reader throws(DocumentError) in try reader.finish().events }
    }
}

extension PageWalker {
    /// Begins the second reading of a page that was judged; the checks of the page as a whole come first.
    mutating func begin(_ answer: SourceClient.Answer, _ spool: Spool, _ place: Place) throws(SourceError) {
        try checkList(answer, place)
        try checkTotal(answer, place)
        if plan.pages.kind != .none, let digest = answer.digest {
            guard position.memory.isNew(page: digest.bytes) else { throw loop("the same page", place) }
        }
        position.memory.reserve()
        do throws(DocumentError) {
            let reader = SecondReading(
                try AnswerReader(
                    interface.document, records: plan.records, contentType: answer.headers.first("Content-Type"),
                    limits: client.documentLimits, place: place))
            large = LargePage(answer: answer, spool: spool, reader: reader, place: place, before: position.after)
        } catch {
            throw SourceError(error, place: place)
        }
    }

    /// The next part of a large page; the last one carries what the page's end says.
    mutating func part(of page: LargePage) async throws(SourceError) -> Page {
        var page = page
        large = nil
        let events = try await page.next()
        let read = try records(of: events, page.answer, page.place)
        page.reachedOld = page.reachedOld || read.reachedOld
        guard page.isDone else {
            large = page
            return Page(
                outcomes: read.outcomes, isLast: false, total: position.total, resume: nil, bytes: 0,
                skipped: read.skipped)
        }
        return try conclude(
            page.answer, read, count: page.count, before: page.before, reachedOld: page.reachedOld, none: false,
            page.place)
    }
}
