// SPDX-License-Identifier: Apache-2.0
import LicenceModel
import Synchronization

extension SourceBook {
    /// The records of a holder, of one type or of all.
    func find(kind: String, code: String, type: String?) -> [CityRecord] {
        let asked = HolderReference(kind: HolderCodeKind(rawValue: kind), code: code)
        guard let place = generator.people.place(of: code, kind: asked.kind) else { return [] }
        let generation = generation
        return generator.candidates(forHolderAt: place, register: profile.register).filter { $0 < count && $0 >= 0 }
            .map { record(index: $0, generation: generation) }
            .filter { record in
                record.spoiling == nil && record.licence.holders.contains { $0.reference == asked }
                    && (type.map { $0.isEmpty || $0 == record.licence.typeCode.rawValue } ?? true)
            }
    }

    /// The records of a licence number and a type.
    func find(number: String, type: String?) -> [CityRecord] {
        find(indexIn: number).filter { record in
            record.licence.number?.canonical == CanonicalCode.of(number)
                && (type.map { $0.isEmpty || $0 == record.licence.typeCode.rawValue } ?? true)
        }
    }

    /// The records of an identifier.
    func find(identifier: String) -> [CityRecord] {
        let asked = LicenceIdentifier(identifier).canonical
        return find(indexIn: asked).filter { $0.licence.identifier?.canonical == asked }
    }

    private func find(indexIn text: String) -> [CityRecord] {
        guard let index = CityGenerator.index(in: CanonicalCode.of(text)), index < count else { return [] }
        let record = record(index: index, generation: generation)
        return record.spoiling == nil ? [record] : []
    }

    /// What a right reader must have now.
    func ledger() -> CityLedger {
        let generation = generation
        var entries: [CityLedger.Entry] = []
        var spoiled: [SourceRecordKey] = []
        entries.reserveCapacity(count)
        for position in 0..<count {
            let record = record(at: position, generation: generation)
            if record.spoiling == nil {
                entries.append(CityLedger.Entry(key: record.licence.key, digest: record.licence.contentDigest))
            } else {
                spoiled.append(record.licence.key)
            }
        }
        return CityLedger(entries: entries, spoiled: spoiled)
    }

    /// Holders whose answers are known, one of each expectation at most; looked for once, no generation changes them.
    func golden() -> [GoldenHolder] {
        if let known = knownGolden.withLock({ $0 }) { return known }
        let golden = lookForGolden()
        knownGolden.withLock { $0 = golden }
        return golden
    }

    private func lookForGolden() -> [GoldenHolder] {
        var found: [String: GoldenHolder] = [:]
        let (generation, wanted) = (generation, profile.goldenAnswers)
        for index in 0..<min(count, 4_000)
        where found.count < wanted.count && index % (profile.register ? 2 : 5) < 4 {
            let first = record(index: index, generation: generation)
            guard let holder = first.licence.holders.first, first.spoiling == nil, holder.kind == profile.goldenKind,
                let expectation = Self.expectation(first.licence), wanted.contains(expectation),
                found[expectation] == nil, !profile.register || index % 2 == 0, asksForOne(first.licence, holder)
            else { continue }
            found[expectation] = golden(expectation, holder, first.licence)
        }
        found["absent"] = absent()
        return ["valid", "expired", "revoked", "absent"].compactMap { found[$0] }
    }

    /// True when the golden question about this licence brings it and no other.
    private func asksForOne(_ licence: Licence, _ holder: Holder) -> Bool {
        switch profile.goldenAsk {
        case .holder:
            let type = profile.register ? licence.typeCode.rawValue : nil
            return find(kind: holder.kind.rawValue, code: holder.code, type: type).count == 1
        case .number: return licence.number.map { find(number: $0.raw, type: nil).count == 1 } ?? false
        case .identifier:
            guard let identifier = licence.identifier, identifier.conformance == .conforming else { return false }
            return find(identifier: identifier.raw).count == 1
        }
    }

    /// A code, number or identifier that nobody here has.
    private func absent() -> GoldenHolder? {
        guard let type = profile.types.first, profile.number < 1000 || !profile.goldenAnswers.isEmpty else {
            return nil
        }
        let place = 9_000_000 + profile.number
        let isFirm = profile.goldenKind == .unifiedSocialCreditCode
        let code = isFirm ? generator.people.creditCode(place) : generator.people.residentNumber(place)
        let holder = Holder(kind: profile.goldenKind, code: code)
        var dice = Dice(0)
        let asked =
            switch profile.goldenAsk {
            case .holder: code
            case .number: profile.form.number(999_999_999, 2026, &dice)
            case .identifier: CityGenerator.identifier(999_999_999, type, "430100")
            }
        return GoldenHolder(
            expectation: "absent", holder: holder, typeCode: type.code, number: nil, identifier: nil,
            secretName: secretName("golden_absent"), asked: asked)
    }

    /// The first holder with one valid licence of a register's second type, for the second interface's golden question.
    func secondGolden() -> GoldenHolder? {
        guard profile.register, profile.types.count > 1 else { return nil }
        for index in stride(from: 1, to: min(count, 400), by: 2) {
            let licence = record(index: index, generation: 0).licence
            guard let holder = licence.holders.first, holder.kind == .residentIdentityNumber,
                Self.expectation(licence) == "valid",
                find(kind: "111", code: holder.code, type: licence.typeCode.rawValue).count == 1
            else { continue }
            return GoldenHolder(
                expectation: "valid", holder: holder, typeCode: licence.typeCode, number: licence.number,
                identifier: licence.identifier, secretName: secretName("golden_second_valid"), asked: holder.code)
        }
        return nil
    }

    private func golden(_ expectation: String, _ holder: Holder, _ licence: Licence) -> GoldenHolder {
        let asked =
            switch profile.goldenAsk {
            case .holder: holder.code
            case .number: licence.number?.raw ?? ""
            case .identifier: licence.identifier?.raw ?? ""
            }
        return GoldenHolder(
            expectation: expectation, holder: holder, typeCode: licence.typeCode, number: licence.number,
            identifier: licence.identifier, secretName: secretName("golden_" + expectation), asked: asked)
    }

    /// The secret's name for a golden holder, or for what the source lets in by.
    func secretName(_ what: String) -> String {
        let source = profile.id.rawValue.split(separator: "-").joined(separator: "_")
        // A row's questions are named after its cell in the table: PI-001.
        return source + (profile.number > 1000 ? "_" + profile.interface.uppercased() : "") + "_" + what
    }

    private static func expectation(_ licence: Licence) -> String? {
        switch (licence.status, licence.validity.until) {
        // Valid for years to come, so that a golden question stays true.
        case (.valid, .openEnded): "valid"
        case (.valid, .day(let day)) where day.number > CityGenerator.today.number + 1500: "valid"
        case (.expired, .day), (.valid, .day):
            licence.validity.position(of: CityGenerator.today) == .inside ? nil : "expired"
        case (.revoked, _), (.cancelled, _), (.withdrawn, _): "revoked"
        default: nil
        }
    }
}
