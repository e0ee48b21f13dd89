import AdapterTesting
import Foundation
import Testing

@Suite struct `Every adapter of the folder` {
    @Test(arguments: AdapterFolders.all, ConformanceTest.allCases)
    func `conforms`(name: String, test: ConformanceTest) async {
        for problem in await AdapterConformance.run(test, on: AdapterFolders.shipped(name)) {
            Issue.record("\(name) \(test): \(problem)")
        }
    }

    @Test func `is the one that ADAPTER names, when it names one`() {
        guard let chosen = AdapterFolders.chosen else { return }
        #expect(AdapterFolders.all == [chosen], "ADAPTER=\(chosen) names no folder of Adapters/")
    }
}

@Suite struct `The conformance suite` {
    @Test(arguments: ConformanceTest.allCases) func `passes a good adapter`(test: ConformanceTest) async {
        for problem in await AdapterConformance.run(test, on: AdapterFolders.sample("good-library")) {
            Issue.record("\(test): \(problem)")
        }
    }

    /// Each of these the bad adapter gets wrong, so that a suite that has gone blind is noticed.
    @Test(arguments: [
        (ConformanceTest.c01, "personal_value_in_url"), (.c03, "no golden case"), (.c10, "no golden case shows"),
        (.c12, "stands in the address"),
    ]) func `catches a bad one`(test: ConformanceTest, word: String) async {
        let problems = await AdapterConformance.run(test, on: AdapterFolders.sample("bad-library"))
        #expect(problems.contains { $0.contains(word) }, "\(problems)")
    }

    @Test func `excuses a waived test, and says so`() async {
        var adapter = AdapterFolders.sample("bad-library")
        adapter.waivers = ["C12": "the owner promised a POST, until 2027-03-01"]
        #expect(await AdapterConformance.run(.c12, on: adapter).isEmpty)
    }
}
