// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

extension CatalogueConformance {
    static let quarantineCases: [Case] = [
        Case("a reject is kept whole and listed without its bytes unless asked for") { bench in
            let reject = Specimen("k1").with { $0.version = .declared(4) }.reject(raw: "{\"zt\":\"?\"}")
            let run = try await bench.pull([], rejects: [reject])
            bench.expect(run.counts.rejected, is: 1, "rejected")
            bench.expect(run.counts.received, is: 1, "received")
            let listed = try await bench.catalogue.quarantine(QuarantineFilter())
            bench.expect(listed.count, is: 1, "listed")
            bench.expect(listed.first?.reject.raw, is: [], "no bytes")
            bench.expect(listed.first?.rawBytes, is: reject.raw.count, "size")
            bench.expect(listed.first?.run, is: run.id, "run")
            let whole = try await bench.catalogue.quarantine(QuarantineFilter(withRaw: true))
            bench.expect(whole.first?.reject == reject, "the reject is unaltered")
        },
        Case("a field set aside hides no record and puts none in doubt, and ends when the record comes whole") {
            bench in
            let record = Specimen("k1").with { $0.version = .declared(4) }
            var field = record.reject(raw: "{\"zt\":\"?\"}")
            field.field = "issued_on"
            field.holders = []
            let run = try await bench.pull([record], rejects: [field])
            bench.expect([run.counts.received, run.counts.rejected, run.counts.created], is: [1, 0, 1], "counts")
            let listed = try await bench.catalogue.quarantine(QuarantineFilter(withRaw: true))
            bench.expect(listed.map(\.reject), is: [field], "the field is kept with its bytes")
            let found = try await bench.find(Specimen.person)
            bench.expect(found.entries.map(\.newerVersionUnreadable), is: [false], "no doubt")
            bench.expect(found.unreadableForHolder, is: 0, "nothing hidden")
            let states = try await bench.catalogue.states()
            bench.expect(states.map(\.openRejects), is: [0], "no record is unreadable")
            bench.expect(states.map(\.openRejectsWithoutHolder), is: [0], "of nobody")
            // The same again: nothing is written, and the field stays set aside, once.
            let again = try await bench.pull([record], rejects: [field])
            bench.expect([again.counts.unchanged, again.counts.rejected], is: [1, 0], "again")
            bench.expect(
                try await bench.catalogue.quarantine(QuarantineFilter()).map(\.id), is: listed.map(\.id), "once")
            // A whole reject of the same bytes is another thing, and does put the record in doubt.
            try await bench.pull([], rejects: [record.reject(raw: "{\"zt\":\"?\"}")])
            bench.expect(
                try await bench.find(Specimen.person).entries.map(\.newerVersionUnreadable), is: [true], "doubt")
            try await bench.pull([record.with { $0.version = .declared(5) }])
            bench.expect(try await bench.catalogue.quarantine(QuarantineFilter()).count, is: 0, "the record came whole")
            bench.expect(
                try await bench.find(Specimen.person).entries.map(\.newerVersionUnreadable), is: [false],
                "no doubt left")
        },
        Case("rejects are filtered by number, source, interface and code, and paged") { bench in
            let other = InterfaceID(SourceID("cs-health"), "visits")
            try await bench.pull([], rejects: (1...5).map { Specimen("k\($0)").reject() })
            try await bench.pull([], rejects: [Specimen("x").with { $0.interface = other }.reject()])
            func ids(_ filter: QuarantineFilter) async throws -> [Int64] {
                try await bench.catalogue.quarantine(filter).map(\.id)
            }
            let all = try bench.need(try await ids(QuarantineFilter()), 6)
            bench.expect(all, is: all.sorted(), "oldest first")
            bench.expect(
                try await ids(QuarantineFilter(ids: [all[1], all[4], 9999])), is: [all[1], all[4]], "by number")
            bench.expect(try await ids(QuarantineFilter(source: other.source)), is: [all[5]], "by source")
            bench.expect(try await ids(QuarantineFilter(interfaceName: "licences")).count, is: 5, "by interface")
            bench.expect(try await ids(QuarantineFilter(code: "record.status_unknown")).count, is: 6, "by code")
            bench.expect(try await ids(QuarantineFilter(code: "record.other")), is: [], "by another code")
            bench.expect(try await ids(QuarantineFilter(after: all[1], limit: 2)), is: [all[2], all[3]], "paged")
            await bench.expect(.misuse, "a limit of 0") { _ = try await ids(QuarantineFilter(limit: 0)) }
        },
        Case("a record that stays unreadable is quarantined once, with the newest reason") { bench in
            let reject = Specimen("k1").reject(raw: "same bytes")
            try await bench.pull([], rejects: [reject, Specimen("k2").reject(keyed: false, raw: "no key")])
            var later = reject
            later.mappingRevision = "mapping-2"
            later.holders = [Specimen.company.reference]
            try await bench.pull([], rejects: [later, Specimen("k2").reject(keyed: false, raw: "no key")])
            let listed = try await bench.catalogue.quarantine(QuarantineFilter())
            bench.expect(listed.count, is: 2, "listed")
            bench.expect(listed.first?.reject.mappingRevision, is: "mapping-2", "the mapping that refused it last")
            bench.expect(try await bench.find(Specimen.person).unreadableForHolder, is: 1, "the other one's holder")
            bench.expect(try await bench.find(Specimen.company).unreadableForHolder, is: 1, "the holder read last")
            bench.expect(try await bench.catalogue.statistics().openRejects, is: 2, "open")
        },
        Case("a full quarantine refuses the whole page and keeps the cursor") { bench in
            try await bench.restart(quarantine: ByteCount(3000))
            let run = try await bench.begin()
            let raw = String(repeating: "x", count: 1000)
            try await bench.commit(run, page: 1, [], rejects: [Specimen("a").reject(raw: raw)], resume: "one")
            await bench.expect(.quarantineFull, "the page that does not fit") {
                let rejects = [Specimen("b").reject(raw: raw + "b")]
                try await bench.commit(run, page: 2, [Specimen("good")], rejects: rejects, resume: "two")
            }
            bench.expect(try await bench.state()?.resume?.rawValue, is: "one", "cursor")
            bench.expect(try await bench.catalogue.statistics().records, is: 0, "records")
            bench.expect(try await bench.catalogue.statistics().openRejects, is: 1, "open rejects")
            try await bench.commit(run, page: 2, [Specimen("good")], rejects: [Specimen("a").reject(raw: raw)])
            bench.expect(try await bench.catalogue.statistics().openRejects, is: 1, "a known reject needs no room")
            let number = try await bench.catalogue.quarantine(QuarantineFilter()).first?.id ?? 0
            try await bench.catalogue.resolve(number, .purged(note: "room"))
            try await bench.commit(run, page: 3, [], rejects: [Specimen("b").reject(raw: raw + "b")])
            bench.expect(try await bench.catalogue.statistics().openRejects, is: 1, "room again")
        },
        Case("a resolved reject is gone and its number is not used again") { bench in
            try await bench.pull([], rejects: [Specimen("k1").reject(), Specimen("k2").reject()])
            let first = try bench.need(try await bench.catalogue.quarantine(QuarantineFilter()), 2).map(\.id)
            for number in first { try await bench.catalogue.resolve(number, .purged(note: "test data of the source")) }
            await bench.expect(.notFound, "a second time") {
                try await bench.catalogue.resolve(first[0], .purged(note: "again"))
            }
            try await bench.reopen()
            try await bench.pull([], rejects: [Specimen("k1").reject()])
            let next = try await bench.catalogue.quarantine(QuarantineFilter()).map(\.id)
            bench.expect(next.count == 1 && next[0] > first[1], "a new number")
        },
        Case("open rejects are counted for their interface, with and without a holder") { bench in
            try await bench.pull(
                [], rejects: [Specimen("k1").reject(), Specimen("k2").reject(held: false), Specimen("k3").reject()])
            bench.expect(try await bench.state()?.openRejects, is: 3, "open")
            bench.expect(try await bench.state()?.openRejectsWithoutHolder, is: 1, "without holder")
            let numbers = try bench.need(try await bench.catalogue.quarantine(QuarantineFilter()), 3).map(\.id)
            try await bench.catalogue.resolve(numbers[1], .purged(note: "nobody's"))
            bench.expect(try await bench.state()?.openRejects, is: 2, "open after one was purged")
            bench.expect(try await bench.state()?.openRejectsWithoutHolder, is: 0, "without holder then")
        },
        Case("rejects that name a holder are counted for that holder and its type") { bench in
            let typed = Specimen("k1").reject()
            let untyped = Specimen("k2").reject(typed: false)
            let other = Specimen("k3").with { $0.type = Specimen.typeB }.reject()
            try await bench.pull([], rejects: [typed, untyped, other])
            bench.expect(try await bench.find().unreadableForHolder, is: 3, "of all types")
            bench.expect(try await bench.find(Specimen.person, Specimen.typeA).unreadableForHolder, is: 2, "of type A")
            bench.expect(try await bench.find(Specimen.person, Specimen.typeB).unreadableForHolder, is: 2, "of type B")
            bench.expect(
                try await bench.find(Specimen.person, LicenceTypeCode("unheard of")).unreadableForHolder, is: 1,
                "of a type no record has")
            bench.expect(try await bench.find(Specimen.company).unreadableForHolder, is: 0, "of somebody else")
            let otherwise = Holder(kind: .otherPersonCode, code: Specimen.person.code)
            bench.expect(
                try await bench.find(otherwise).unreadableForHolder, is: 3,
                "of the same code under another kind, as records are found")
        },
    ]

