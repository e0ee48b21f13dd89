// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

extension CatalogueConformance {
    static let recordCases: [Case] = [
        Case("a first record is version 1 with one change, and comes back exactly as it went in") { bench in
            let specimen = Specimen("k1").with {
                $0.identifier = "1.2.156.3005.2.x"
                $0.number = " no-1 "
                $0.holders = [Specimen.person, Specimen.company]
            }
            let run = try await bench.pull([specimen])
            bench.expect(run.counts.created, is: 1, "created")
            guard let entry = try await bench.entry(specimen) else { return bench.expect(false, "the record is there") }
            bench.expect(entry.licence == specimen.licence, "the licence is unaltered")
            bench.expect(entry.version, is: 1, "version")
            bench.expect(entry.withdrawal == nil && !entry.newerVersionUnreadable, "no withdrawal, no doubt")
            let byID = try await bench.catalogue.entry(entry.id)
            bench.expect(byID == entry, "the id finds the same entry")
            let changes = try await bench.changes()
            bench.expect(changes.map(\.cause), is: [.created], "changes")
            bench.expect(changes.map(\.id), is: [entry.id], "the change's record")
        },
        Case("unchanged writes nothing") { bench in
            try await bench.pull([Specimen("k1"), Specimen("k2")])
            let before = try await bench.entry(Specimen("k1"))
            bench.clock.advance(.seconds(3600))
            let later = Specimen("k1").with { $0.fetchedAt = bench.clock.now }
            let run = try await bench.pull([later, Specimen("k2")])
            bench.expect(run.counts.unchanged, is: 2, "unchanged")
            bench.expect(run.counts.updated + run.counts.created + run.counts.late, is: 0, "written")
            let after = try await bench.entry(Specimen("k1"))
            bench.expect(before == after, "the entry is the same, its time of arrival included")
            bench.expect(try await bench.changes().count, is: 2, "changes")
            bench.expect(try await bench.catalogue.statistics().versions, is: 2, "versions")
        },
        Case("the same page twice changes nothing") { bench in
            let run = try await bench.begin()
            let rejects = [Specimen("bad").reject()]
            let first = try await bench.commit(run, page: 1, [Specimen("k1")], rejects: rejects, resume: "c1")
            bench.expect(first.created, is: 1, "created the first time")
            let before = try await bench.catalogue.statistics()
            let again = try await bench.commit(run, page: 1, [Specimen("k1", "other")], rejects: rejects, resume: "c0")
            bench.expect(again, is: RunCounts(), "counts the second time")
            let after = try await bench.catalogue.statistics()
            bench.expect(
                [after.records, after.versions, after.changes, after.openRejects],
                is: [before.records, before.versions, before.changes, before.openRejects], "statistics")
            bench.expect(try await bench.state()?.resume?.rawValue, is: "c1", "cursor")
            let record = try await bench.finish(run)
            bench.expect(record.counts.pages, is: 1, "pages")
            bench.expect(record.counts.received, is: 2, "received")
        },
        Case("a changed content writes one version and one change") { bench in
            try await bench.pull([Specimen("k1")])
            let run = try await bench.pull([Specimen("k1", "second")])
            bench.expect(run.counts.updated, is: 1, "updated")
            guard let entry = try await bench.entry(Specimen("k1")) else {
                return bench.expect(false, "the record is there")
            }
            bench.expect(entry.version, is: 2, "version")
            bench.expect(entry.recordedAt, is: bench.clock.now + .seconds(-60), "recorded when it was committed")
            let versions = try await bench.catalogue.versions(of: entry.id, limit: 10)
            bench.expect(versions.map(\.number), is: [2, 1], "newest first")
            bench.expect(versions.map(\.cause), is: [.updated, .created], "causes")
            bench.expect(versions.map(\.licence.faceFields[0].value), is: ["second", "first"], "contents")
            bench.expect(try await bench.changes().map(\.version), is: [1, 2], "changes")
            bench.expect(
                try await bench.catalogue.versions(of: entry.id, limit: 1).map(\.number), is: [2], "a limit of one")
        },
        Case("another mapping with the same outcome is accepted and writes no version") { bench in
            try await bench.pull([Specimen("k1")])
            let run = try await bench.pull([Specimen("k1").with { $0.revision = "mapping-2" }])
            bench.expect(run.counts.unchanged, is: 1, "unchanged")
            bench.expect(try await bench.changes().count, is: 1, "changes")
            let entry = try await bench.entry(Specimen("k1"))
            bench.expect(entry?.version, is: 1, "version")
            bench.expect(entry?.licence.provenance.mappingRevision, is: "mapping-2", "the mapping that vouches for it")
        },
        Case("another mapping with another outcome reaches a record whose bytes did not change") { bench in
            try await bench.pull([Specimen("k1", "first").with { $0.raw = "bytes" }])
            let mended = Specimen("k1", "mended").with {
                $0.raw = "bytes"
                $0.revision = "mapping-2"
            }
            let run = try await bench.pull([mended])
            bench.expect(run.counts.updated, is: 1, "updated")
            let entry = try await bench.entry(mended)
            bench.expect(entry?.licence.faceFields[0].value, is: "mended", "content")
        },
        Case("the same key in two sources is two records") { bench in
            let other = InterfaceID(SourceID("cs-health"), "licences")
            try await bench.pull([Specimen("k1")])
            try await bench.pull([Specimen("k1", "second").with { $0.interface = other }])
            bench.expect(try await bench.catalogue.statistics().records, is: 2, "records")
            bench.expect(try await bench.find().entries.count, is: 2, "both are found")
        },
        Case("one key applied twice in a page ends with the later content, each time alike") { bench in
            let run = try await bench.pull([Specimen("k1", "a"), Specimen("k1", "b"), Specimen("k1", "b")])
            bench.expect([run.counts.created, run.counts.updated, run.counts.unchanged], is: [1, 1, 1], "counts")
            let entry = try await bench.entry(Specimen("k1"))
            bench.expect(entry?.licence.faceFields[0].value, is: "b", "content")
            bench.expect(entry?.version, is: 2, "version")
            bench.expect(try await bench.catalogue.statistics().versions, is: 2, "versions")
        },
        Case("a record without holder, number and identifier in odd text survives") { bench in
            let odd = Specimen("k\u{0}\u{1F600}\n", "", holder: nil).with { $0.number = "" }
            try await bench.pull([odd])
            let entry = try await bench.entry(odd)
            bench.expect(entry?.licence == odd.licence, "unaltered")
        },
    ]

