// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import GatewayConfiguration
import Testing

@testable import Workbench

/// Answers of registers elsewhere, that nobody here wrote: `LICGATE_REALDATA` names the folder.
@Suite(.enabled(if: RealAnswers.folder != nil, "LICGATE_REALDATA names no folder")) struct `A proposal of real data` {
    @Test(arguments: RealAnswers.known)
    func `finds list, key and holder, or says by its code why not`(answer: RealAnswers.Answer) throws {
        let path = try #require(RealAnswers.folder) + "/" + answer.file
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let input = ProposalInput(id: "a-source", sample: bytes, sampleName: "answer", today: "2026-11-25")
        do throws(WorkbenchError) {
            let proposal = try House.proposer.propose(input)
            let said = Dictionary(proposal.conclusions.map { ($0.topic, $0) }) { first, _ in first }
            #expect(said["records"]?.value == answer.records && said["key"]?.value == answer.key)
            #expect(said["holder.code"]?.value == answer.holder)
            // No code there passes a check of ours, and one answer proves no key.
            for topic in ["key", "holder.code", "holder.code_kind", "number"] {
                if let one = said[topic] { #expect(one.doubt != nil, "\(topic)") }
            }
        } catch {
            #expect(error.diagnostic.code == answer.refusal, "\(error.diagnostic.text)")
        }
    }

    @Test func `opens the description of a service, and asks which operation is meant`() throws {
        let folder = try #require(RealAnswers.folder) + "/gusapi/tests/resources/service/"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let files = try names.map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + $0))) }
        let operations = try House.proposer.operations(wsdl: files)
        #expect(operations.count == 9 && operations.allSatisfy { $0.missing.isEmpty })
        let search = try InterfaceDocument.choose(operations, named: "DaneSzukaj")
        #expect(search.request.body?.contains("http://www.w3.org/2003/05/soap-envelope") == true)
        #expect(search.request.url.hasPrefix("https://") && search.request.action?.hasSuffix("/DaneSzukaj") == true)
        let error = try #require(throws: WorkbenchError.self) { try InterfaceDocument.choose(operations, named: nil) }
        #expect(error.diagnostic.code == "workbench.operation_unclear")
    }
}

enum RealAnswers {
    struct Answer: Sendable, CustomTestStringConvertible {
        var file: String
        var records: String?
        var key: String?
        var holder: String?
        var refusal: String?
        var testDescription: String { file }
    }
    static let folder = ProcessInfo.processInfo.environment["LICGATE_REALDATA"]

    private static let list = ["", "root", "dane"].joined(separator: "/")
    private static let polish = "gusapi/tests/resources/"
    static let known =
        ["49240901", "27082440", "25110161", "61682039"].map {
            Answer(file: "ares/tests/fixtures/ares/\($0).json", records: "$", key: "$.in", holder: "$.in")
        } + [
            Answer(
                file: polish + "response/searchDataReponseResultMulti.xsd", records: list,
                key: "Regon, Typ, SilosID", holder: "Regon"),
            Answer(
                file: polish + "response/searchDataResponseResultSingle.xsd", records: list, key: "Regon",
                holder: "Regon"),
            Answer(
                file: polish + "response/bulkReportResponse.xsd", records: list, key: "regon", holder: "regon"),
            Answer(file: polish + "rawSOAPResponse.xsd", refusal: "workbench.sample_packed"),
            Answer(file: polish + "validSOAPResponse.xsd", refusal: "workbench.no_record"),
            Answer(
                file: polish + "service/UslugaBIRzewnPubl.xsd", refusal: "workbench.sample_is_document"),
            Answer(file: polish + "service/UslugaBIRzewnPubl_xsd1.xsd", refusal: "workbench.sample_is_document"),
            Answer(file: "holiday-cn/2026.json", records: "$.days", key: "$.date"),
            Answer(file: "holiday-cn/2027.json", refusal: "workbench.no_record"),
        ]
}
