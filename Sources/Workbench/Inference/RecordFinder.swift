// SPDX-License-Identifier: Apache-2.0
internal import LicenceModel

/// A conclusion from the sample, with what speaks for it and what the sample cannot prove.
struct Finding: Sendable {
    var evidence: String
    /// Why a person has to look; nil when the sample proves it.
    var doubt: String?
    /// Other conclusions that the sample allows as well.
    var others: [String] = []
}

/// A field's rule as it will be written.
struct FieldFinding: Sendable {
    var profile: FieldProfile
    var finding: Finding
    var byName: Double
}

/// What makes records the same, newer, and worth taking up from.
struct IdentityFinding: Sendable {
    var key: [FieldProfile]
    var keyFinding: Finding
    var cursor: FieldProfile?
    var cursorFinding: Finding?
    var cursorIsTime = false
    var gone: FieldProfile?
    /// False when the request that brought the sample asks for everything.
    var asked = true
}

/// Reads roles, key and cursor out of the profiles of a sample's records.
struct RecordFinder {
    let names: NameBook
    let profiles: [FieldProfile]
    let registered: Set<LicenceTypeCode>
    /// True when the request asks for changes from a number on.
    var asksByNumber = false

    /// True when it asks for changes from a time on.
    var asksByTime = false

    /// True when there are names and no values: a document's schema.
    var isDocument = false

    /// The best field for each role.
    func roles() -> [Role: FieldFinding] {
        var pairs: [(role: Role, profile: FieldProfile, name: Double, score: Double)] = []
        for role in Role.allCases {
            for profile in profiles {
                let name = names.score(profile.path.last, role)
                let value = proof(profile, role)
                let depth = Double(profile.path.steps.count - 1) * 2
                guard let value = value ?? (isDocument && profile.filled.isEmpty && name >= 7 ? 0 : nil),
                    name + value > 5
                else { continue }
                pairs.append((role, profile, name, name + value - depth))
            }
        }
        pairs.sort { ($0.score, -$0.profile.position) > ($1.score, -$1.profile.position) }
        var out: [Role: FieldFinding] = [:]
        var taken: Set<SamplePath> = []
        for pair in pairs where out[pair.role] == nil && !taken.contains(pair.profile.path) {
            taken.insert(pair.profile.path)
            out[pair.role] = FieldFinding(
                profile: pair.profile, finding: finding(pair.profile, pair.role, pair.name), byName: pair.name)
        }
        return out
    }

    /// What the values say for a role; nil when they speak against it.
    private func proof(_ profile: FieldProfile, _ role: Role) -> Double? {
        let empty = profile.filled.isEmpty
        switch role {
        case .issuedOn, .validFrom, .validUntil:
            if empty { return profile.kinds == [.object] ? nil : 0 }
            if role == .validUntil, profile.filled.allSatisfy({ DateFinding.openWords.contains($0) }) { return 1 }
            return profile.dates == nil ? nil : 3
        case .holderCode:
            if empty { return nil }
            let proofs = profile.proofs
            let passed = proofs.resident + proofs.credit
            if passed > 0, passed * 10 >= proofs.all * 8 { return 6 }
            if profile.dates?.hasTime == true || profile.kinds.contains(.flag) { return nil }
            return profile.maxLength <= 64 && passed == 0 ? 0 : 1
        case .holderKind:
            if empty { return nil }
            let known = profile.parts(profile.kindSeparator).filter { HolderWords.kind($0) != nil }
            if known.count == profile.parts(profile.kindSeparator).count { return 5 }
            return profile.isShortCode ? 0 : nil
        case .identifier:
            if empty { return 0 }
            return profile.identifiers > 0 ? 6 : 0
        case .licenceType:
            if empty { return nil }
            let codes = profile.filled.filter { registered.contains(LicenceTypeCode($0)) }
            return codes.isEmpty ? -1 : 6
        case .trustGrade: return !empty && profile.filled.allSatisfy { ["A", "B", "C", "D"].contains($0) } ? 2 : nil
        case .status: return profile.isShortCode && profile.dates == nil ? 2 : empty ? nil : -6
        case .authorityRegion: return profile.isDigits && [6, 12].contains(profile.maxLength) ? 2 : nil
        case .authorityCode:
            if empty { return 0 }
            return profile.proofs.credit > 0 || (profile.isDigits && profile.maxLength == 6) ? 3 : 0
        case .number, .holderName, .authorityName:
            return profile.kinds.contains(.flag) || profile.identifiers > 0 || profile.dates?.hasTime == true
                ? nil : empty ? -1 : 1
        }
    }

