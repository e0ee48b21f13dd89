import AdapterTesting
import Testing

/// A rule that checks nothing would pass every adapter: so each has adapters that it has to refuse.
@Suite struct `A bad sample` {
    @Test(arguments: BadSample.all) func `is refused by its rules and by no other`(sample: BadSample) async throws {
        try await sample.made { adapter in
            var said: [String] = []
            for test in ConformanceTest.allCases {
                let problems = await AdapterConformance.run(test, on: adapter)
                if sample.refusedBy.contains(test) {
                    #expect(!problems.isEmpty, "\(test) lets it pass")
                    said += problems
                } else {
                    #expect(problems.isEmpty, "\(test) refuses it too: \(problems.prefix(3))")
                }
            }
            #expect(said.contains { $0.contains(sample.says) }, "\(said.prefix(5))")
        }
    }

    @Test(arguments: ConformanceTest.allCases) func `exists for every rule, refused by it alone`(rule: ConformanceTest)
    {
        #expect(BadSample.all.contains { $0.refusedBy == [rule] })
    }

    @Test func `that is not bent at all is refused by nobody`() async throws {
        try await BadSample.bent("nothing", [], says: "", golden: true) { _ in }.made { adapter in
            for test in ConformanceTest.allCases {
                let problems = await AdapterConformance.run(test, on: adapter)
                #expect(problems.isEmpty, "\(test): \(problems)")
            }
        }
    }
}
