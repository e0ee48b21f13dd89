// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

extension CatalogueConformance {
    static let runCases: [Case] = [
        Case("a cursor is durable with its page and not before") { bench in
            let run = try await bench.begin(.incremental)
            bench.expect(try await bench.state()?.resume == nil, "no cursor at first")
            try await bench.commit(run, page: 1, [Specimen("k1")], resume: "after-1")
            try await bench.commit(run, page: 2, [Specimen("k2")])
            try await bench.reopen()
            bench.expect(try await bench.state()?.resume?.rawValue, is: "after-1", "cursor")
            bench.expect(try await bench.state()?.records, is: 2, "records")
            await bench.expect(.misuse, "a cursor above 4 KiB") {
                let next = try await bench.begin()
                try await bench.commit(next, [Specimen("k3")], resume: String(repeating: "c", count: 4097))
            }
            bench.expect(try await bench.state()?.records, is: 2, "nothing of that page")
            let last = try await bench.begin(.incremental)
            try await bench.finish(last, resume: "end")
            bench.expect(try await bench.state()?.resume?.rawValue, is: "end", "cursor of the end")
        },
        Case("a whole pull that begins anew has no cursor, and what was known before it stays known") { bench in
            let first = try await bench.begin(.full)
            try await bench.commit(first, [Specimen("k1")])
            try await bench.finish(first, resume: "taken")
            for _ in 0..<2 {
                let idle = try await bench.begin(.full)
                let nothing = Diagnostic(code: "intake.no_complete_file", what: "Nothing new", remedy: "Wait")
                _ = try await bench.catalogue.finish(idle, .stopped(nothing), limit: WithdrawalLimit())
                try await bench.reopen()
                bench.expect(try await bench.state()?.resume == nil, "no cursor to go on from")
                bench.expect(try await bench.state()?.known?.rawValue, is: "taken", "known")
            }
        },
        Case("states tell the first and the last complete pull, as of their beginning") { bench in
            let incremental = try await bench.begin(.incremental)
            let early = bench.clock.now
            try await bench.finish(incremental)
            bench.expect(try await bench.state()?.firstComplete == nil, "an incremental pull covers not everything")
            bench.expect(try await bench.state()?.lastComplete?.asOf, is: early, "its as of")
            let full = try await bench.begin(.full)
            let asOf = bench.clock.now
            try await bench.commit(full, [Specimen("k1"), Specimen("k2")])
            bench.clock.advance(.seconds(600))
            let record = try await bench.catalogue.finish(
                full, .complete(declaredTotal: 2, resume: nil), limit: WithdrawalLimit())
            guard let state = try await bench.state() else { return bench.expect(false, "there is a state") }
            let wanted = CompletedPull(
                mode: .full, asOf: asOf, finishedAt: bench.clock.now, records: 2, declaredTotal: 2)
            bench.expect(state.firstComplete == wanted, "first complete")
            bench.expect(state.lastComplete == wanted, "last complete")
            bench.expect(state.lastRun == record, "last run")
            bench.expect(record.outcome, is: .complete, "outcome")
            try await bench.pull([Specimen("k1"), Specimen("k2")])
            bench.expect(try await bench.state()?.firstComplete == wanted, "the first stays")
            bench.expect(try await bench.state()?.lastComplete != wanted, "the last moves")
        },
        Case("a stopped run advances nothing and says why") { bench in
            let run = try await bench.begin()
            try await bench.commit(run, [Specimen("k1")], resume: "after-1")
            let reason = Diagnostic(code: "source.down", what: "The source is down", remedy: "Wait")
            let record = try await bench.catalogue.finish(run, .stopped(reason), limit: WithdrawalLimit())
            bench.expect(record.outcome, is: .stopped, "outcome")
            bench.expect(record.code, is: "source.down", "code")
            bench.expect(record.message, is: reason.text, "message")
            let state = try await bench.state()
            bench.expect(state?.firstComplete == nil && state?.lastComplete == nil, "nothing is complete")
            bench.expect(state?.resume?.rawValue, is: "after-1", "the cursor stays where it got")
        },
        Case("a resumed pull is as old as the pull it takes up") { bench in
            let first = try await bench.begin()
            let asOf = bench.clock.now
            try await bench.commit(first, [Specimen("k1")], resume: "after-1")
            try await bench.reopen()
            let second = try await bench.begin(resumed: true)
            try await bench.commit(second, [Specimen("k2")])
            try await bench.finish(second)
            bench.expect(try await bench.state()?.firstComplete?.asOf, is: asOf, "as of")
        },
        Case("a run whose process ended is interrupted after the next start, and takes no more pages") { bench in
            let run = try await bench.begin()
            try await bench.commit(run, page: 1, [Specimen("k1")])
            bench.expect(try await bench.state()?.lastRun?.outcome, is: .running, "while it goes")
            try await bench.reopen()
            bench.expect(try await bench.state()?.lastRun?.outcome, is: .interrupted, "after")
            bench.expect(try await bench.state()?.lastRun?.counts.created, is: 1, "its counts")
            let listed = try await bench.catalogue.runs(of: Specimen.interface, limit: 10)
            bench.expect(listed.map(\.outcome), is: [.interrupted], "in the history")
            await bench.expect(.misuse, "a page") { try await bench.commit(run, page: 2, [Specimen("k2")]) }
            await bench.expect(.misuse, "an end") { try await bench.finish(run) }
            bench.expect(try await bench.catalogue.statistics().records, is: 1, "what was committed stays")
        },
        Case("a new run of the same interface takes the place of one that hangs") { bench in
            let hanging = try await bench.begin()
            let next = try await bench.begin()
            await bench.expect(.misuse, "a page of the first") { try await bench.commit(hanging, [Specimen("k1")]) }
            try await bench.commit(next, [Specimen("k1")])
            try await bench.finish(next)
            let listed = try await bench.catalogue.runs(of: nil, limit: 10)
            bench.expect(listed.map(\.outcome), is: [.complete, .interrupted], "history")
        },
        Case("runs are listed newest first, by interface, with their counts") { bench in
            let other = InterfaceID(SourceID("cs-health"), "visits")
            try await bench.pull([Specimen("k1")])
            try await bench.pull([Specimen("k1")])
            try await bench.pull([Specimen("x").with { $0.interface = other }])
            let all = try await bench.catalogue.runs(of: nil, limit: 10)
            bench.expect(all.map(\.interface), is: [other, Specimen.interface, Specimen.interface], "newest first")
            bench.expect(all.map(\.counts.created), is: [1, 0, 1], "counts")
            bench.expect(
                try await bench.catalogue.runs(of: Specimen.interface, limit: 1).count, is: 1, "a limit of one")
            try await bench.reopen()
            bench.expect(try await bench.catalogue.runs(of: nil, limit: 10) == all, "the same after a restart")
        },
        Case("a page that names another interface or source is refused whole") { bench in
            let run = try await bench.begin()
            let foreign = Specimen("x").with { $0.interface = InterfaceID(SourceID("cs-health"), "licences") }
            await bench.expect(.misuse, "a record") { try await bench.commit(run, [Specimen("k1"), foreign]) }
            await bench.expect(.misuse, "a reject") {
                try await bench.commit(run, [Specimen("k1")], rejects: [foreign.reject()])
            }
            await bench.expect(.misuse, "a tombstone") {
                try await bench.commit(run, [Specimen("k1")], tombstones: [foreign.tombstone])
            }
            await bench.expect(.misuse, "page 0") { try await bench.commit(run, page: 0, [Specimen("k1")]) }
            bench.expect(try await bench.catalogue.statistics().records, is: 0, "nothing was written")
            bench.expect(try await bench.commit(run, [Specimen("k1")]).created, is: 1, "the run goes on")
        },
        Case("one run at a time holds a source, until it gives the lease back or dies") { bench in
            let lease = try await bench.catalogue.acquireLease(Specimen.source, owner: "serve")
            await bench.expect(.leaseHeld, "a second holder") {
                _ = try await bench.catalogue.acquireLease(Specimen.source, owner: "sync")
            }
            let elsewhere = try await bench.catalogue.acquireLease(SourceID("cs-health"), owner: "sync")
            bench.expect(lease.number != elsewhere.number, "numbers differ")
            await bench.catalogue.release(lease)
            let next = try await bench.catalogue.acquireLease(Specimen.source, owner: "sync")
            await bench.catalogue.release(lease)
            await bench.expect(.leaseHeld, "a lease given back twice frees nobody else's") {
                _ = try await bench.catalogue.acquireLease(Specimen.source, owner: "third")
            }
            try await bench.reopen()
            let after = try await bench.catalogue.acquireLease(Specimen.source, owner: "fourth")
            bench.expect(after.number != next.number, "numbers differ after a restart")
        },
        Case("a switch holds for all interfaces of a source and survives a restart") { bench in
            let other = SourceID("cs-health")
            try await bench.pull([Specimen("k1")])
            try await bench.catalogue.setAvailability(.paused, of: Specimen.source, note: "audit")
            try await bench.catalogue.setAvailability(.retired, of: other, note: "replaced")
            try await bench.reopen()
            bench.expect(try await bench.state()?.availability, is: .paused, "paused")
            let switched = try await bench.catalogue.states().first { $0.interface.source == other }
            bench.expect(switched?.interface.name, is: "*", "a source that was never pulled has a state, named *")
            bench.expect(switched?.availability, is: .retired, "retired")
            try await bench.catalogue.setAvailability(.active, of: Specimen.source, note: "done")
            bench.expect(try await bench.state()?.availability, is: .active, "active again")
            bench.expect(try await bench.state()?.records, is: 1, "its records stay")
        },
    ]