    private func finding(_ profile: FieldProfile, _ role: Role, _ name: Double) -> Finding {
        var evidence =
            name >= 10
            ? "the name is a dialect's"
            : name >= 7
                ? "the name is a usual one" : name > 0 ? "the name resembles a usual one" : "by its values alone"
        var doubt: String? =
            name >= 10
            ? nil
            : name >= 7
                ? "the name is usual, and no proof of what this source means by it" : "the name alone does not say it"
        let proofs = profile.proofs
        switch role {
        case .holderCode:
            if proofs.resident > 0 {
                evidence += ", \(proofs.resident) of \(proofs.all) values pass the GB 11643 check digit"
            }
            if proofs.credit > 0 { evidence += ", \(proofs.credit) of \(proofs.all) pass the GB 32100 check" }
            if proofs.resident + proofs.credit == 0 { doubt = "no value passes a check digit" }
        case .identifier:
            evidence +=
                ", \(profile.identifiers) of \(profile.filled.count) begin with the root 1.2.156.3005.2 and have six parts"
            if profile.identifiers == 0, doubt == nil { doubt = "no value has the standard's form" }
        case .issuedOn, .validFrom, .validUntil:
            if let dates = profile.dates {
                evidence +=
                    ", \(profile.filled.count - dates.sentinels.count) values are written \(dates.formats.map { "`\($0)`" }.joined(separator: ", "))"
            }
            if profile.filled.isEmpty {
                doubt = "every value in the sample is empty, so its format is not known"
            } else if !dateIsProven(profile) {
                doubt = "the values could be written day first or month first"
            }
        default: break
        }
        if isDocument { doubt = doubt ?? "the document says so; no answer was seen" }
        return Finding(evidence: evidence, doubt: doubt)
    }

    private func dateIsProven(_ profile: FieldProfile) -> Bool {
        guard let formats = profile.dates?.formats else { return true }
        guard formats.contains("dd/MM/yyyy") || formats.contains("MM/dd/yyyy") else { return true }
        return profile.filled.contains { (Int($0.prefix(2)) ?? 0) > 12 || (Int($0.dropFirst(3).prefix(2)) ?? 0) > 12 }
    }

    // MARK: - Key and cursor

    func identity(_ roles: [Role: FieldFinding]) -> IdentityFinding {
        let roleOf = Dictionary(roles.map { ($0.value.profile.path, $0.key) }) { a, _ in a }
        let cursor = cursorField(roleOf)
        let key = keyFields(roleOf, cursor: cursor?.0)
        let gone = profiles.first { NameBook.gone.contains($0.plain) && $0.isShortCode }
        return IdentityFinding(
            key: key.0, keyFinding: key.1, cursor: cursor?.0, cursorFinding: cursor?.1,
            cursorIsTime: cursor?.2 ?? false,
            gone: gone)
    }

    private func cursorField(_ roleOf: [SamplePath: Role]) -> (FieldProfile, Finding, Bool)? {
        var best: (FieldProfile, Double, Bool)?
        var candidates: [(FieldProfile, isTime: Bool)] = []
        for profile in profiles where (profile.isComplete || isDocument) && roleOf[profile.path] == nil {
            var score = -Double(profile.path.steps.count - 1) * 3
            let isTime =
                profile.dates != nil
                && (!profile.isInteger || profile.dates?.formats.first?.hasPrefix("epoch") == true
                    || NameBook.updated.contains(profile.plain))
            if isTime {
                if NameBook.updated.contains(profile.plain) {
                    score += 7
                } else if ["update", "modif", "change", "gxsj", "xgsj"].contains(where: { profile.plain.contains($0) })
                {
                    score += 5
                }
                // A time is what most interfaces ask by, unless the request shows a number.
                if profile.dates?.hasTime == true { score += 3 }
                if asksByNumber { score -= 5 }
            } else if isDocument, profile.filled.isEmpty, NameBook.updated.contains(profile.plain) {
                score += 7
                best = score > best?.1 ?? 0 ? (profile, score, true) : best
                continue
            } else if profile.isInteger {
                if NameBook.sequence.contains(profile.plain) {
                    score += 7
                } else if ["seq", "xuhao"].contains(where: { profile.plain.contains($0) }) {
                    score += 4
                }
                if profile.isAscending, profile.isUnique { score += 1.5 }
            } else {
                continue
            }
            if score >= 4 || NameBook.sequence.contains(profile.plain) && profile.isAscending {
                candidates.append((profile, isTime))
            }
            if score >= 4, score > best?.1 ?? 0 { best = (profile, score, isTime) }
        }
        guard let best else { return nil }
        // A time and a number of a change side by side: the answer does not say which of them is asked by.
        let others = asksByNumber || asksByTime ? [] : candidates.filter { $0.isTime != best.2 }.map(\.0.path.last)
        let what = best.2 ? "a time with a name for changes" : "a whole number with a name for changes"
        return (
            best.0,
            Finding(
                evidence: what + (best.0.isAscending && !best.2 ? ", ascending through the sample" : ""),
                doubt: "a sample cannot show that it grows with every change, nor how it is asked for"
                    + (others.first.map { "; `\($0)` could be what changes are asked by as well" } ?? ""),
                others: others), best.2
        )
    }

