// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument
internal import Transport

/// Sends one source's requests and reads the answers while they arrive.
struct SourceClient: Sendable {
    let manifest: SourceManifest
    let base: BaseAddress?
    let security: ExchangeSecurity
    let transport: any HTTPExchanging
    let settings: any AdapterSettings
    let clock: any GatewayClock
    let pace: RequestPace
    /// What may be asked in a day.
    let quota: RequestQuota
    /// Where the login is, when it is not at `base`.
    var loginBase: BaseAddress?
    /// Where answers go that are too large for memory, and how many bytes of records are not.
    var spoolFolder: String?
    var inMemory = 16 << 20
    /// Where nonces come from.
    var random: @Sendable (Int) -> [UInt8] = secureRandomBytes
    /// The token of a source that has a login.
    let tokens = TokenStore()

    /// An answer, read whole.
    struct Answer {
        var status: Int
        var headers: HeaderFields
        var events: [DocumentEvent] = []
        var end: DocumentEnd?
        var problem: DocumentError?
        /// The first bytes, to tell a web page from data.
        var start: [UInt8] = []
        var bytes = 0
        /// Records and rejects, those that lie on the disk only included.
        var count = 0
        /// What of them is on the disk instead of in `events`, and a digest of them all.
        var spool: Spool?
        var digest: Digest256?
        var receipt: ExchangeReceipt?
        /// The token that was shown, when one was.
        var tokenNumber: Int?

        /// The envelope of what arrived, with what lies inside its texts.
        var envelope: DocumentNode?
        var isSuccess: Bool { (200...299).contains(status) }
    }

    var documentLimits: DocumentLimits {
        var limits = DocumentLimits()
        limits.recordBytes = manifest.limits.recordBytes
        limits.textBytes = min(limits.textBytes, manifest.limits.recordBytes)
        // Decoding from GB 18030 or UTF-16 makes a text up to half as long again.
        limits.totalBytes = manifest.limits.responseBytes + manifest.limits.responseBytes / 2
        return limits
    }

    func values() -> RequestValues { RequestValues(settings: settings) }

    func prepare(
        _ plan: RequestPlan, _ values: RequestValues, _ document: DocumentPlan, extra: [(String, String)] = []
    ) throws(SourceError) -> PreparedRequest {
        guard let base else {
            throw SourceError(
                .configuration, "the source has no base URL", place: Place(source: manifest.id.rawValue),
                remedy: "Set `base_url`", recovery: .fixConfiguration)
        }
        return plan.prepare(values, base: base, format: document.accept, extra: extra)
    }

    /// One exchange, its body read into records as it comes.
    ///
    /// Throws only when no answer came, or no token to ask with; any status and any body is an answer. `refused` is the
    /// number of a token that was not taken: it is renewed first.
    func ask(
        _ request: PreparedRequest, _ document: DocumentPlan, records: StreamPath, place: Place,
        within: Duration? = nil,
        refused: Int? = nil, mayBeLarge: Bool = false
    ) async throws(SourceError) -> Answer {
        let begun = clock.elapsed
        // A question has a deadline and somebody who waits; a pull has none.
        do { try await pace.wait(clock, within == nil ? .pull : .question) } catch { throw cancelled(place) }
        try await quota.take(place.interface, clock, place)
        // Signed when it leaves: a wait for its turn must not make its timestamp old.
        let request = try await authenticated(request, place, refused: refused)
        let within = within.map { max(.milliseconds(1), $0 - (clock.elapsed - begun)) }
        let limits = manifest.limits
        let exchange = ExchangeRequest(
            request.method, url: request.url, headers: request.headers, body: request.body,
            limits: ExchangeLimits(
                connect: limits.connectTimeout, total: min(within ?? limits.timeout, limits.timeout),
                stall: limits.stallTimeout, responseBytes: ByteCount(limits.responseBytes),
                inFlightPerHost: limits.inFlight),
            security: security(for: request), basic: request.basic, place: place)
        do throws(TransportError) {
            let stream = try await transport.stream(exchange)
            let spool = mayBeLarge && limits.responseBytes > inMemory ? Spool(folder: spoolFolder) : nil
            var answer = try await read(stream, document, records, place, spool)
            answer.tokenNumber = request.tokenNumber
            return answer
        } catch {
            throw SourceError(error, place: place)
        }
    }

