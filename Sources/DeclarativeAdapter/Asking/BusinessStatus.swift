// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument
internal import Transport

/// What an answer says about itself, before any of its records counts.
enum AnswerVerdict: Sendable, Hashable {
    case ok
    case none(evidence: String)
    case notInForce(LicenceStatus)
    case refused(code: String)
}

/// Judges answers: HTTP status, format, "none", then the layers of the business status.
struct AnswerJudge {
    let plan: InterfacePlan
    let now: Timestamp
    let exchange: Condition.Exchange

    func judge(_ answer: SourceClient.Answer, place: Place) throws(SourceError) -> AnswerVerdict {
        let rules = plan.errors.lazy.filter { $0.action != .none || !isOutage(answer.status) }
        if let rule = rules.first(where: { $0.fits(answer) }) {
            return try apply(rule, answer, place)
        }
        if let evidence = noneEvidence(answer, specific: true) { return .none(evidence: evidence) }
        // 401 and 403 say why on their own; the fault in such an answer would only hide it.
        if ![401, 403].contains(answer.status), let fault = soapFault(answer, place) { throw fault }
        guard answer.isSuccess else {
            // Below 500 the body may say what the status means; above, whatever it says, the source is not well.
            if answer.status < 500, let envelope = answer.envelope, let verdict = try declaredFailure(envelope, place) {
                return verdict
            }
            let retry = RetryAfter.read(answer.headers.first("Retry-After"), now: now)
            throw SourceError(status: answer.status, retryAfter: retry, place: place)
        }
        if let problem = answer.problem {
            if let verdict = try saysWithoutRecords(answer, problem, place) { return verdict }
            throw unreadable(answer, problem, place)
        }
        guard let envelope = answer.envelope else { return .ok }
        for layer in plan.status {
            let verdict = try self.verdict(layer, envelope, place)
            guard verdict == .ok else { return verdict }
        }
        if let evidence = noneEvidence(answer, specific: false) { return .none(evidence: evidence) }
        return .ok
    }

    /// Statuses under which no body says "none", whatever a rule without a status finds in it.
    private func isOutage(_ status: Int) -> Bool { [401, 403, 408, 429].contains(status) || status >= 500 }

    /// A declared "none"; one that rests on emptiness does not hold over an answer with records.
    ///
    /// One that rests on emptiness alone is read after the business status: a refusal is empty too, and no "no".
    private func noneEvidence(_ answer: SourceClient.Answer, specific: Bool) -> String? {
        let hasRecords = answer.count > 0
        let found = plan.notFound.first { condition in
            guard condition.isSpecific == specific, condition.exchange ?? exchange == exchange else { return false }
            if hasRecords, condition.tests.contains(where: { if case .empty = $0.kind { true } else { false } }) {
                return false
            }
            if condition.status == nil, !answer.isSuccess { return false }
            return condition.holds(in: answer.envelope, status: answer.status)
        }
        return found?.name
    }

    /// What an envelope says whose inner document is not there: a failure it names, or a declared emptiness.
    private func saysWithoutRecords(
        _ answer: SourceClient.Answer, _ problem: DocumentError, _ place: Place
    ) throws(SourceError) -> AnswerVerdict? {
        guard let envelope = answer.envelope else { return nil }
        if let verdict = try declaredFailure(envelope, place) { return verdict }
        let isOK = plan.status.allSatisfy { layer in
            layer.path.first(in: envelope)?.scalarText.map { layer.values[$0] == .ok } ?? true
        }
        guard problem.code == .embedded, isOK, let evidence = noneEvidence(answer, specific: false) else { return nil }
        return AnswerVerdict.none(evidence: evidence)
    }

    private func unreadable(_ answer: SourceClient.Answer, _ problem: DocumentError, _ place: Place) -> SourceError {
        guard WebPage.looksLikeOne(answer.start, format: plan.document.wireFormat) else {
            return SourceError(problem, place: place, httpStatus: answer.status)
        }
        return SourceError(
            .notAPage, "HTTP \(answer.status) but the body is HTML, not what the manifest declares", place: place,
            consequence: "Nothing of this answer was used",
            remedy: "The system may be behind a login page or in maintenance: run `licgate health --probe`",
            recovery: .stopRun, httpStatus: answer.status)
    }

    // MARK: - Layers

    private func verdict(_ layer: StatusLayer, _ envelope: DocumentNode, _ place: Place) throws(SourceError)
        -> AnswerVerdict
    {
        let found = layer.path.first(in: envelope)
        let text = found?.scalarText
        let meaning = text.map { layer.values[$0] } ?? layer.absent
        guard let meaning else { throw undeclared(layer, text ?? "", place) }
        return try verdict(meaning, layer, text, place)
    }

    /// The first layer that names a failure by a declared value; for answers whose HTTP status is a failure already.
    private func declaredFailure(_ envelope: DocumentNode, _ place: Place) throws(SourceError) -> AnswerVerdict? {
        for layer in plan.status {
            guard let text = layer.path.first(in: envelope)?.scalarText, let meaning = layer.values[text],
                meaning != .ok
            else { continue }
            return try verdict(meaning, layer, text, place)
        }
        return nil
    }