    private func keyFields(_ roleOf: [SamplePath: Role], cursor: FieldProfile?) -> ([FieldProfile], Finding) {
        let usable = profiles.filter { profile in
            (profile.isComplete || isDocument) && profile.path != cursor?.path && !profile.looksLikeDigest
                && profile.maxLength <= 128
                && profile.path.steps.count <= 2
        }
        func merit(_ profile: FieldProfile) -> Double {
            var score = -Double(profile.path.steps.count - 1) * 4 - Double(profile.position) * 0.02
            if NameBook.keys.contains(profile.plain) {
                score += 8
            } else if NameBook.caseNumbers.contains(profile.plain) {
                score += 6
            } else if roleOf[profile.path] == .identifier || roleOf[profile.path] == .number {
                score += 0
            } else if profile.plain.hasSuffix("id") || profile.plain.hasSuffix("recordno") {
                score += 4
            } else if profile.plain.hasSuffix("no") || profile.plain.hasSuffix("key") {
                score += 2
            }
            switch roleOf[profile.path] {
            case .identifier?: score += 2.5
            case .number?: score += 2
            case .licenceType?, .status?, .holderKind?, .trustGrade?, .authorityCode?, .authorityName?, .holderName?,
                .authorityRegion?, .issuedOn?, .validFrom?, .validUntil?:
                score -= 8
            case .holderCode?: if !NameBook.keys.contains(profile.plain) { score -= 6 }
            case nil: break
            }
            if profile.dates != nil, !profile.isDigits, profile.plain != "date" { score -= 6 }
            if profile.kinds.contains(.flag) { score -= 8 }
            if profile.distinct == 1, profile.values.count > 2 { score -= 6 }
            return score
        }
        let ranked = usable.sorted { (merit($0), -$0.position) > (merit($1), -$1.position) }
        guard let first = ranked.first else {
            return (
                [],
                Finding(evidence: "no field is there in every record", doubt: "no field could tell the records apart")
            )
        }
        // A case number with a number within the case go together, whatever this sample shows.
        if NameBook.caseNumbers.contains(first.plain),
            let within = usable.first(where: { NameBook.within.contains($0.plain) })
        {
            return (
                [first, within], Finding(evidence: "a number of a case and a number within it", doubt: nil).unproven
            )
        }
        if isDocument {
            return (
                [first],
                Finding(evidence: "the name is the likeliest; the document gives no values", doubt: nil).unproven
            )
        }
        if first.isUnique, merit(first) >= 2 || profiles.count < 4 {
            return (
                [first],
                Finding(evidence: "\(first.values.count) different values in \(first.values.count) records", doubt: nil)
                    .unproven
            )
        }
        if let composite = composite(first, usable, roleOf) {
            return (
                composite,
                Finding(evidence: "no single field is different in every record, these together are", doubt: nil)
                    .unproven
            )
        }
        let unique = ranked.first { $0.isUnique } ?? first
        return (
            [unique],
            Finding(
                evidence: unique.isUnique
                    ? "different in every record of the sample" : "the best name, and yet the same in several records",
                doubt: nil
            ).unproven
        )
    }

    private func composite(_ first: FieldProfile, _ usable: [FieldProfile], _ roleOf: [SamplePath: Role])
        -> [FieldProfile]?
    {
        let parts = usable.filter { profile in
            guard profile.path != first.path, roleOf[profile.path] == nil, profile.dates == nil || profile.isDigits
            else { return false }
            return profile.plain.hasSuffix("id")
                || ["typ", "type", "kind", "lx", "xh", "no", "version"].contains(profile.plain)
                || NameBook.within.contains(profile.plain)
        }
        guard !parts.isEmpty else { return nil }
        let all = [first] + parts.prefix(4)
        let rows = (0..<first.values.count).map { row in all.map { $0.values[row] ?? "" } }
        return Set(rows).count == rows.count ? all : nil
    }
}

extension Finding {
    /// A key is never proven by a sample.
    fileprivate var unproven: Finding {
        Finding(
            evidence: evidence,
            doubt: "different here is not different everywhere, and the same record must keep it when it changes")
    }
}

extension FieldProfile {
    /// The separator of kinds that stand in one text.
    var kindSeparator: Character? {
        [",", ";", "，", "、", "|", "/", "^"].first { mark in filled.contains { $0.contains(mark) } }
    }
}

/// Kinds of holder codes as sources write them.
enum HolderWords {
    static let words: [String: String] = [
        "统一社会信用代码": "001", "社会信用代码": "001", "营业执照": "001", "公民身份号码": "111", "居民身份证": "111", "身份证": "111", "身份证号": "111",
        "居民身份证号码": "111", "普通护照号": "414",
        "护照": "400", "护照号": "400", "港澳居民来往内地通行证": "516", "港澳居民来往内地通行证号码": "516", "台湾居民来往大陆通行证": "511",
        "台湾居民来往大陆通行证号码": "511", "外国人永久居留身份证": "553",
        "其他法人或其他组织有效证件代码": "099", "其他自然人有效证件代码": "999",
    ]

    static func kind(_ text: String) -> String? {
        let kind = HolderCodeKind(rawValue: text)
        return kind.isKnown ? text : words[text]
    }
}
