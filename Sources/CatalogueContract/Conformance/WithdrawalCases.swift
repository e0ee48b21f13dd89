// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

extension CatalogueConformance {
    private static func many(_ range: Range<Int>) -> [Specimen] { range.map { Specimen("k\($0)", "c\($0)") } }

    static let withdrawalCases: [Case] = [
        Case("a record absent from a complete full pull is withdrawn, as a version, and stays") { bench in
            try await bench.pull(many(0..<10))
            let run = try await bench.pull(many(0..<9))
            bench.expect(run.counts.withdrawn, is: 1, "withdrawn")
            bench.expect(run.counts.withheld, is: 0, "withheld")
            guard let gone = try await bench.entry(Specimen("k9")) else {
                return bench.expect(false, "the record is there")
            }
            bench.expect(gone.withdrawal?.evidence, is: .absence, "evidence")
            bench.expect(gone.withdrawal?.at, is: bench.clock.now, "when")
            bench.expect(gone.version, is: 2, "version")
            bench.expect(gone.licence == Specimen("k9", "c9").licence, "the content stays")
            bench.expect(try await bench.find().entries.count, is: 10, "it is found as withdrawn")
            bench.expect(try await bench.state()?.records, is: 9, "records of the interface")
            let sums = try await bench.catalogue.statistics()
            bench.expect([sums.records, sums.withdrawn], is: [9, 1], "statistics")
            bench.expect(try await bench.changes().last?.cause, is: .withdrawn, "the change")
            let again = try await bench.pull(many(0..<9))
            bench.expect(again.counts.withdrawn, is: 0, "withdrawn a second time")
            bench.expect(try await bench.entry(Specimen("k9"))?.version, is: 2, "version")
        },
        Case("a withdrawn record that comes back is a new version") { bench in
            try await bench.pull(many(0..<2))
            try await bench.pull(many(0..<1))
            let run = try await bench.pull(many(0..<2))
            bench.expect(run.counts.updated, is: 1, "updated")
            let back = try await bench.entry(Specimen("k1"))
            bench.expect(back?.withdrawal == nil, "no longer withdrawn")
            bench.expect(back?.version, is: 3, "version")
            bench.expect(try await bench.state()?.records, is: 2, "records of the interface")
        },
        Case("only complete, full, not resumed pulls of the same partition conclude from absence") { bench in
            try await bench.pull(many(0..<5))
            try await bench.pull([Specimen("north").with { $0.partition = "north" }], partition: "north")
            let incremental = try await bench.pull(many(0..<1), .incremental)
            let resumed = try await bench.pull(many(0..<1), resumed: true)
            let stopped = try await bench.begin()
            try await bench.commit(stopped, many(0..<1))
            let reason = Diagnostic(code: "source.down", what: "The source is down", remedy: "Wait")
            let end = try await bench.catalogue.finish(stopped, .stopped(reason), limit: WithdrawalLimit())
            let north = try await bench.pull([Specimen("north").with { $0.partition = "north" }], partition: "north")
            for (name, run) in [
                ("incremental", incremental), ("resumed", resumed), ("stopped", end), ("other partition", north),
            ] {
                bench.expect(run.counts.withdrawn + run.counts.withheld, is: 0, name)
            }
            bench.expect(try await bench.catalogue.statistics().withdrawn, is: 0, "withdrawn")
        },
        Case("above the limit nothing is withdrawn and the count says how many were held back") { bench in
            try await bench.pull(many(0..<100))
            let run = try await bench.pull(many(0..<49))
            bench.expect([run.counts.withdrawn, run.counts.withheld], is: [0, 51], "51 of 100")
            bench.expect(run.outcome, is: .stopped, "such a run confirms nothing")
            bench.expect(run.code, is: "catalogue.withdrawals_withheld", "and says why")
            bench.expect(try await bench.state()?.lastComplete?.records, is: 100, "the copy is as old as it was")
            bench.expect(try await bench.state()?.records, is: 100, "records")
            bench.expect(try await bench.changes().count, is: 100, "changes")
            let fifty = try await bench.pull(many(0..<50))
            bench.expect([fifty.counts.withdrawn, fifty.counts.withheld], is: [50, 0], "50 of 100")
        },
        Case("the limit's share counts where it is larger, and a setting tightens it") { bench in
            try await bench.pull(many(0..<100))
            let share = WithdrawalLimit(records: 1, fraction: 0.1)
            let eleven = try await bench.pull(many(0..<89), limit: share)
            bench.expect([eleven.counts.withdrawn, eleven.counts.withheld], is: [0, 11], "11 of 100")
            let ten = try await bench.pull(many(0..<90), limit: share)
            bench.expect([ten.counts.withdrawn, ten.counts.withheld], is: [10, 0], "10 of 100")
        },
        Case("an approved run withdraws above the limit") { bench in
            try await bench.pull(many(0..<2500))
            let run = try await bench.pull(many(0..<100), limit: WithdrawalLimit(approved: true))
            bench.expect([run.counts.withdrawn, run.counts.withheld], is: [2400, 0], "counts")
            bench.expect(try await bench.state()?.records, is: 100, "records")
            bench.expect(try await bench.catalogue.statistics().versions, is: 4900, "versions")
        },
        Case("an empty pull withdraws nothing, however few records there are") { bench in
            try await bench.pull(many(0..<3))
            let run = try await bench.pull([])
            bench.expect([run.counts.withdrawn, run.counts.withheld], is: [0, 3], "counts")
            bench.expect(try await bench.state()?.records, is: 3, "records")
        },
        Case("an unreadable record is not absent") { bench in
            try await bench.pull(many(0..<3))
            let keyed = try await bench.pull(many(0..<2), rejects: [Specimen("k2", "x").reject()])
            bench.expect([keyed.counts.withdrawn, keyed.counts.withheld], is: [0, 0], "with its key")
            let keyless = try await bench.pull(many(0..<2), rejects: [Specimen("k2", "x").reject(keyed: false)])
            bench.expect([keyless.counts.withdrawn, keyless.counts.withheld], is: [0, 1], "without its key")
        },
        Case("a tombstone withdraws at the end of its run, in any mode") { bench in
            try await bench.pull(many(0..<3))
            let run = try await bench.begin(.incremental)
            try await bench.commit(run, tombstones: [Specimen("k1").tombstone, Specimen("never seen").tombstone])
            bench.expect(try await bench.entry(Specimen("k1"))?.withdrawal == nil, "not yet withdrawn")
            let record = try await bench.finish(run)
            bench.expect(record.counts.withdrawn, is: 1, "withdrawn")
            bench.expect(try await bench.entry(Specimen("k1"))?.withdrawal?.evidence, is: .tombstone, "evidence")
            let again = try await bench.pull([], tombstones: [Specimen("k1").tombstone], .incremental)
            bench.expect(again.counts.withdrawn, is: 0, "a second time")
            bench.expect(try await bench.entry(Specimen("k1"))?.version, is: 2, "version")
        },
        Case("an older tombstone changes nothing, a newer one makes older words late") { bench in
            try await bench.pull([Specimen("k1").with { $0.version = .declared(5) }])
            let old = Specimen("k1").with { $0.version = .declared(4) }.tombstone
            let new = Specimen("k1").with { $0.version = .declared(7) }.tombstone
            bench.expect(
                try await bench.pull([], tombstones: [old], .incremental).counts.withdrawn, is: 0, "an older one")
            bench.expect(
                try await bench.pull([], tombstones: [new], .incremental).counts.withdrawn, is: 1, "a newer one")
            let late = try await bench.pull(
                [Specimen("k1", "x").with { $0.version = .declared(6) }], .incremental)
            bench.expect(late.counts.late, is: 1, "late")
            bench.expect(try await bench.entry(Specimen("k1"))?.withdrawal != nil, "still withdrawn")
            try await bench.pull([Specimen("k1", "y").with { $0.version = .declared(8) }], .incremental)
            bench.expect(try await bench.entry(Specimen("k1"))?.withdrawal == nil, "back with a newer version")
        },
        Case("a tombstone newer than an unreadable version ends the doubt about it") { bench in
            try await bench.pull([Specimen("k1").with { $0.version = .declared(2) }])
            try await bench.pull(
                [], rejects: [Specimen("k1", "x").with { $0.version = .declared(3) }.reject()], .incremental)
            bench.expect(try await bench.entry(Specimen("k1"))?.newerVersionUnreadable, is: true, "in doubt")
            let gone = Specimen("k1").with { $0.version = .declared(5) }.tombstone
            try await bench.pull([], tombstones: [gone], .incremental)
            let entry = try await bench.entry(Specimen("k1"))
            bench.expect(entry?.withdrawal != nil && entry?.newerVersionUnreadable == false, "gone beyond doubt")
        },
        Case("tombstones pass the same limit, wait durably, and go with an approved run") { bench in
            try await bench.pull(many(0..<100))
            let all = many(0..<60).map(\.tombstone)
            let run = try await bench.pull([], tombstones: all, .incremental)
            bench.expect([run.counts.withdrawn, run.counts.withheld], is: [0, 60], "60 of 100")
            bench.expect(try await bench.changes().count, is: 100, "changes")
            try await bench.reopen()
            try await bench.pull(many(0..<5), .incremental, limit: WithdrawalLimit(records: 0, fraction: 0))
            let approved = try await bench.pull([], .incremental, limit: WithdrawalLimit(approved: true))
            bench.expect(approved.counts.withdrawn, is: 55, "all but the five that came back meanwhile")
        },
        Case("a record that moves to another partition is not absent there") { bench in
            try await bench.pull([Specimen("a").with { $0.partition = "north" }], partition: "north")
            let moved = Specimen("k1").with { $0.partition = "north" }
            try await bench.pull([moved, Specimen("a").with { $0.partition = "north" }], partition: "north")
            try await bench.pull([moved.with { $0.partition = "south" }], partition: "south")
            bench.expect(try await bench.entry(moved)?.licence.partition, is: "south", "where it was shown last")
            let north = try await bench.pull([Specimen("a").with { $0.partition = "north" }], partition: "north")
            bench.expect(north.counts.withdrawn, is: 0, "withdrawn in the old one")
            bench.expect(try await bench.state(partition: "north")?.records, is: 1, "records in the old one")
            bench.expect(try await bench.state(partition: "south")?.records, is: 1, "records in the new one")
        },
    ]
}
