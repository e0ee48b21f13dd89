// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import LicenceModel
import Synchronization
import Transport

@testable import SimulatedCity

/// Asks a source of the city without a socket, and keeps every answer: what fixtures are made of.
final class FaceTransport: HTTPExchanging {
    let book: SourceBook
    private let dispatcher: Dispatcher
    let clock: any GatewayClock
    private let seen = Mutex<[(path: String, reply: CityReply)]>([])

    init?(_ profile: SourceProfile, _ options: CityOptions) {
        guard let face = profile.face else { return nil }
        let state = CityState(options)
        book = SourceBook(profile, options, generator: CityGenerator(seed: options.seed), city: state)
        clock = options.clock
        dispatcher = Dispatcher(
            book: book, face: face, secrets: CitySecrets(seed: options.seed, number: profile.number), state: state)
    }

    /// Every answer so far, with the path that was asked.
    var replies: [(path: String, reply: CityReply)] { seen.withLock { $0 } }

    func exchange(_ request: ExchangeRequest) async throws(TransportError) -> ExchangeResponse {
        let (reply, receipt) = ask(request)
        return ExchangeResponse(
            status: reply.status, headers: Self.headers(reply), body: reply.body, receipt: receipt)
    }

    func stream(_ request: ExchangeRequest) async throws(TransportError) -> StreamedExchange {
        let (reply, receipt) = ask(request)
        return StreamedExchange(
            status: reply.status, headers: Self.headers(reply), body: BodyStream(chunks: [reply.body], receipt: receipt)
        )
    }

    private func ask(_ request: ExchangeRequest) -> (CityReply, ExchangeReceipt) {
        var headers: [String: String] = [:]
        for field in request.headers.fields {
            switch field.value {
            case .plain(let text): headers[field.name.lowercased()] = text
            case .secret(let secret): headers[field.name.lowercased()] = secret.revealed
            }
        }
        if let basic = request.basic {
            headers["authorization"] = "Basic " + base64("\(basic.user):\(basic.password.revealed)")
        }
        let rest = request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        let target = rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
        let (path, query) = RequestReader.target(Substring(target))
        let reply = dispatcher.answer(
            CityRequest(
                method: request.method.rawValue, path: path, query: query, headers: headers, body: request.body ?? [],
                target: target))
        seen.withLock { $0.append((path, reply)) }
        return (reply, ExchangeReceipt(startedAt: clock.now, bytesReceived: reply.body.count, httpVersion: "1.1"))
    }

    private static func headers(_ reply: CityReply) -> HeaderFields {
        HeaderFields([("Content-Type", reply.contentType)] + reply.headers.map { ($0.name, $0.value) })
    }
}
