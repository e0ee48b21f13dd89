// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument
internal import Transport

extension SourceClient {
    /// A request with everything on it that shows who we are, at the moment it leaves.
    ///
    /// With a login, a token is asked for first when there is none; `refused` names one that was not taken.
    func authenticated(
        _ request: PreparedRequest, _ place: Place, refused: Int? = nil, withSession: Bool = true
    ) async throws(SourceError) -> PreparedRequest {
        // Whoever asks elsewhere (a declared link) asks without anything of ours.
        guard let base, let origin = BaseAddress(WireAddress(request.url).origin), origin.isSameOrigin(base) else {
            return request
        }
        let steps = manifest.authentication
        var token: TokenStore.Token?
        if withSession, let plan = steps.login {
            let client = self
            let place = Place(source: place.source)
            token = try await tokens.token(at: clock.elapsed, refused: refused) {
                do throws(SourceError) {
                    return .success(try await client.login(plan, steps.beforeLogin, place))
                } catch {
                    return .failure(error)
                }
            }
        }
        var out = try signed(request, steps, token: token?.value, place)
        out.tokenNumber = token?.number
        return out
    }

    /// The steps applied in order; nothing is sent.
    func signed(
        _ request: PreparedRequest, _ steps: [AuthStep], token: Secret?, _ place: Place
    ) throws(SourceError) -> PreparedRequest {
        var out = request
        var address = WireAddress(request.url)
        var values = request.values
        let signature = steps.signature
        values?[.token] = token?.revealed
        values?[.timestamp] = signature?.timestamp?.text(clock.now)
        values?[.nonce] = signature?.nonce?.text(random)
        fillLateHeaders(&out, values)
        let isLateBody = out.plan?.body?.placeholders.contains { $0.kind.isLate } == true
        let holdsSignature = out.plan?.body?.placeholders.contains { $0.kind == .signature } == true
        if isLateBody, !holdsSignature, let values { out.body = out.plan?.body?.render(values).bytes }
        for step in steps {
            switch step {
            case .body: break
            case .header(let name, let reference): out.headers.append(name, secret: secret(reference))
            case .query(let name, let reference): address.set(name, secret(reference).revealed)
            case .bearer(let reference):
                out.headers.append("Authorization", secret: Secret("Bearer " + secret(reference).revealed))
            case .basic(let user, let reference):
                out.basic = ExchangeRequest.Basic(
                    user: user.render { $0.name.flatMap { settings.setting($0) } } ?? "", password: secret(reference))
            case .login(let plan):
                guard let token else { continue }
                put(plan.put, &out, &address) { one in
                    one.kind == .token ? token.revealed : one.name.flatMap { settings.setting($0) }
                }
            case .signature(let plan):
                let text = try sign(plan, &out, &address, values, place)
                values?[.signature] = text
            }
        }
        if holdsSignature, let values { out.body = out.plan?.body?.render(values).bytes }
        out.url = address.url
        return out
    }

    private func sign(
        _ plan: SignaturePlan, _ out: inout PreparedRequest, _ address: inout WireAddress, _ values: RequestValues?,
        _ place: Place
    ) throws(SourceError) -> String {
        var input = SigningInput(method: out.method.rawValue, path: address.path, body: out.body ?? [])
        input.timestamp = values?[.timestamp] ?? ""
        input.nonce = values?[.nonce] ?? ""
        input.token = values?[.token] ?? ""
        input.key = plan.key.map(secret) ?? Secret("")
        input.setting = { [settings] in settings.setting($0) }
        guard plan.keyBytes(input.key) != nil else {
            throw SourceError(
                .configuration, "the signing key `\(plan.key ?? "")` is not \(plan.keyEncoding.rawValue)", place: place,
                consequence: "Nothing was sent", remedy: "Correct the secret, or `auth.key_encoding`",
                recovery: .fixConfiguration)
        }
        // What is signed is what is sent: the parameters go into the query before it is sorted.
        let last = plan.put.filter { $0.holds(.signature) }
        let first = plan.put.filter { !$0.holds(.signature) }
        let given = input
        put(first, &out, &address) { plan.value($0, given) }
        let names = Set(last.filter { $0.place == .query }.map(\.name))
        input.sortedQuery = address.sortedQuery(without: names, plan.queryForm)
        do throws(CryptographyError) {
            let text = try plan.sign(input)
            put(last, &out, &address) { $0.kind == .signature ? text : plan.value($0, given) }
            return text
        } catch {
            throw SourceError(error.diagnostic, recovery: .fixConfiguration)
        }
    }

