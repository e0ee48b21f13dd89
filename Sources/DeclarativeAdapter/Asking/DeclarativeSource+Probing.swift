// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument
internal import Transport

extension DeclarativeSource {
    func probe(_ layer: ProbeLayer, of interface: InterfaceID, question: GoldenQuestion?) async -> ProbeResult {
        let start = client.clock.elapsed
        let place = Place(source: manifest.id.rawValue, interface: interface.name)
        guard let plan = manifest.interfaces.first(where: { $0.name == interface.name }) else {
            return ProbeResult(
                layer: layer, outcome: .failed(unsupported("there is no such interface", place).diagnostic), took: .zero
            )
        }
        var daysLeft: Int?
        let outcome: ProbeResult.Outcome
        do throws(SourceError) {
            switch layer {
            case .content: outcome = try await content(plan, question, place)
            case .shape: outcome = try await shape(plan, place)
            default: outcome = try await exchange(layer, plan, place, &daysLeft)
            }
        } catch {
            // Our own restraint is no fault of the source's.
            outcome =
                error.code == .quotaUsed
                ? .notApplicable("the requests of the day are used up") : .failed(error.diagnostic)
        }
        return ProbeResult(
            layer: layer, outcome: outcome, took: client.clock.elapsed - start, certificateDaysLeft: daysLeft)
    }

    // MARK: - One exchange, judged at one layer

    private func exchange(
        _ layer: ProbeLayer, _ interface: InterfacePlan, _ place: Place, _ daysLeft: inout Int?
    ) async throws(SourceError) -> ProbeResult.Outcome {
        if let outcome = try await probeOtherWay(layer, interface, place) { return outcome }
        guard let plan = manifest.probe, let base = client.base else { return .notApplicable("no probe is declared") }
        if layer == .tls, !base.isSecure { return .notApplicable("plain http on loopback") }
        if layer == .nameResolution, base.isAddress { return .notApplicable("the base URL names an address") }
        if layer == .businessStatus, plan.equals.isEmpty {
            return .notApplicable("the probe expects nothing of the body")
        }
        let document = layer == .businessStatus ? plan.document : DocumentPlan.anything
        let prepared = try client.prepare(plan.request, client.values(), document)
        var answer: SourceClient.Answer
        try await client.quota.take(interface.name, client.clock, place)
        // Below its own layer a missing token is no finding: any answer shows the connection.
        let hasSession = layer.rank >= ProbeLayer.authentication.rank
        var ready = try await client.authenticated(prepared, place, withSession: hasSession)
        let started = client.clock.elapsed
        do throws(TransportError) {
            answer = try await client.probe(ready, plan.document, place)
            if answer.status == 401, let number = ready.tokenNumber,
                client.tokens.mayRenew(number, at: client.clock.elapsed),
                let again = try? await client.authenticated(prepared, place, refused: number)
            {
                ready = again
                answer = try await client.probe(ready, plan.document, place)
            }
        } catch {
            daysLeft = error.receipt?.certificateDaysLeft(at: client.clock.now)
            if let failed = error.layer, failed.rank > layer.rank { return .passed }
            return .failed(SourceError(error, place: place).diagnostic)
        }
        daysLeft = answer.receipt?.certificateDaysLeft(at: client.clock.now)
        let here = Place(request: "\(prepared.method.rawValue) \(RequestWords.path(prepared.url))").within(place)
        switch layer {
        case .nameResolution, .connect, .tls: return .passed
        case .authentication:
            guard answer.status == 401 || answer.status == 403 else { return .passed }
            return .failed(SourceError(status: answer.status, retryAfter: nil, place: here).diagnostic)
        default: return judge(layer, plan, answer, took: client.clock.elapsed - started, here)
        }
    }

    private func judge(
        _ layer: ProbeLayer, _ plan: ProbePlan, _ answer: SourceClient.Answer, took: Duration, _ place: Place
    ) -> ProbeResult.Outcome {
        guard answer.status == plan.status else {
            return .failed(SourceError(status: answer.status, retryAfter: nil, place: place).diagnostic)
        }
        guard layer == .businessStatus else {
            guard took > plan.within else { return .passed }
            return .failed(
                Diagnostic(
                    .warning, code: "source.slow", what: "the probe took longer than it should", place: place,
                    remedy: "Ask the source's owner, or raise `probe.expect.within`"))
        }
        let unmet = plan.equals.first { !(answer.envelope.map($0.holds) ?? false) }
        // A text inside that cannot be read matters when something was expected of it.
        guard let unmet else { return .passed }
        if let problem = answer.problem {
            let isPage = WebPage.looksLikeOne(answer.start, format: .json)
            return .failed(
                isPage
                    ? SourceError(
                        .notAPage, "HTTP \(answer.status) but the body is HTML", place: place,
                        remedy: "The system may be behind a login page or in maintenance", recovery: .stopRun
                    ).diagnostic : SourceError(problem, place: place).diagnostic)
        }
        return .failed(
            SourceError(
                .businessStatus, "the probe's answer is not what the manifest expects",
                place: Place(path: unmet.path.text).within(place),
                remedy: "Ask the source's owner what the code means",
                recovery: .stopRun
            ).diagnostic)
    }

    // MARK: - Shape and content

