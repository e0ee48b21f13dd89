// SPDX-License-Identifier: Apache-2.0
import Foundation
import LicenceModel

@testable import SimulatedCity

/// Golden answers of provincial rows: one row of each way to talk stands for all others of that way.
extension FixtureMaker {
    /// What makes two rows talk alike: family, way to ask, method, incremental or not, shape of "none".
    static func shape(_ row: ProvincialRow) -> String {
        let nones = ["gateway": 3, "services": 2, "national": 2, "cn": 2][row.family] ?? 1
        return "\(row.family) \(row.ask) \(row.method) \(row.isIncremental) \(row.isList ? 0 : row.number % nones)"
    }

    /// The rows that stand for others: of each shape the first whose type nobody else is asked for the same way.
    static func standIns() -> [(row: ProvincialRow, others: [ProvincialRow])] {
        Dictionary(grouping: ProvincialRow.all, by: shape).values.compactMap { alike in
            let row = alike.first { row in
                ProvincialRow.all.count { $0.ask == row.ask && $0.type.code == row.type.code } == 1
            }
            return row.map { row in (row, alike.filter { $0.number != row.number }) }
        }.sorted { $0.row.number < $1.row.number }
    }

    static func standsFor() -> String {
        standIns().filter { !$0.others.isEmpty }
            .map { $0.row.interface + ": " + $0.others.map(\.interface).joined(separator: " ") + "\n" }.joined()
    }

    func rows() -> [FixtureCase] {
        var families: Set<String> = []
        return Self.standIns().flatMap { row, _ -> [FixtureCase] in
            guard let family = ProvincialFamily.all[row.family] else { return [] }
            return cases(row, row.profile(family), withTrouble: families.insert(row.family).inserted)
        }
    }

    private func cases(_ row: ProvincialRow, _ profile: SourceProfile, withTrouble: Bool) -> [FixtureCase] {
        func book(_ records: Int) -> SourceBook {
            SourceBook(profile, CityOptions(seed: seed, rowRecords: records), generator: CityGenerator(seed: seed))
        }
        guard let face = profile.face else { return [] }
        let whole = book(200)
        var cases: [FixtureCase] = []
        func add(_ name: String, _ reply: CityReply, _ question: String?) {
            cases.append(make(row, name, reply, question))
        }
        var asked: (ProvincialRow) -> CityRequest = { list($0) }
        if row.isList {
            add("first-page", face.answer(list(row), book(3), nil), nil)
            add("nothing-new", face.answer(list(row), book(0), nil), nil)
            add("unknown-status", face.answer(list(row), book(2), .unknownStatusCode), nil)
        } else {
            for golden in whole.golden() {
                let name = golden.expectation == "absent" ? "none-found" : "known-licence"
                add(name, face.answer(request(row, golden), whole, nil), question(row, golden))
                asked = { _ in request(row, golden) }
            }
        }
        if withTrouble {
            let golden: GoldenHolder? = whole.golden().first
            let words = golden.map { question(row, $0) }
            add("business-error", face.answer(asked(row), whole, .statusOKWithError), words)
            add("not-let-in", face.refuse(), words)
            add("login-page-instead", CityReply("text/html", Array(Dispatcher.loginPage.utf8)), words)
        }
        return cases
    }

    private func list(_ row: ProvincialRow) -> CityRequest {
        var request = CityRequest(method: row.method, path: row.path, query: ["page": "1"], headers: [:], body: [])
        if row.family == "services" { request.body = Array("<q:query><page>1</page></q:query>".utf8) }
        return request
    }

    private func request(_ row: ProvincialRow, _ golden: GoldenHolder) -> CityRequest {
        guard let family = ProvincialFamily.all[row.family] else { return list(row) }
        let names = family.names
        var fields: [(String, String)] = []
        switch row.ask {
        case "h": fields = [(names.holderCode, golden.asked), (names.holderKind, family.kind(golden.holder.kind))]
        case "n": fields = [(names.number, golden.asked)]
        default: fields = [(names.identifier, golden.asked)]
        }
        var request = CityRequest(method: row.method, path: row.path, query: [:], headers: [:], body: [])
        if row.method == "GET" { request.headers["x-certificate-number"] = golden.asked }
        let text =
            row.family == "services"
            ? fields.map { "<\($0.0)>\($0.1)</\($0.0)>" }.joined()
            : "{" + fields.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",") + "}"
        request.body = Array(text.utf8)
        return request
    }

    private func question(_ row: ProvincialRow, _ golden: GoldenHolder) -> String {
        let ask = row.ask == "h" ? "holder" : row.ask == "n" ? "number" : "identifier"
        let kind = row.ask == "h" ? " \"kind\": \"\(golden.holder.kind)\"," : ""
        return "{ \"ask\": \"\(ask)\",\(kind) \"code\": \"\(golden.asked)\", \"type\": \"\(row.type.code)\" }\n"
    }

    private func make(_ row: ProvincialRow, _ name: String, _ reply: CityReply, _ question: String?) -> FixtureCase {
        let isPage = reply.contentType.hasPrefix("text/html")
        var files = [
            ("response." + (isPage ? "html" : row.family == "services" ? "xml" : "json"), reply.body),
            ("response.headers", Array("Status: \(reply.status)\nContent-Type: \(reply.contentType)\n".utf8)),
        ]
        if let question { files.append(("question.json", Array(question.utf8))) }
        return FixtureCase(source: ProvincialRow.source, interface: row.interface, name: name, files: files)
    }
}
