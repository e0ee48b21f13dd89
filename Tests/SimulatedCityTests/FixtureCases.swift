// SPDX-License-Identifier: Apache-2.0
import Foundation
import LicenceModel

@testable import SimulatedCity

/// One folder of golden answers: what the city says in one situation.
struct FixtureCase {
    var source: SourceID
    var interface: String
    var name: String
    /// Name below the case's folder, and content.
    var files: [(name: String, bytes: [UInt8])]

    /// Files that belong to no case stand beside the interfaces.
    var folder: String { interface.isEmpty ? "\(source)/fixtures" : "\(source)/fixtures/\(interface)/city-\(name)" }
}

/// Makes every case from the city itself, so that fixtures cannot drift from what it serves.
struct FixtureMaker {
    let seed: UInt64 = 20_261_125

    func all() -> [FixtureCase] {
        SourceProfile.all.filter { $0.number <= 6 }.flatMap { $0.number == 5 ? drops($0) : asked($0) } + rows()
    }

    private func book(_ profile: SourceProfile, records: Int) -> SourceBook {
        SourceBook(profile, CityOptions(seed: seed, records: records), generator: CityGenerator(seed: seed))
    }

    // MARK: Sources that are asked

    private func asked(_ profile: SourceProfile) -> [FixtureCase] {
        let whole = book(profile, records: 2_000)
        var cases = pages(profile) + questions(profile, whole)
        func add(_ name: String, _ reply: CityReply, question: String? = nil) {
            cases.append(make(profile, profile.interface, name, reply, question: question))
        }
        let question = profile.register ? whole.golden().first.map { self.question($0.holder, nil) } : nil
        add("login-page-instead", CityReply("text/html", Array(Dispatcher.loginPage.utf8)), question: question)
        add("business-error", answer(profile, whole, .statusOKWithError), question: question)
        add("not-let-in", profile.face?.refuse() ?? CityReply("", []), question: question)
        return cases
    }

    private func pages(_ profile: SourceProfile) -> [FixtureCase] {
        guard !profile.register else { return [] }
        let small = book(profile, records: 7)
        // The last page of a list is what a pull that takes up near its end gets.
        let last = small.record(at: 5, generation: 0)
        return [
            make(profile, profile.interface, "first-page", answer(profile, small, nil, size: 3)),
            make(profile, profile.interface, "last-page", answer(profile, small, nil, since: last)),
            make(profile, profile.interface, "unknown-status", answer(profile, small, .unknownStatusCode, since: last)),
            make(profile, profile.interface, "nothing-new", answer(profile, book(profile, records: 0), nil)),
        ]
    }

    private func questions(_ profile: SourceProfile, _ book: SourceBook) -> [FixtureCase] {
        var cases: [FixtureCase] = []
        for golden in book.golden() {
            let name =
                ["valid": "valid-licence", "expired": "expired-licence", "revoked": "revoked-licence"][
                    golden.expectation]
                ?? "none-found"
            let type = profile.register ? profile.types[0].code : nil
            cases.append(ask(profile, profile.interface, name, book, golden.holder, type))
        }
        let two = (0..<200).map { book.record(index: $0, generation: 0) }.first {
            $0.licence.holders.count == 2 && $0.licence.status == .valid
                && $0.licence.holders.allSatisfy { $0.kind == .residentIdentityNumber }
        }
        if let licence = two?.licence {
            cases.append(
                ask(profile, licence.interface.name, "two-holders", book, licence.holders[1], licence.typeCode))
        }
        return cases
    }

    private func ask(
        _ profile: SourceProfile, _ interface: String, _ name: String, _ book: SourceBook, _ holder: Holder,
        _ type: LicenceTypeCode?
    ) -> FixtureCase {
        let reply = profile.face?.answer(holderRequest(profile, holder, type), book, nil) ?? CityReply("", [])
        return make(profile, interface, name, reply, question: question(holder, type))
    }

    private func make(
        _ profile: SourceProfile, _ interface: String, _ name: String, _ reply: CityReply, question: String? = nil
    ) -> FixtureCase {
        let ending =
            reply.contentType.hasPrefix("text/html")
            ? "html" : [2: "json", 3: "xml", 4: "xml"][profile.number] ?? "json"
        var files = [("response.\(ending)", reply.body)]
        var head = "Status: \(reply.status)\nContent-Type: \(reply.contentType)\n"
        for header in reply.headers { head += "\(header.name): \(header.value)\n" }
        files.append(("response.headers", Array(head.utf8)))
        if let question { files.append(("question.json", Array(question.utf8))) }
        return FixtureCase(source: profile.id, interface: interface, name: name, files: files)
    }

