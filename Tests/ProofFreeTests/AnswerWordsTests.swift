// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import LicenceModel
import ProofFree
import Testing

@Suite struct `A clerk's sentence` {
    @Test(arguments: Situation.allCases, Stored.allCases)
    func `is there in both languages, says no only when it is one, and holds nothing of the record`(
        _ situation: Situation, _ stored: Stored
    ) async throws {
        let answer = try await VerdictTable.city(situation, stored).ask()
        let (chinese, english) = (answer.sentence.chinese, answer.sentence.english)
        #expect(chinese.hasSuffix("。"))
        #expect(english.hasSuffix("."))
        for value in ["430102199003070020", "张三", "李四", "2024-10-04", "2024"] {
            #expect(!chinese.contains(value))
            #expect(!english.contains(value))
        }
        if case .cannotTell = answer.verdict {
            #expect(chinese.contains("这不表示没有证照"))
            #expect(english.contains("This is not a \"no\""))
        } else {
            #expect(!chinese.contains("这不表示没有证照"))
        }
    }

    @Test func `names the source as people know it`() async throws {
        let answer = try await VerdictTable.city(.stale, .valid).ask()
        #expect(answer.sentence.chinese.contains("示例来源 source-a"))
    }
}

/// A catalogue that is too busy to read.
struct BusyCatalogue: CatalogueReading {
    private var busy: CatalogueError {
        CatalogueError(.busy, "the queue is full", remedy: "Ask again")
    }
    func entry(_ id: CatalogueID) async throws(CatalogueError) -> CatalogueEntry? { throw busy }
    func entries(matching query: CatalogueQuery, limit: Int) async throws(CatalogueError) -> CatalogueMatches {
        throw busy
    }
    func versions(of id: CatalogueID, limit: Int) async throws(CatalogueError) -> [CatalogueVersion] { throw busy }
    func changes(after token: ChangeToken?, limit: Int) async throws(CatalogueError) -> ChangePage { throw busy }
    func states() async throws(CatalogueError) -> [InterfaceState] { throw busy }
    func quarantine(_ filter: QuarantineFilter) async throws(CatalogueError) -> [QuarantinedRecord] { throw busy }
    func runs(of interface: InterfaceID?, limit: Int) async throws(CatalogueError) -> [RunRecord] { throw busy }
    func statistics() async throws(CatalogueError) -> CatalogueStatistics { throw busy }
    func visitAll(_ visit: @Sendable @escaping (CatalogueEntry) -> Void) async throws(CatalogueError) { throw busy }
}

@Suite struct `A catalogue that cannot be read` {
    @Test func `makes a doubt, and a finding for the operator`() async {
        let city = TestCity()
        let desk = AnswerDesk(catalogue: BusyCatalogue(), coverage: city.coverage, clock: city.clock)
        let answer = await desk.answer(
            ProofFreeQuestion(
                about: .holder(TestCity.holder.reference, nil),
                asking: QuestionContext(system: "test", purpose: "test")))
        #expect(answer.verdict == .cannotTell(.catalogueUnavailable, retryAt: nil))
        #expect(answer.failure?.code == "catalogue.busy")
        #expect(answer.sentence.english.contains("This is not a \"no\""))
    }
}