    private func verdict(
        _ meaning: StatusLayer.Meaning, _ layer: StatusLayer, _ text: String?, _ place: Place
    ) throws(SourceError) -> AnswerVerdict {
        let place = Place(path: layer.path.text).within(place)
        let code = StatusCodeWords.shown(text)
        switch meaning {
        case .ok: return .ok
        case .none: return .none(evidence: "\(layer.path.text) = \(code)")
        case .gone: return .none(evidence: "\(layer.path.text) = \(code) (gone)")
        case .notInForce(let status): return .notInForce(status)
        case .refused: return .refused(code: code)
        case .tryLater:
            throw SourceError(
                .unavailable, "the source says: try later (\(code))", place: place,
                remedy: "It is tried again; tell the source's owner if it stays", recovery: .retry(after: nil))
        case .unauthenticated:
            throw SourceError(
                .unauthenticated, "the source says that it does not let us in (\(code))", place: place,
                remedy: "Check the secret that `auth` names; it may have expired", recovery: .fixConfiguration)
        case .broken:
            throw SourceError(
                .businessStatus,
                text == nil
                    ? "the answer has no business status" : "the source says that something is wrong (\(code))",
                place: place, consequence: "HTTP alone means nothing; no record of this answer was used",
                remedy: "Ask the source's owner what the code means", recovery: .stopRun)
        }
    }

    private func undeclared(_ layer: StatusLayer, _ text: String, _ place: Place) -> SourceError {
        SourceError(
            .businessStatus, "the business status is \(StatusCodeWords.shown(text)), which the manifest does not list",
            place: Place(path: layer.path.text).within(place),
            consequence: "HTTP alone means nothing; no record of this answer was used",
            remedy: "Ask the source's owner what it means and list it in `status`", recovery: .stopRun)
    }

    // MARK: - Declared failures

    private func apply(_ rule: ErrorRule, _ answer: SourceClient.Answer, _ place: Place) throws(SourceError)
        -> AnswerVerdict
    {
        let name = "`\(rule.condition.name)` of `errors`"
        func error(_ code: SourceError.Code, _ what: String, _ remedy: String, _ recovery: SourceError.Recovery)
            -> SourceError
        {
            SourceError(
                code, "\(what) (\(name), HTTP \(answer.status))", place: place,
                consequence: "No record of this answer was used", remedy: remedy, recovery: recovery,
                httpStatus: answer.status)
        }
        switch rule.action {
        case .none: return .none(evidence: rule.condition.name)
        case .stop:
            throw error(
                .businessStatus, "the source failed in a way that ends the run", "Ask the source's owner", .stopRun)
        case .skip:
            var failure = error(
                .businessStatus, "the source cannot give this page", "Ask the source's owner to mend it", .stopRun)
            failure.skipsPage = true
            throw failure
        case .renew:
            throw error(
                .unauthenticated, "the source no longer takes our token",
                "Check the secrets that `auth` names; a fresh token was not taken either", .fixConfiguration)
        case .retry:
            let asked = [
                RetryAfter.read(answer.headers.first("Retry-After"), now: now),
                rule.resetHeader.flatMap { RetryAfter.reset(answer.headers.first($0), now: now) },
            ].compactMap { $0 }.max()
            var failure = error(
                answer.status == 429 ? .throttled : .unavailable, "the source cannot answer now",
                "It is tried again; tell the source's owner if it stays", .retry(after: asked))
            failure.wait = rule.wait
            throw failure
        }
    }

    // MARK: - SOAP

    private func soapFault(_ answer: SourceClient.Answer, _ place: Place) -> SourceError? {
        guard plan.document.wireFormat == .xml, let root = answer.envelope, root.name == "Envelope",
            let fault = root.member("Body")?.member("Fault")
        else { return nil }
        let code = fault.member("Code")?.member("Value")?.scalarText ?? fault.member("faultcode")?.scalarText ?? ""
        let word = code.split(separator: ":").last.map(String.init) ?? ""
        let theirs = word == "Receiver" || word == "Server"
        return SourceError(
            theirs ? .unavailable : .businessStatus,
            "the source answers with a SOAP fault (\(["Receiver", "Server", "Sender", "Client"].contains(word) ? word : "other"))",
            place: place, consequence: "Nothing of this answer was used",
            remedy: theirs
                ? "It is tried again; tell the source's owner if it stays"
                : "Compare the request's template with the source's description",
            recovery: theirs ? .retry(after: nil) : .stopRun, httpStatus: answer.status)
    }
}

/// A business code as it may stand in a message: short codes only, since anything longer could be a person's.
enum StatusCodeWords {
    static func shown(_ text: String?) -> String {
        guard let text else { return "absent" }
        let isCode = text.utf8.count <= 8 && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 95 }
        return isCode ? "`\(text)`" : "a text of \(text.count) characters"
    }
}

/// Tells a web page from data by its first bytes.
enum WebPage {
    static func looksLikeOne(_ start: [UInt8], format: DocumentFormat) -> Bool {
        let text = String(decoding: start.prefix(512), as: UTF8.self).lowercased()
        let trimmed = text.drop { $0 == " " || $0.isNewline || $0 == "\t" || $0 == "\u{FEFF}" }
        if ["<!doctype html", "<html", "<head", "<body", "<script"].contains(where: trimmed.hasPrefix) { return true }
        return format != .xml && trimmed.hasPrefix("<") && trimmed.range(ofText: "<html") != nil
    }
}
