// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Hummingbird
import LicenceModel
import ProofFree

/// The routes that answer questions about licences.
struct LookUpRoutes: Sendable {
    let services: GatewayServices

    typealias Call = GatewayResponder.Call

    @Sendable func licence(_ call: Call) async throws -> Response {
        let parameters = try call.request.parameters(["on"])
        let day = try day(parameters["on"])
        guard let id = CatalogueID(rawValue: call.parameter), let entry = try await services.catalogue.entry(id) else {
            throw APIProblem.unknownLicence
        }
        let judged = try await RecordQuestion(entry: entry, day: day).answer(services)
        services.metrics.observe(judged.verdict)
        return .json(judged.json)
    }

    @Sendable func search(_ call: Call) async throws -> Response {
        _ = try call.request.parameters([])
        var body = try await call.request.strictObject()
        let identifier = body.code("identifier", limit: 256)
        let number = body.code("number", limit: 128)
        let type = body.text("type", limit: 64).map { LicenceTypeCode($0) }
        let day = body.day("on")
        let holder = holder(&body)
        let asking = asking(&body)
        body.refuseOthers()
        let ways = [body.has("identifier"), body.has("number"), body.has("holder")].count { $0 }
        if ways != 1 { body.complain("body", "must hold exactly one of identifier, number and holder") }
        if body.has("number"), !body.has("type") { body.complain("type", "is needed with a number") }
        if body.has("identifier"), body.has("type") { body.complain("type", "does not go with an identifier") }
        guard body.problems.isEmpty else { throw APIProblem.invalid(body.problems) }
        let query: CatalogueQuery
        if let identifier {
            query = .identifier(identifier)
        } else if let number, let type {
            query = .number(LicenceNumber(number), type)
        } else if let holder {
            query = .holder(holder, type)
        } else {
            throw APIProblem.invalid("body", "must hold exactly one of identifier, number and holder")
        }
        return try await answered(ProofFreeQuestion(about: query, on: day, asking: asking ?? .unstated))
    }

    @Sendable func answer(_ call: Call) async throws -> Response {
        _ = try call.request.parameters([])
        var body = try await call.request.strictObject()
        let holder = holder(&body)
        if !body.has("holder") { body.complain("holder", "is missing") }
        let type = body.text("type", limit: 64, required: true).map { LicenceTypeCode($0) }
        let day = body.day("on")
        let asking = asking(&body)
        body.refuseOthers()
        guard body.problems.isEmpty, let holder, let type else { throw APIProblem.invalid(body.problems) }
        return try await answered(
            ProofFreeQuestion(about: .holder(holder, type), on: day, asking: asking ?? .unstated))
    }

    private func answered(_ question: ProofFreeQuestion) async throws -> Response {
        let answer = try await services.judged(question)
        services.metrics.observe(answer.verdict)
        return .json(answer.json)
    }

    private var today: CalendarDay { CalendarDay(at: services.clock.now) }

    private func day(_ text: String?) throws -> CalendarDay {
        guard let text else { return today }
        guard let day = CalendarDay(text) else {
            throw APIProblem.invalid("on", "must be a day of the form yyyy-MM-dd")
        }
        return day
    }

    private func holder(_ body: inout StrictObject) -> HolderReference? {
        guard var holder = body.object("holder") else { return nil }
        let kind = holder.text("kind", limit: 3, required: true)
        if let kind, kind.utf8.count != 3 || !kind.utf8.allSatisfy({ (48...57).contains($0) }) {
            holder.complain("kind", "must be three digits (GB/T 36903 Annex A)")
        }
        let code = holder.code("code", limit: 64, required: true)
        holder.refuseOthers()
        body.adopt(holder)
        guard let kind, let code else { return nil }
        return HolderReference(kind: HolderCodeKind(rawValue: kind), code: code)
    }

    private func asking(_ body: inout StrictObject) -> QuestionContext? {
        guard var asking = body.object("asking") else { return nil }
        let system = asking.text("system", limit: 64, required: true)
        let account = asking.text("operator", limit: 64)
        let matter = asking.text("matter", limit: 64)
        let purpose = asking.text("purpose", limit: 200, required: true)
        asking.refuseOthers()
        body.adopt(asking)
        guard let system, let purpose else { return nil }
        return QuestionContext(system: system, operatorAccount: account, matter: matter, purpose: purpose)
    }
}

extension QuestionContext {
    /// A caller that says nothing of itself; until callers are registered that is allowed.
    static let unstated = QuestionContext(system: "unstated", purpose: "unstated")
}

extension GatewayServices {
    /// The answer; our own overload is the caller's to know, every other failure is a "cannot tell" already.
    func judged(_ question: ProofFreeQuestion) async throws -> ProofFreeAnswer {
        let answer = await answering(question)
        if let failure = answer.failure, failure.code == CatalogueError.Code.busy.rawValue {
            throw APIProblem(CatalogueError(.busy, failure.what, remedy: failure.remedy))
        }
        return answer
    }
}