    static let versionCases: [Case] = [
        Case("an older declared version goes into history as late and never replaces") { bench in
            try await bench.pull([Specimen("k1", "new").with { $0.version = .declared(5) }], .incremental)
            let old = Specimen("k1", "old").with { $0.version = .declared(3) }
            let run = try await bench.pull([old], .incremental)
            bench.expect(run.counts.late, is: 1, "late")
            guard let entry = try await bench.entry(old) else { return bench.expect(false, "the record is there") }
            bench.expect(entry.licence.faceFields[0].value, is: "new", "content")
            bench.expect(entry.version, is: 1, "version")
            let versions = try await bench.catalogue.versions(of: entry.id, limit: 10)
            bench.expect(versions.map(\.cause), is: [.late, .created], "history")
            bench.expect(versions.map(\.number), is: [2, 1], "numbers in order of arrival")
            let again = try await bench.pull([old], .incremental)
            bench.expect(again.counts.late, is: 0, "the same late version again")
            bench.expect(try await bench.catalogue.versions(of: entry.id, limit: 10).count, is: 2, "history")
            let next = Specimen("k1", "newest").with { $0.version = .declared(6) }
            try await bench.pull([next], .incremental)
            bench.expect(try await bench.entry(old)?.version, is: 3, "the next version's number")
        },
        Case("an equal declared version with another content replaces") { bench in
            try await bench.pull([Specimen("k1", "a").with { $0.version = .declared(5) }])
            let run = try await bench.pull([Specimen("k1", "b").with { $0.version = .declared(5) }])
            bench.expect(run.counts.updated, is: 1, "updated")
        },
        Case("a newer declared version with the same content makes older ones late") { bench in
            try await bench.pull([Specimen("k1", "a").with { $0.version = .declared(5) }])
            let run = try await bench.pull([Specimen("k1", "a").with { $0.version = .declared(9) }])
            bench.expect(run.counts.unchanged, is: 1, "unchanged")
            let late = try await bench.pull([Specimen("k1", "b").with { $0.version = .declared(7) }], .incremental)
            bench.expect(late.counts.late, is: 1, "late")
        },
    ]
}
