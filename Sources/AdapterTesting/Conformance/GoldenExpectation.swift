// SPDX-License-Identifier: Apache-2.0

/// What a fixture's folder gives, as text for its expectation: for tools that write fixtures.
public enum GoldenExpectation {
    /// The text of `expected.json`, or of `expected-error.txt` when the case ends in an error; nil, with the reasons, when
    /// the adapter cannot be made or has no such interface.
    public static func text(
        of adapter: AdapterUnderTest, interface: String, caseFolder: String
    ) async -> (text: String?, isError: Bool, problems: [String]) {
        var bench = ConformanceBench(adapter: adapter)
        let name = caseFolder.split(separator: "/").last.map(String.init) ?? caseFolder
        let golden = GoldenCase(interface: interface, name: name, folder: caseFolder)
        let outcome = await bench.outcome(of: golden)
        return (outcome?.text, outcome?.isError ?? false, bench.problems)
    }
}
