// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument
internal import Transport

extension DeclarativeSource {
    func find(
        _ question: LookupQuestion, for asking: AskingContext, until deadline: Deadline
    ) async throws(SourceError) -> SourceFinding {
        let place = Place(source: manifest.id.rawValue)
        let interfaces = manifest.interfaces.filter { interface in
            interface.find?.questions[question.kind] != nil
                && (question.typeCode.map { interface.types.offered.contains($0) } ?? true)
        }
        guard !interfaces.isEmpty else {
            throw unsupported("no interface of this source takes this question", place)
        }
        // The source says "none" only when every interface that could know says so.
        var records: [Licence] = []
        var evidence: [String] = []
        var other: SourceFinding?
        for interface in withTypeOf(question, interfaces) {
            switch try await ask(question, interface, asking, deadline) {
            case .records(let found): records += found
            case .none(let words): evidence.append(words)
            case .notInForce(let status): other = .notInForce(status)
            case .refused(let code): return .refused(code: code)
            }
        }
        if !records.isEmpty { return .records(records) }
        return other ?? .none(evidence: evidence.joined(separator: "; "))
    }

    /// A sound identifier says its licence type: of many interfaces only those of that type are asked, if there is one.
    private func withTypeOf(_ question: LookupQuestion, _ interfaces: [InterfacePlan]) -> [InterfacePlan] {
        guard interfaces.count > 1, case .identifier(let text) = question else { return interfaces }
        let identifier = LicenceIdentifier(text)
        // Root of five numbers, then the type: 1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>.
        let parts = identifier.canonical.split(separator: ".")
        guard identifier.conformance == .conforming, parts.count == 10 else { return interfaces }
        let type = LicenceTypeCode(String(parts[5]))
        let ofType = interfaces.filter { $0.types.offered.contains(type) }
        return ofType.isEmpty ? interfaces : ofType
    }

    private func ask(
        _ question: LookupQuestion, _ interface: InterfacePlan, _ asking: AskingContext, _ deadline: Deadline
    ) async throws(SourceError) -> SourceFinding {
        let place = Place(source: manifest.id.rawValue, interface: interface.name)
        guard let find = interface.find, let plan = find.questions[question.kind] else {
            throw unsupported("this interface does not take this question", place)
        }
        let left = deadline.remaining(client.clock)
        guard left > .zero else {
            throw SourceError(
                .timedOut, "no time was left to ask", place: place, remedy: "Ask with a longer deadline",
                recovery: .retry(after: nil))
        }
        let values = try values(question, plan, asking, place)
        let prepared = try client.prepare(plan.request, values, interface.document)
        let (answer, verdict, here) = try await client.judged(
            prepared, interface, records: plan.records, place: place, within: left)
        switch verdict {
        case .none(let evidence): return .none(evidence: evidence)
        case .notInForce(let status): return .notInForce(status)
        case .refused(let code): return .refused(code: code)
        case .ok: return try finding(answer, question, interface, plan, find.identity, here)
        }
    }

    private func finding(
        _ answer: SourceClient.Answer, _ question: LookupQuestion, _ interface: InterfacePlan, _ plan: LookupPlan,
        _ identity: RecordIdentity, _ place: Place
    ) throws(SourceError) -> SourceFinding {
        let mapper = RecordMapper(manifest: manifest, plan: interface, identity: identity)
        let fetchedAt = answer.receipt?.startedAt ?? client.clock.now
        let mapped = answer.events.map {
            mapper.event($0, cursor: nil, at: place, partition: nil, fetchedAt: fetchedAt)
        }
        var records: [Licence] = []
        for (outcome, _) in mapper.withoutDoubles(mapped, at: place, partition: nil, fetchedAt: fetchedAt) {
            switch outcome {
            case .licence(let licence): records.append(licence)
            case .gone: break
            case .reject(let reject) where reject.field != nil: break
            case .reject(let reject):
                // What cannot be read might be the licence that is asked for: the answer would be half a truth.
                throw SourceError(reject.reason, recovery: .stopRun)
            }
        }
        if let wanted = question.typeCode { records.removeAll { $0.typeCode != wanted } }
        if !records.isEmpty { return .records(records) }
        if !mapped.isEmpty { return .none(evidence: "records of other types only") }
        guard plan.emptyMeansNone, answer.end?.recordsPathMatched == true || interface.document.format == .xml else {
            throw SourceError(
                .shape, "the answer is empty and no declared shape says \"none\"", place: place,
                consequence: "It is not taken as a no",
                remedy: "Ask the owner how \"none\" looks, then declare it in `not_found` or `empty_means_none`",
                recovery: .stopRun)
        }
        return .none(evidence: "an empty list")
    }

    private func values(
        _ question: LookupQuestion, _ plan: LookupPlan, _ asking: AskingContext, _ place: Place
    ) throws(SourceError) -> RequestValues {
        var values = client.values()
        values[.purpose] = String(asking.purpose.prefix(200))
        values[.system] = asking.system
        values[.matter] = asking.matter
        values[.operatorAccount] = asking.operatorAccount
        func type(_ code: LicenceTypeCode) -> String { plan.licenceTypes[code] ?? code.rawValue }
        switch question {
        case .identifier(let text): values[.identifier] = text
        case .number(let number, let code):
            values[.number] = number.raw
            values[.licenceType] = type(code)
        case .holder(let holder, let code):
            if !plan.holderKinds.isEmpty, plan.holderKinds[holder.kind] == nil {
                throw unsupported("this question does not take holders of kind \(holder.kind)", place)
            }
            values[.holderCode] = holder.code
            values[.holderKind] = plan.holderKinds[holder.kind] ?? holder.kind.rawValue
            values[.holderName] = holder.name
            values[.licenceType] = code.map(type)
        }
        return values
    }
}

extension LookupQuestion {
    /// The type that is asked about, when one is.
    var typeCode: LicenceTypeCode? {
        switch self {
        case .identifier: nil
        case .number(_, let code): code
        case .holder(_, let code): code
        }
    }
}