    /// At another origin nothing shows who we are, our certificate neither.
    private func security(for request: PreparedRequest) -> ExchangeSecurity {
        request.isElsewhere
            ? ExchangeSecurity(certificateAuthorityFile: security.certificateAuthorityFile) : security
    }

    func cancelled(_ place: Place) -> SourceError {
        SourceError(
            .cancelled, "the work was given up", place: place, remedy: "Nothing: whoever asked has stopped asking",
            recovery: .cancelled)
    }

    private func read(
        _ stream: StreamedExchange, _ document: DocumentPlan, _ records: StreamPath, _ place: Place, _ spool: Spool?
    ) async throws(TransportError) -> Answer {
        var answer = Answer(status: stream.status, headers: stream.headers)
        var held = HeldRecords(most: spool == nil ? nil : inMemory)
        let reader: AnswerReader
        do throws(DocumentError) {
            reader = try AnswerReader(
                document, records: records, contentType: stream.headers.first("Content-Type"), limits: documentLimits,
                place: place)
        } catch {
            answer.problem = error
            return answer
        }
        var body = stream.body.makeAsyncIterator()
        while let chunk = try await body.next() {
            answer.bytes += chunk.count
            if answer.start.count < 512 { answer.start += chunk.prefix(512 - answer.start.count) }
            guard answer.problem == nil else { continue }
            if let spool, await !spool.append(chunk) {
                answer.problem = DocumentError(.spool, scope: .page, place: place)
                break
            }
            do throws(DocumentError) {
                held.take(try reader.feed(chunk))
            } catch {
                answer.problem = error
                // What is not a document is not worth its remaining bytes: dropping the stream closes the connection.
                if answer.start.count >= 512 { break }
            }
        }
        answer.receipt = stream.receipt
        guard answer.problem == nil else { return answer }
        do throws(DocumentError) {
            let end = try reader.finish()
            held.take(end.events)
            held.give(to: &answer, spool)
            answer.end = end.end
            answer.envelope = end.envelope
            answer.problem = end.problem ?? cutUnseen(end.end, document, stream, place)
        } catch {
            answer.problem = error
        }
        return answer
    }

    /// Where nothing declares the end of an answer, a line without one may have been cut: half a number is a number.
    private func cutUnseen(
        _ end: DocumentEnd?, _ document: DocumentPlan, _ stream: StreamedExchange, _ place: Place
    ) -> DocumentError? {
        guard end?.lastLineUnended == true, document.decode.container == nil,
            stream.receipt?.bodyEndDeclared == false
        else { return nil }
        return DocumentError(
            .truncated, scope: .page, place: place,
            detail: "the last line has no end, and no header says where the answer ends")
    }
}

/// The records of an answer while it arrives: in memory up to a size, then only counted, as they lie on the disk.
private struct HeldRecords {
    /// Nil: everything stays.
    let most: Int?
    private var events: [DocumentEvent] = []
    private var count = 0
    private var bytes = 0
    private var hasForgotten = false
    private let digest = SHA256Stream()

    init(most: Int?) { self.most = most }

    mutating func take(_ more: [DocumentEvent]) {
        count += more.count
        guard let most else {
            events += more
            return
        }
        for event in more {
            let raw =
                switch event {
                case .record(let record): record.raw
                case .reject(let rejected): rejected.raw
                }
            bytes += raw.count
            digest.update(SHA256.digest(raw).bytes)
        }
        if !hasForgotten { events += more }
        if bytes > most {
            hasForgotten = true
            events = []
        }
    }

    func give(to answer: inout SourceClient.Answer, _ spool: Spool?) {
        answer.events = events
        answer.count = count
        guard hasForgotten else { return }
        answer.spool = spool
        answer.digest = digest.finish()
    }
}

/// The charset parameter of a content type.
enum HTTPCharset {
    static func read(_ contentType: String?) -> String? {
        for part in (contentType ?? "").split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].filter({ $0 != " " }).lowercased() == "charset" else { continue }
            return pair[1].filter { $0 != "\"" && $0 != " " }
        }
        return nil
    }
}

extension DocumentFormat {
    var accept: String {
        switch self {
        case .json: "application/json"
        case .ndjson: "application/x-ndjson"
        case .xml: "application/xml, application/soap+xml, text/xml"
        case .csv: "text/csv"
        }
    }
}