    private func put(
        _ puts: [AuthPut], _ out: inout PreparedRequest, _ address: inout WireAddress,
        _ value: (Placeholder) -> String?
    ) {
        for one in puts {
            let text = one.value.render { value($0) ?? "" } ?? ""
            switch one.place {
            case .header: out.headers.append(one.name, secret: Secret(text))
            case .query: address.set(one.name, text)
            case .body: break
            }
        }
    }

    /// Headers of the request whose values are known only now.
    private func fillLateHeaders(_ out: inout PreparedRequest, _ values: RequestValues?) {
        guard let values, let entries = out.plan?.headers else { return }
        for entry in entries where entry.value.placeholders.contains(where: \.kind.isLate) {
            guard let text = entry.value.render(values.text) else { continue }
            out.headers.append(entry.name, secret: Secret(text))
        }
    }

    private func secret(_ name: String) -> Secret { settings.secret(name) ?? Secret("") }

    // MARK: - Asking, judging, and once more with a fresh token

    /// An exchange and what its answer says; a refused token is renewed once, and the request asked once more.
    func judged(
        _ request: PreparedRequest, _ interface: InterfacePlan, records: StreamPath, place: Place,
        within: Duration? = nil, mayBeLarge: Bool = false
    ) async throws(SourceError) -> (answer: Answer, verdict: AnswerVerdict, place: Place) {
        let begun = clock.elapsed
        let here = Place(request: "\(request.method.rawValue) \(RequestWords.path(request.url))").within(place)
        var answer = try await ask(
            request, interface.document, records: records, place: place, within: within, mayBeLarge: mayBeLarge)
        func judge() -> AnswerJudge {
            AnswerJudge(plan: interface, now: clock.now, exchange: within == nil ? .pull : .find)
        }
        var refusal = refusalOfToken(answer, judge(), here)
        if refusal != nil, let number = answer.tokenNumber, tokens.mayRenew(number, at: clock.elapsed) {
            let left = within.map { $0 - (clock.elapsed - begun) }
            if let left, left <= .zero { throw refusal ?? cancelled(here) }
            answer = try await ask(
                request, interface.document, records: records, place: place, within: left, refused: number,
                mayBeLarge: mayBeLarge)
            refusal = refusalOfToken(answer, judge(), here)
            if refusal != nil { tokens.renewalWasVain(at: clock.elapsed) }
        }
        do throws(SourceError) {
            return (answer, try judge().judge(answer, place: here), here)
        } catch {
            throw error.code == .unauthenticated ? advised(error, answer) : error
        }
    }

    /// Why an answer does not let us in: HTTP 401, or a layer's `unauthenticated`; nil when it does.
    private func refusalOfToken(_ answer: Answer, _ judge: AnswerJudge, _ place: Place) -> SourceError? {
        if answer.status == 401 { return SourceError(status: 401, retryAfter: nil, place: place) }
        do throws(SourceError) {
            _ = try judge.judge(answer, place: place)
            return nil
        } catch {
            return error.code == .unauthenticated ? error : nil
        }
    }

    /// A signature that is refused because two clocks differ says so.
    private func advised(_ error: SourceError, _ answer: Answer) -> SourceError {
        guard manifest.authentication.signature?.timestamp != nil,
            let theirs = answer.headers.first("Date").flatMap(RetryAfter.httpDate)
        else { return error }
        let seconds = (theirs.milliseconds - clock.now.milliseconds) / 1000
        guard abs(seconds) > 60 else { return error }
        var error = error
        error.diagnostic.remedy =
            "The source's clock is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") ours and the request is "
            + "signed with a time: set the clocks (NTP), then check the signing key"
        return error
    }
}
