// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import LicenceModel

extension CatalogueConformance {
    static let lookupCases: [Case] = [
        Case("an identifier is found by its canonical form and as written") { bench in
            let specimen = Specimen("k1").with { $0.identifier = "1.2.156.3005.2.ａb（c）.OFD" }
            try await bench.pull([specimen, Specimen("k2").with { $0.identifier = "1.2.156.3005.2.ABD" }])
            for asked in ["1.2.156.3005.2.ABC", "1.2.156.3005.2.ａb（c）.OFD", " 1.2.156.3005.2.abc "] {
                let found = try await bench.catalogue.entries(matching: .identifier(asked), limit: 10)
                bench.expect(found.entries.map(\.licence.key), is: [specimen.recordKey], "found")
            }
            for absent in ["", "1.2.156.3005.2.AB", "zzz"] {
                let found = try await bench.catalogue.entries(matching: .identifier(absent), limit: 10)
                bench.expect(found, is: CatalogueMatches(), "nothing")
            }
        },
        Case("a number is found with its type only") { bench in
            let one = Specimen("k1").with { $0.number = "（2020）第 1 号" }
            let two = Specimen("k2").with {
                $0.number = "(2020)第1号"
                $0.type = Specimen.typeB
            }
            try await bench.pull([one, two])
            for (type, key) in [(Specimen.typeA, "k1"), (Specimen.typeB, "k2")] {
                let query = CatalogueQuery.number(LicenceNumber("2020第1号"), type)
                let found = try await bench.catalogue.entries(matching: query, limit: 10)
                bench.expect(found.entries.map(\.licence.key.parts), is: [[key]], "found")
            }
            let other = CatalogueQuery.number(LicenceNumber("2020第1号"), LicenceTypeCode("none"))
            bench.expect(try await bench.catalogue.entries(matching: other, limit: 10).entries.count, is: 0, "no type")
        },
        Case("a holder is found with and without a type, by type and then by id") { bench in
            let many = (0..<6).map { n in
                Specimen("k\(n)").with { $0.type = n.isMultiple(of: 2) ? Specimen.typeA : Specimen.typeB }
            }
            try await bench.pull(many + [Specimen("other", holder: Specimen.company)])
            let all = try await bench.find()
            bench.expect(all.entries.count, is: 6, "all of the holder")
            let order = all.entries.map { "\($0.licence.typeCode) \($0.id)" }
            bench.expect(order, is: order.sorted(), "order")
            bench.expect(all.truncated, is: false, "truncated")
            bench.expect(try await bench.find(Specimen.person, Specimen.typeA).entries.count, is: 3, "of one type")
            let few = try await bench.find(limit: 4)
            bench.expect(few.entries.count, is: 4, "a limit of four")
            bench.expect(few.truncated, is: true, "truncated at four")
            bench.expect(try await bench.find(limit: 6).truncated, is: false, "truncated at six")
        },
        Case("every holder of one licence finds it, once") { bench in
            let couple = [Specimen.person, Specimen.company, Specimen.person]
            try await bench.pull([Specimen("k1").with { $0.holders = couple }])
            bench.expect(try await bench.find(Specimen.person).entries.count, is: 1, "the first holder")
            bench.expect(try await bench.find(Specimen.company).entries.count, is: 1, "the second holder")
            bench.expect(try await bench.find(Specimen.company, Specimen.typeA).entries.count, is: 1, "with the type")
            bench.expect(try await bench.find(Specimen.company, Specimen.typeB).entries.count, is: 0, "another type")
            bench.expect(try await bench.catalogue.statistics().records, is: 1, "records")
            let all = Collector()
            try await bench.catalogue.visitAll { all.add($0) }
            bench.expect(all.entries.count, is: 1, "visited once")
        },
        Case("both lengths of a resident number find both") { bench in
            let short = Holder(kind: .residentIdentityNumber, code: "110105491231002")
            let long = Holder(kind: .residentIdentityNumber, code: "１１０１０５１９４９１２３１００２ｘ")
            try await bench.pull([Specimen("k1", holder: short), Specimen("k2", holder: long)])
            bench.expect(try await bench.find(short).entries.count, is: 2, "asked with 15 digits")
            bench.expect(try await bench.find(long).entries.count, is: 2, "asked with 18 digits")
        },
        Case("other kinds of the same code are reported and not mixed in") { bench in
            let other = Holder(kind: .otherPersonCode, code: "11010519491231002X")
            let short = Holder(kind: .otherOrganisationCode, code: "110105491231002")
            try await bench.pull([
                Specimen("k1", holder: other), Specimen("k2", holder: short).with { $0.type = Specimen.typeB },
            ])
            let found = try await bench.find()
            bench.expect(found.entries.count, is: 0, "nothing under the kind asked about")
            bench.expect(found.otherKinds, is: [.otherPersonCode, .otherOrganisationCode], "other kinds")
            let typed = try await bench.find(Specimen.person, Specimen.typeB)
            bench.expect(typed.otherKinds, is: [.otherOrganisationCode], "other kinds with this type")
            bench.expect(try await bench.find(short).otherKinds, is: [], "the 15 digits know nothing of the 18 of 999")
            let asked = Holder(kind: .residentIdentityNumber, code: "110105491231002")
            bench.expect(try await bench.find(asked).otherKinds.count, is: 2, "asked with 15 digits")
        },
        Case("a record whose holder, type, number and identifier change leaves no ghost") { bench in
            let old = Specimen("k1").with {
                $0.number = "n1"
                $0.identifier = "i1"
                $0.holders = [Specimen.person, Holder(kind: .otherPersonCode, code: "P1")]
            }
            let new = Specimen("k1", "moved", holder: Specimen.company).with {
                $0.number = "n2"
                $0.identifier = "i2"
                $0.type = Specimen.typeB
            }
            try await bench.pull([old])
            try await bench.pull([new])
            bench.expect(try await bench.find(Specimen.person).entries.count, is: 0, "the old holder")
            bench.expect(try await bench.find(old.holders[1]).entries.count, is: 0, "the old second holder")
            bench.expect(try await bench.find(Specimen.company, Specimen.typeB).entries.count, is: 1, "the new holder")
            bench.expect(try await bench.find(Specimen.company, Specimen.typeA).entries.count, is: 0, "the old type")
            for (query, count) in [
                (CatalogueQuery.identifier("i1"), 0), (.identifier("i2"), 1),
                (.number(LicenceNumber("n1"), Specimen.typeA), 0), (.number(LicenceNumber("n2"), Specimen.typeB), 1),
                (.number(LicenceNumber("n2"), Specimen.typeA), 0),
            ] {
                let found = try await bench.catalogue.entries(matching: query, limit: 10)
                bench.expect(found.entries.count, is: count, "by number and identifier")
            }
            let all = Collector()
            try await bench.catalogue.visitAll { all.add($0) }
            bench.expect(all.entries.map(\.version), is: [2], "one row, the current one")
        },
        Case("limits out of range and unknown ids are told apart from nothing") { bench in
            await bench.expect(.misuse, "a limit of 0") { _ = try await bench.find(limit: 0) }
            await bench.expect(.misuse, "a limit of 1001") { _ = try await bench.find(limit: 1001) }
            guard let id = CatalogueID(rawValue: String(repeating: "0", count: 32)) else { return }
            bench.expect(try await bench.catalogue.entry(id) == nil, "no entry")
            bench.expect(try await bench.catalogue.versions(of: id, limit: 5).count, is: 0, "no versions")
        },
    ]
}