    /// The first page of a pull has the manifest's shape and at least one readable record.
    private func shape(_ interface: InterfacePlan, _ place: Place) async throws(SourceError) -> ProbeResult.Outcome {
        if let outcome = try await probeOtherWay(.connect, interface, place) { return outcome }
        guard let plan = interface.pull else { return .notApplicable("this interface only answers questions") }
        let request = PullRequest(
            interface: InterfaceID(manifest.id, interface.name), mode: .full,
            partition: try await partitions(of: InterfaceID(manifest.id, interface.name), for: RunID(rawValue: "probe"))
                .first,
            windowEnd: client.clock.now, run: RunID(rawValue: "probe"), pageSize: 5)
        var walker = try PageWalker(client: client, interface: interface, plan: plan, request: request)
        let page = try await walker.nextPage()
        let rejects = page.outcomes.compactMap { if case .reject(let reject) = $0.outcome { reject } else { nil } }
        if let first = rejects.first, rejects.count == page.outcomes.count { return .failed(first.reason) }
        return .passed
    }

    private func content(
        _ interface: InterfacePlan, _ question: GoldenQuestion?, _ place: Place
    ) async throws(SourceError) -> ProbeResult.Outcome {
        guard let question else { return .notApplicable("no golden question is declared") }
        guard let secret = client.settings.secret(question.secretName) else {
            // Our own gap, not the source's fault: nothing is proven, and nobody is woken.
            return .notApplicable("the golden question `\(question.name)` has no secret `\(question.secretName)`")
        }
        let asked: LookupQuestion =
            switch question.kind {
            case .identifier: .identifier(secret.revealed)
            case .number: .number(LicenceNumber(secret.revealed), question.typeCode ?? LicenceTypeCode(""))
            case .holder:
                .holder(
                    Holder(kind: question.holderKind ?? .residentIdentityNumber, code: secret.revealed),
                    question.typeCode)
            }
        let finding = try await find(
            asked, for: AskingContext(system: "licgate", purpose: "interface health"),
            until: Deadline(manifest.limits.timeout, from: client.clock))
        let today = CalendarDay(at: client.clock.now)
        guard finding.fits(question.expectation, on: today) else {
            return .failed(
                Diagnostic(
                    code: "source.golden_question",
                    what: "the golden question `\(question.name)` was answered otherwise",
                    place: place, consequence: "The interface answers, but not rightly",
                    remedy: "Ask the source's owner; if the known licence has changed, choose another"))
        }
        return .passed
    }
}

extension SourceFinding {
    /// Whether this is what a golden question expects.
    func fits(_ expectation: GoldenQuestion.Expectation, on day: CalendarDay) -> Bool {
        switch (expectation, self) {
        case (.absent, .none): return true
        case (.valid, .records(let records)):
            return records.contains { $0.status == .valid && $0.validity.position(of: day) == .inside }
        case (.expired, .records(let records)):
            return records.contains { licence in
                if case .past = licence.validity.position(of: day) { return true }
                return licence.status == .expired
            }
        case (.revoked, .records(let records)):
            return records.contains { [.revoked, .cancelled, .withdrawn].contains($0.status) }
        case (.expired, .notInForce(let status)): return status == .expired
        case (.revoked, .notInForce(let status)): return [.revoked, .cancelled, .withdrawn].contains(status)
        default: return false
        }
    }
}

extension SourceClient {
    /// The probe's exchange: no pace, no retry, the transport's own error.
    func probe(
        _ request: PreparedRequest, _ document: DocumentPlan, _ place: Place
    ) async throws(TransportError) -> Answer {
        let limits = manifest.limits
        let response = try await transport.exchange(
            ExchangeRequest(
                request.method, url: request.url, headers: request.headers, body: request.body,
                limits: ExchangeLimits(
                    connect: limits.connectTimeout, total: limits.timeout, stall: limits.stallTimeout,
                    responseBytes: ByteCount(limits.responseBytes), inFlightPerHost: max(2, limits.inFlight)),
                security: security, basic: request.basic, place: place))
        var answer = Answer(status: response.status, headers: response.headers)
        answer.receipt = response.receipt
        answer.start = Array(response.body.prefix(512))
        do throws(DocumentError) {
            // All of it is envelope, but for a list at the top.
            let isList = document.wireFormat == .json && response.body.first { $0 > 32 } == 91
            let reader = try AnswerReader(
                document, records: isList ? .whole : .nowhere(in: document.format.pathLanguage),
                contentType: response.headers.first("Content-Type"), limits: documentLimits, place: place)
            _ = try reader.feed(response.body)
            let end = try reader.finish()
            answer.end = end.end
            answer.envelope = end.envelope
            answer.problem = end.problem
        } catch {
            answer.problem = error
        }
        return answer
    }
}

extension DocumentPlan {
    static let anything = DocumentPlan(format: .json, charset: nil, namespaces: [:])
}

extension BaseAddress {
    /// True when the host is an address, so that no name has to be resolved.
    var isAddress: Bool {
        host.hasPrefix("[")
            || host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { UInt8($0) != nil }
    }
}

extension TransportError.Layer {
    var rank: Int {
        switch self {
        case .nameResolution: 0
        case .connect: 1
        case .tls: 2
        case .http: 4
        case .body: 4
        }
    }
}

extension ProbeLayer {
    var rank: Int {
        switch self {
        case .nameResolution: 0
        case .connect: 1
        case .tls: 2
        case .authentication: 3
        case .http, .businessStatus, .shape, .content: 4
        }
    }
}
