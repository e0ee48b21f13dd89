// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument
internal import Transport

extension SourceClient {
    /// The largest answer of a login that is read.
    static let loginBytesMax = 64 << 10

    /// Asks for a token.
    func login(
        _ plan: LoginPlan, _ steps: [AuthStep], _ outer: Place
    ) async throws(SourceError) -> TokenStore.Fresh {
        guard let base = loginBase ?? base else {
            throw SourceError(
                .configuration, "the source has no base URL", place: outer, remedy: "Set `base_url`",
                recovery: .fixConfiguration)
        }
        do { try await pace.wait(clock) } catch { throw cancelled(outer) }
        let prepared = plan.request.prepare(values(), base: base, format: plan.document.format.accept)
        var request = try signed(prepared, steps, token: nil, outer)
        if let client = plan.client {
            let user = client.user.render { $0.name.flatMap { settings.setting($0) } } ?? ""
            let password = settings.secret(client.secret)?.revealed ?? ""
            request.basic = ExchangeRequest.Basic(
                user: PercentText.escape(user), password: Secret(PercentText.escape(password)))
        }
        let place = Place(request: "\(request.method.rawValue) \(RequestWords.path(request.url))").within(outer)
        let limits = manifest.limits
        let asked = clock.elapsed
        let response: ExchangeResponse
        do throws(TransportError) {
            response = try await transport.exchange(
                ExchangeRequest(
                    request.method, url: request.url, headers: request.headers, body: request.body,
                    limits: ExchangeLimits(
                        connect: limits.connectTimeout, total: limits.timeout, stall: limits.stallTimeout,
                        responseBytes: ByteCount(min(limits.responseBytes, Self.loginBytesMax)),
                        inFlightPerHost: max(2, limits.inFlight)),
                    security: security, basic: request.basic, place: outer))
        } catch {
            throw SourceError(error, place: place)
        }
        return try token(plan, response, asked: asked, place)
    }

    private func token(
        _ plan: LoginPlan, _ response: ExchangeResponse, asked: Duration, _ place: Place
    ) throws(SourceError) -> TokenStore.Fresh {
        let envelope = envelope(plan, response, place)
        try checkStatus(plan, response, envelope, place)
        guard let envelope else {
            throw refused("the login's answer cannot be read as \(plan.document.format.name)", place)
        }
        for layer in plan.status { try check(layer, envelope, place) }
        guard let text = plan.token.first(in: envelope)?.scalarText, !text.isEmpty else {
            throw refused("the login's answer holds no token", Place(path: plan.token.text).within(place))
        }
        guard text.utf8.count <= 16 << 10, !text.utf8.contains(where: { $0 < 32 || $0 == 127 }) else {
            throw refused(
                "what the login's answer holds is no token", Place(path: plan.token.text).within(place))
        }
        if let type = plan.tokenType.flatMap({ $0.first(in: envelope)?.scalarText }), type.lowercased() != "bearer" {
            throw refused("the token is of another type than bearer", place)
        }
        var life = plan.lifetime
        if let path = plan.expiresIn, let number = path.first(in: envelope)?.scalarText.flatMap({ Int64($0) }),
            (1...(30 * 86_400_000)).contains(number)
        {
            life = .milliseconds(min(number * plan.expiresUnit, 30 * 86_400_000))
        }
        return TokenStore.Fresh(
            value: Secret(text), endsAt: life.map { asked + $0 }, renewBefore: plan.renewBefore, asked: asked)
    }

    private func checkStatus(
        _ plan: LoginPlan, _ response: ExchangeResponse, _ envelope: DocumentNode?, _ place: Place
    ) throws(SourceError) {
        guard !(200...299).contains(response.status) else { return }
        guard [400, 401, 403].contains(response.status) else {
            let retry = RetryAfter.read(response.headers.first("Retry-After"), now: clock.now)
            throw SourceError(status: response.status, retryAfter: retry, place: place)
        }
        // RFC 6749, 5.2: a closed set, so the word may be shown.
        let words = [
            "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
            "invalid_scope",
        ]
        let word = (try? RecordPath("$.error", language: .jsonPath)).flatMap { path in
            plan.document.format == .json ? envelope.flatMap { path.first(in: $0)?.scalarText } : nil
        }
        let shown = word.flatMap { words.contains($0) ? ", \($0)" : nil } ?? ""
        throw refused("the login was refused (HTTP \(response.status)\(shown))", place, status: response.status)
    }

    private func check(_ layer: StatusLayer, _ envelope: DocumentNode, _ place: Place) throws(SourceError) {
        let text = layer.path.first(in: envelope)?.scalarText
        let place = Place(path: layer.path.text).within(place)
        let code = StatusCodeWords.shown(text)
        switch text.map({ layer.values[$0] }) ?? layer.absent {
        case .ok: return
        case .tryLater:
            throw SourceError(
                .unavailable, "the login says: try later (\(code))", place: place,
                remedy: "It is tried again; tell the source's owner if it stays", recovery: .retry(after: nil))
        case .broken, nil: throw refused("the login did not succeed (\(code))", place)
        default: throw refused("the login was refused (\(code))", place)
        }
    }

    private func refused(_ what: String, _ place: Place, status: Int? = nil) -> SourceError {
        SourceError(
            .unauthenticated, what, place: place, consequence: "Nothing else was asked; no new login for 30 s",
            remedy: "Check the account and the secret that `auth` names with the source's owner: a password may have "
                + "expired, or the account be locked", recovery: .fixConfiguration, httpStatus: status)
    }

    private func envelope(_ plan: LoginPlan, _ response: ExchangeResponse, _ place: Place) -> DocumentNode? {
        do throws(DocumentError) {
            let isXML = plan.document.format == .xml
            let reader = try DocumentReader(
                format: plan.document.format,
                records: try StreamPath(
                    isXML ? "/none/none" : "$.none.none", language: isXML ? .xPath : .jsonPath),
                charset: CharsetDeclaration(
                    http: HTTPCharset.read(response.headers.first("Content-Type")), override: plan.document.charset),
                limits: documentLimits, place: place)
            _ = try reader.feed(response.body)
            return try reader.finish().envelope
        } catch {
            return nil
        }
    }
}

extension DocumentFormat {
    /// The format's name for a message.
    var name: String {
        switch self {
        case .json: "JSON"
        case .ndjson: "NDJSON"
        case .xml: "XML"
        case .csv: "CSV"
        }
    }
}
