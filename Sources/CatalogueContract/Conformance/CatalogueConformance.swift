// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import LicenceModel

/// How the conformance suite gets catalogues to work on.
package struct CatalogueFactory: Sendable {
    /// A new, empty catalogue with this clock and limit of its quarantine.
    package var make: @Sendable (_ clock: any GatewayClock, _ quarantine: ByteCount) async throws -> any Catalogue
    /// The same catalogue after its process died and a new one took it up.
    package var reopen: @Sendable (_ catalogue: any Catalogue) async throws -> any Catalogue
    /// Forgets all but the last so many changes; nil when the engine keeps all.
    package var trim: (@Sendable (_ catalogue: any Catalogue, _ keep: Int) async throws -> Void)?

    package init(
        make: @escaping @Sendable (any GatewayClock, ByteCount) async throws -> any Catalogue,
        reopen: @escaping @Sendable (any Catalogue) async throws -> any Catalogue,
        trim: (@Sendable (any Catalogue, Int) async throws -> Void)? = nil
    ) {
        self.make = make
        self.reopen = reopen
        self.trim = trim
    }
}

/// What every engine must do, as cases that any test framework can run.
package enum CatalogueConformance {
    /// One case.
    package struct Case: Sendable, CustomStringConvertible {
        package let name: String
        let body: @Sendable (CatalogueBench) async throws -> Void
        package var description: String { name }

        init(_ name: String, _ run: @escaping @Sendable (CatalogueBench) async throws -> Void) {
            self.name = name
            body = run
        }

        /// Runs the case; what does not hold is among the bench's findings.
        package func run(on bench: CatalogueBench) async throws {
            do { try await body(bench) } catch is CatalogueBench.CannotGoOn {}
        }
    }

    /// All cases.
    package static let cases: [Case] =
        recordCases + versionCases + lookupCases + quarantineCases + doubtCases + withdrawalCases + runCases + feedCases

    /// Runs a case on a new catalogue and returns what did not hold.
    package static func findings(of test: Case, with factory: CatalogueFactory) async throws -> [String] {
        let bench = try await CatalogueBench(factory)
        try await test.run(on: bench)
        return bench.findings
    }
}

/// A catalogue under test, with words for what cases do most.
package final class CatalogueBench {
    package let clock = StandingClock()
    package let factory: CatalogueFactory
    package private(set) var catalogue: any Catalogue
    package private(set) var findings: [String] = []
    private var runs = 0

    package init(_ factory: CatalogueFactory, quarantine: ByteCount = .mebibytes(8)) async throws {
        self.factory = factory
        catalogue = try await factory.make(clock, quarantine)
    }

    /// Starts over with a smaller quarantine.
    package func restart(quarantine: ByteCount) async throws { catalogue = try await factory.make(clock, quarantine) }

    package func reopen() async throws { catalogue = try await factory.reopen(catalogue) }

    package func expect(_ holds: Bool, _ what: @autoclosure () -> String, line: Int = #line) {
        if !holds { findings.append("\(what()) (line \(line))") }
    }

    package func expect<T: Equatable>(_ found: T, is wanted: T, _ what: String, line: Int = #line) {
        if found != wanted { findings.append("\(what): found \(found), wanted \(wanted) (line \(line))") }
    }

    /// A case that cannot go on; what is missing is among the findings.
    package struct CannotGoOn: Error {}

    /// The values when there are as many, else the end of the case.
    package func need<T>(_ values: [T], _ count: Int, line: Int = #line) throws -> [T] {
        expect(values.count, is: count, "as many as the case goes on with", line: line)
        guard values.count == count else { throw CannotGoOn() }
        return values
    }

    /// Expects an error with this code.
    package func expect(
        _ code: CatalogueError.Code, _ what: String, line: Int = #line, from body: () async throws -> Void
    ) async {
        do {
            try await body()
            findings.append("\(what): nothing was thrown (line \(line))")
        } catch let error as CatalogueError {
            expect(error.code, is: code, what, line: line)
        } catch {
            findings.append("\(what): a foreign error was thrown (line \(line))")
        }
    }

    package func begin(
        _ mode: PullMode = .full, interface: InterfaceID = Specimen.interface, partition: String? = nil,
        resumed: Bool = false
    ) async throws -> RunID {
        runs += 1
        clock.advance(.seconds(60))
        let id = RunID(rawValue: "run-\(String(1000 + runs))")
        try await catalogue.begin(
            RunStart(
                id: id, interface: interface, partition: partition, mode: mode, startedAt: clock.now, resumed: resumed))
        return id
    }

    @discardableResult package func commit(
        _ run: RunID, page: Int = 1, _ records: [Specimen] = [], rejects: [Reject] = [], tombstones: [Tombstone] = [],
        resume: String? = nil
    ) async throws -> RunCounts {
        try await catalogue.commit(
            PageCommit(
                run: run, page: page, records: records.map(\.licence), rejects: rejects, tombstones: tombstones,
                resume: resume.map { ResumeCursor(rawValue: $0) }))
    }

    @discardableResult package func finish(
        _ run: RunID, _ limit: WithdrawalLimit = WithdrawalLimit(), resume: String? = nil
    ) async throws -> RunRecord {
        clock.advance(.seconds(60))
        let end = RunEnd.complete(declaredTotal: nil, resume: resume.map { ResumeCursor(rawValue: $0) })
        return try await catalogue.finish(run, end, limit: limit)
    }

    /// A whole run of one page.
    @discardableResult package func pull(
        _ records: [Specimen], rejects: [Reject] = [], tombstones: [Tombstone] = [], _ mode: PullMode = .full,
        partition: String? = nil, limit: WithdrawalLimit = WithdrawalLimit(), resumed: Bool = false
    ) async throws -> RunRecord {
        let interface = records.first?.interface ?? rejects.first?.interface ?? Specimen.interface
        let run = try await begin(mode, interface: interface, partition: partition, resumed: resumed)
        try await commit(run, records, rejects: rejects, tombstones: tombstones)
        return try await finish(run, limit)
    }

    package func find(
        _ holder: Holder = Specimen.person, _ type: LicenceTypeCode? = nil, limit: Int = 1000
    ) async throws -> CatalogueMatches {
        try await catalogue.entries(matching: .holder(holder.reference, type), limit: limit)
    }

    /// The entry with this key, found the long way round.
    package func entry(_ specimen: Specimen) async throws -> CatalogueEntry? {
        let all = Collector()
        try await catalogue.visitAll { all.add($0) }
        return all.entries.first { $0.licence.key == specimen.recordKey }
    }

    package func state(partition: String? = nil) async throws -> InterfaceState? {
        try await catalogue.states().first { $0.interface == Specimen.interface && $0.partition == partition }
    }

    package func changes() async throws -> [ChangeEntry] {
        try await catalogue.changes(after: nil, limit: 10_000).entries
    }
}