    static let doubtCases: [Case] = [
        Case("a reject with the key of a stored record puts it in doubt until a newer version arrives") { bench in
            try await bench.pull([Specimen("k1", "old").with { $0.version = .declared(1) }])
            let newer = Specimen("k1", "newer").with { $0.version = .declared(2) }
            try await bench.pull([], rejects: [newer.reject()], .incremental)
            bench.expect(try await bench.entry(newer)?.newerVersionUnreadable, is: true, "in doubt")
            bench.expect(try await bench.entry(newer)?.licence.faceFields[0].value, is: "old", "shown as last known")
            try await bench.pull([Specimen("k1", "old").with { $0.version = .declared(1) }], .incremental)
            bench.expect(try await bench.entry(newer)?.newerVersionUnreadable, is: true, "the stored one again")
            let run = try await bench.pull([newer.with { $0.revision = "mended" }], .incremental)
            bench.expect(run.counts.updated, is: 1, "updated")
            bench.expect(try await bench.entry(newer)?.newerVersionUnreadable, is: false, "no doubt any more")
            bench.expect(try await bench.catalogue.statistics().openRejects, is: 0, "open rejects")
            bench.expect(try await bench.find().unreadableForHolder, is: 0, "nor for the holder")
        },
        Case("doubt ends when the reject is replayed") { bench in
            try await bench.pull([Specimen("k1", "old")])
            let newer = Specimen("k1", "newer")
            try await bench.pull([], rejects: [newer.reject()], .incremental)
            let number = try await bench.catalogue.quarantine(QuarantineFilter()).first?.id ?? 0
            try await bench.catalogue.resolve(number, .replayed(newer.licence))
            let entry = try await bench.entry(newer)
            bench.expect(entry?.newerVersionUnreadable, is: false, "no doubt any more")
            bench.expect(entry?.licence.faceFields[0].value, is: "newer", "content")
            bench.expect(entry?.version, is: 2, "version")
            bench.expect(try await bench.changes().map(\.cause), is: [.created, .updated], "changes")
            bench.expect(try await bench.state()?.openRejects, is: 0, "open rejects")
        },
        Case("doubt ends when the reject is purged") { bench in
            try await bench.pull([Specimen("k1")])
            try await bench.pull(
                [], rejects: [Specimen("k1", "x").reject(), Specimen("k1", "y").reject()], .incremental)
            let numbers = try bench.need(try await bench.catalogue.quarantine(QuarantineFilter()), 2).map(\.id)
            try await bench.catalogue.resolve(numbers[0], .purged(note: "first"))
            bench.expect(try await bench.entry(Specimen("k1"))?.newerVersionUnreadable, is: true, "one is left")
            try await bench.catalogue.resolve(numbers[1], .purged(note: "second"))
            bench.expect(try await bench.entry(Specimen("k1"))?.newerVersionUnreadable, is: false, "none is left")
        },
        Case("an older unreadable version puts nothing in doubt") { bench in
            try await bench.pull([Specimen("k1").with { $0.version = .declared(5) }])
            try await bench.pull([], rejects: [Specimen("k1", "x").with { $0.version = .declared(3) }.reject()])
            bench.expect(try await bench.entry(Specimen("k1"))?.newerVersionUnreadable, is: false, "no doubt")
            bench.expect(try await bench.state()?.openRejects, is: 1, "it is in quarantine all the same")
        },
        Case("an older version that arrives after an unreadable newer one is in doubt from the start") { bench in
            try await bench.pull([], rejects: [Specimen("k1", "x").with { $0.version = .declared(5) }.reject()])
            try await bench.pull([Specimen("k1").with { $0.version = .declared(3) }], .incremental)
            bench.expect(try await bench.entry(Specimen("k1"))?.newerVersionUnreadable, is: true, "in doubt")
        },
        Case("the same record received well again ends its rejects, unchanged or not") { bench in
            try await bench.pull([Specimen("k1")])
            try await bench.pull([], rejects: [Specimen("k1", "garbled").reject()], .incremental)
            let run = try await bench.pull([Specimen("k1")])
            bench.expect(run.counts.unchanged, is: 1, "unchanged")
            bench.expect(try await bench.entry(Specimen("k1"))?.newerVersionUnreadable, is: false, "no doubt")
            bench.expect(try await bench.catalogue.statistics().openRejects, is: 0, "open rejects")
        },
        Case("a replayed record that later words overtook goes into history") { bench in
            let old = Specimen("k1", "old").with { $0.fetchedAt = Timestamp(seconds: 1_780_000_000) }
            try await bench.pull([], rejects: [old.reject(keyed: false)])
            try await bench.pull([Specimen("k1", "new").with { $0.fetchedAt = Timestamp(seconds: 1_780_000_900) }])
            let number = try await bench.catalogue.quarantine(QuarantineFilter()).first?.id ?? 0
            try await bench.catalogue.resolve(number, .replayed(old.licence))
            bench.expect(try await bench.entry(old)?.licence.faceFields[0].value, is: "new", "content")
            bench.expect(try await bench.changes().map(\.cause), is: [.created, .late], "changes")
        },
    ]
}