    static let feedCases: [Case] = [
        Case("the feed never skips: pages joined are the whole, and later changes follow") { bench in
            try await bench.pull((0..<25).map { Specimen("k\($0)") })
            let whole = try bench.need(try await bench.changes(), 25)
            var joined: [ChangeEntry] = []
            var token: ChangeToken?
            while true {
                let page = try await bench.catalogue.changes(after: token, limit: 7)
                token = page.next
                joined += page.entries
                if page.entries.isEmpty || joined.count > 1000 { break }
            }
            bench.expect(joined == whole, "pages of seven joined")
            let end = try await bench.catalogue.changes(after: token, limit: 7)
            bench.expect(end.next, is: token ?? ChangeToken(rawValue: ""), "at the end the token stays")
            try await bench.reopen()
            try await bench.pull([Specimen("k3", "changed")], .incremental)
            let more = try await bench.catalogue.changes(after: token, limit: 7)
            bench.expect(more.entries.map(\.version), is: [2], "what came later, after a restart")
            let again = try await bench.catalogue.changes(after: whole[10].token, limit: 100)
            bench.expect(again.entries.count, is: 15, "an old token still continues")
        },
        Case("a feed that began empty shows the first change") { bench in
            let start = try await bench.catalogue.changes(after: nil, limit: 10)
            bench.expect(start.entries.count, is: 0, "nothing yet")
            try await bench.reopen()
            try await bench.pull([Specimen("k1")])
            bench.expect(try await bench.catalogue.changes(after: start.next, limit: 10).entries.count, is: 1, "then")
        },
        Case("foreign tokens are refused") { bench in
            try await bench.pull([Specimen("k1")])
            let other = try await CatalogueBench(bench.factory)
            try await other.pull((0..<5).map { Specimen("k\($0)") })
            for text in ["", "x", "m.-1", "m.99999", "0", "1.2.3", "é.1", "00000000.1"] {
                await bench.expect(.tokenUnknown, "the token «\(text)»") {
                    _ = try await bench.catalogue.changes(after: ChangeToken(rawValue: text), limit: 10)
                }
            }
            await bench.expect(.misuse, "a limit of 0") {
                _ = try await bench.catalogue.changes(after: nil, limit: 0)
            }
        },
        Case("a token older than what is kept is refused, a kept one continues") { bench in
            guard let trim = bench.factory.trim else { return }
            try await bench.pull((0..<20).map { Specimen("k\($0)") })
            let whole = try bench.need(try await bench.changes(), 20)
            try await trim(bench.catalogue, 5)
            await bench.expect(.tokenExpired, "an old token") {
                _ = try await bench.catalogue.changes(after: whole[3].token, limit: 10)
            }
            let kept = try await bench.catalogue.changes(after: whole[14].token, limit: 10)
            bench.expect(kept.entries == Array(whole.suffix(5)), "what is kept")
            bench.expect(try await bench.changes() == Array(whole.suffix(5)), "from the oldest kept")
            bench.expect(try await bench.catalogue.statistics().changes, is: 5, "count")
        },
    ]
}