    private func question(_ holder: Holder, _ type: LicenceTypeCode?) -> String {
        let type = type.map { ", \"type\": \"\($0)\"" } ?? ""
        return "{ \"ask\": \"holder\", \"kind\": \"\(holder.kind)\", \"code\": \"\(holder.code)\"\(type) }\n"
    }

    /// The answer to a pull, from a record on.
    private func answer(
        _ profile: SourceProfile, _ book: SourceBook, _ fault: CityFault?, size: Int = 200, since: CityRecord? = nil
    ) -> CityReply {
        var request = CityRequest(method: "GET", path: "", query: [:], headers: [:], body: [])
        let moment = since.map { CityDates.moment($0.changedSeconds) }
        switch profile.number {
        case 1:
            request.path = "/dzzz/licences"
            request.query = ["size": String(size), "changed_since": moment ?? ""]
        case 2:
            request.path = "/road/certificates"
            request.query = ["limit": String(size), "sequence_from": since.map { String($0.sequence) } ?? "0"]
        case 3:
            request.path = "/bdc/dzzz/list"
            request.query = ["rows": String(size), "gxxh": since.map { String($0.sequence) } ?? "0"]
        case 4:
            request.path = "/ws/CertificateService"
            request.body = Array(
                "<h:query><h:from>\(moment ?? "")</h:from><h:page>1</h:page><h:size>\(size)</h:size></h:query>".utf8)
        default:
            request = holderRequest(profile, Holder(kind: .residentIdentityNumber, code: "0"), profile.types[0].code)
        }
        return profile.face?.answer(request, book, fault) ?? CityReply("", [])
    }

    private func holderRequest(_ profile: SourceProfile, _ holder: Holder, _ type: LicenceTypeCode?) -> CityRequest {
        var request = CityRequest(method: "POST", path: "", query: [:], headers: [:], body: [])
        let (code, kind, type) = (holder.code, holder.kind.rawValue, type?.rawValue ?? "")
        switch profile.number {
        case 1:
            request.path = "/dzzz/licences/query"
            request.body = Array(
                "{\"holderCode\":\"\(code)\",\"holderTypeCode\":\"\(kind)\",\"certificateTypeCode\":\"\(type)\"}".utf8)
        case 2:
            request.path = "/road/certificates/search"
            request.body = Array(
                "{\"certificate_holder_code\":\"\(code)\",\"certificate_holder_type\":\"\(kind)\"}".utf8)
        case 3:
            request.path = "/bdc/dzzz/query"
            request.body = Array("<QUERY><CZZTDM>\(code)</CZZTDM><CZZTDMLXDM>\(kind)</CZZTDMLXDM></QUERY>".utf8)
        case 4:
            request.path = "/ws/CertificateService"
            request.body = Array(
                "<h:queryByHolder><h:holderCode>\(code)</h:holderCode><h:holderTypeCode>\(kind)</h:holderTypeCode>".utf8
            )
        default:
            request.path = "/share/queryCertInfoByHolderCode"
            request.body = Array(
                ("{\"data\":{\"holderCode\":\"\(code)\",\"holderTypeCode\":\"\(kind)\",\"certTypeCode\":\"\(type)\","
                    + "\"useCause\":\"核验\"}}").utf8)
        }
        return request
    }

    // MARK: The file drop

    private func drops(_ profile: SourceProfile) -> [FixtureCase] {
        [
            ("whole-file", nil), ("unknown-status", CityFault.unknownStatusCode), ("rows-do-not-agree", .wrongTotal),
            ("cut-off", .truncated), ("not-ready", .unavailable), ("login-page-instead", .htmlWith200),
        ].compactMap { name, fault in
            let folder = NSTemporaryDirectory() + "city-fixture-\(UInt64.random(in: 0 ... .max))"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let book = book(profile, records: 4)
            book.set(fault, requests: nil)
            guard (try? profile.drop?.write(book, to: folder)) != nil else { return nil }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let files = names.sorted().compactMap { name in
                FileManager.default.contents(atPath: folder + "/" + name).map { ("drop/" + name, Array($0)) }
            }
            return FixtureCase(source: profile.id, interface: profile.interface, name: name, files: files)
        }
    }
}
