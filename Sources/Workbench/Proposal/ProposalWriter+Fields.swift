// SPDX-License-Identifier: Apache-2.0
internal import DeclarativeAdapter
internal import LicenceModel

extension ProposalWriter {
    /// The dialect that names most of the record's fields, and how the source spells it.
    struct ChosenDialect {
        var outline: DialectOutline
        var spelling: String
        var prefix: String?
        /// Roles whose field stands where the dialect says.
        var covers: Set<Role>
    }

    private func dialect() -> ChosenDialect? {
        var best: ChosenDialect?
        for outline in names.dialects {
            for spelling in ["as_is", "upper", "lower"] {
                let prefix = roles.values.compactMap { prefixOf($0.profile.path.last) }.first
                var covers: Set<Role> = []
                for field in outline.fields {
                    guard let role = Role(rawValue: field.name), let found = roles[role],
                        found.profile.path.steps.count == 1
                    else { continue }
                    let spelled = field.sourceNames.map {
                        spelling == "upper" ? $0.uppercased() : spelling == "lower" ? $0.lowercased() : $0
                    }
                    if spelled.contains(where: { prefixed($0, prefix) == found.profile.path.last }) {
                        covers.insert(role)
                    }
                }
                if covers.count >= 3, covers.count > best?.covers.count ?? 0 {
                    best = ChosenDialect(outline: outline, spelling: spelling, prefix: prefix, covers: covers)
                }
            }
        }
        return best
    }

    private func prefixed(_ name: String, _ prefix: String?) -> String { prefix.map { "\($0):\(name)" } ?? name }

    private func prefixOf(_ name: String) -> String? {
        let parts = name.split(separator: ":")
        return sample.format == .xml && parts.count == 2 ? String(parts[0]) : nil
    }

    mutating func writeFields() {
        draft.line("fields:", indent: 4)
        let chosen = dialect()
        if let chosen {
            draft.because(
                "dialect", chosen.outline.name,
                Finding(evidence: "\(chosen.covers.count) of the record's names are its names", doubt: nil), indent: 6)
            draft.line("dialect: \(chosen.outline.name)", indent: 6)
            if chosen.spelling != "as_is" { draft.line("dialect_case: \(chosen.spelling)", indent: 6) }
            if let prefix = chosen.prefix { draft.line("dialect_prefix: \(prefix)", indent: 6) }
        }
        for role in Role.allCases where role != .licenceType && role != .status {
            guard let found = roles[role] else { continue }
            writeField(role, found, chosen)
        }
        if [Role.identifier, .number, .holderCode].allSatisfy({ roles[$0] == nil }) { writeMissingIdentity() }
        if roles[.holderCode] != nil, roles[.holderKind] == nil { writeMissingKind() }
        writeStatusField()
        writeFace()
    }

    private mutating func writeField(_ role: Role, _ found: FieldFinding, _ chosen: ChosenDialect?) {
        let profile = found.profile
        let covered = chosen?.covers.contains(role) == true
        let inherited = chosen?.outline.fields.first { $0.name == role.rawValue }
        var parts: [String] = covered ? [] : ["from: \(YAMLText.scalar(inside(profile.path)))"]
        var finding = found.finding
        if covered, role != .holderCode, finding.doubt?.hasPrefix("no value") == true { finding.doubt = nil }
        switch role {
        case .issuedOn, .validFrom, .validUntil: dateParts(role, profile, covered ? inherited : nil, &parts, &finding)
        case .holderCode, .holderName, .authorityName, .authorityCode: splitPart(role, profile, &parts, &finding)
        case .holderKind: kindParts(profile, &parts, &finding)
        default: break
        }
        let value = inside(profile.path)
        if parts.isEmpty, finding.doubt == nil {
            draft.because(role.rawValue, value, finding, indent: 6, comment: false)
            return
        }
        if finding.doubt != nil {
            if parts.isEmpty { parts = ["from: \(YAMLText.scalar(value))"] }
            parts.append("confirm: true")
        }
        draft.because(role.rawValue, value, finding, indent: 6)
        draft.line("\(role.rawValue): { \(parts.joined(separator: ", ")) }", indent: 6)
    }

    private func dateParts(
        _ role: Role, _ profile: FieldProfile, _ inherited: DialectOutline.Field?, _ parts: inout [String],
        _ finding: inout Finding
    ) {
        let formats = profile.dates?.formats ?? []
        let usual = ["yyyy-MM-dd", "yyyyMMdd", "yyyy-MM-dd HH:mm:ss"]
        if let inherited {
            let extra = formats.filter { !inherited.dates.contains($0) }
            if !extra.isEmpty {
                parts.append("date: \(YAMLText.list(extra + inherited.dates.prefix(8 - extra.count)))")
            }
            if formats.isEmpty, finding.doubt == nil || profile.filled.isEmpty {
                finding.doubt =
                    finding.doubt == nil ? nil : "every value in the sample is empty; the dialect's formats are taken"
            }
        } else {
            parts.append(
                "date: \(formats.count == 1 ? YAMLText.scalar(formats[0]) : YAMLText.list(formats.isEmpty ? usual : formats))"
            )
        }
        let sentinels = profile.dates?.sentinels ?? profile.filled.filter { DateFinding.openWords.contains($0) }
        let nothing = Array(
            Set(sentinels.filter { !DateFinding.openWords.contains($0) && inherited?.emptyValues.contains($0) != true })
        ).sorted()
        if !nothing.isEmpty {
            parts.append(
                "empty_values: [\((nothing + (inherited?.emptyValues ?? [])).map(YAMLText.quoted).joined(separator: ", "))]"
            )
            finding.doubt = finding.doubt ?? "whether these values stand for nothing"
        }
        guard role == .validUntil else { return }
        let open = Array(Set(sentinels.filter { DateFinding.openWords.contains($0) } + (profile.dates?.far ?? [])))
            .sorted()
        if open.contains(where: { inherited?.openEnded.contains($0) != true }) {
            let all = Array(Set(open + (inherited?.openEnded ?? []))).sorted()
            parts.append("open_ended: [\(all.map(YAMLText.quoted).joined(separator: ", "))]")
            finding.evidence += ", and a word or a far date among them"
            finding.doubt = finding.doubt ?? "whether that means \"no end\""
        }
        if profile.missing > 0 {
            parts.append("empty: open_ended")
            finding.evidence += ", empty in \(profile.missing) of \(profile.values.count) records"
            finding.doubt = "what an empty end means: no end, or not known (`absent`)"
        }
    }

    private func splitPart(_ role: Role, _ profile: FieldProfile, _ parts: inout [String], _ finding: inout Finding) {
        guard let codes = roles[.holderCode]?.profile, let mark = codes.separator else { return }
        if role == .holderCode {
            parts.append("split: \(YAMLText.quoted(String(mark)))")
            finding.evidence += ", each part by itself where `\(mark)` stands between"
        } else if role == .holderName {
            let even = zip(codes.values, profile.values).allSatisfy { code, name in
                guard let code, let name, code.contains(mark) else { return true }
                return code.split(separator: mark).count == name.split(separator: mark).count
            }
            guard even else { return }
            parts.append("split: \(YAMLText.quoted(String(mark)))")
            finding.evidence += ", as many parts as the codes have"
        }
    }

    /// Which kind each of their words is: by the word itself, or by the check digits of the codes beside it.
    private func kindParts(_ profile: FieldProfile, _ parts: inout [String], _ finding: inout Finding) {
        let mark = profile.kindSeparator
        if let mark { parts.append("split: \(YAMLText.quoted(String(mark)))") }
        if mark != nil, roles[.holderCode]?.profile.separator == nil {
            finding.doubt = "kinds stand several in one text, and the codes beside them do not"
        }
        let seen = Array(Set(profile.parts(mark))).sorted().prefix(24)
        var pairs: [(String, String)] = []
        var proven = 0
        for word in seen {
            if let kind = HolderWords.kind(word) {
                pairs.append((word, kind))
                if agrees(word, kind, profile, mark) { proven += 1 }
            } else if let kind = byCodes(word, profile, mark) {
                pairs.append((word, kind))
                finding.doubt = "what their kinds mean; these are judged by the check digits of the codes beside them"
            }
        }
        if pairs.isEmpty {
            // A document names no values: then the standard's own.
            pairs = seen.isEmpty ? [("001", "001"), ("111", "111")] : seen.map { ($0, "999") }
            finding.doubt = "what their kinds mean"
        }
        let usual = Set(pairs.map(\.0)).isSubset(of: ["001", "111", "414"])
        if usual { pairs = ["001", "111", "414"].map { ($0, $0) } }
        finding.evidence += ", \(pairs.count) kinds, \(proven) of them agree with the check digits of the codes"
        parts.append(
            "map: { \(pairs.map { "\(YAMLText.quoted($0.0)): \(YAMLText.quoted($0.1))" }.joined(separator: ", ")) }, otherwise: reject"
        )
        if finding.doubt == nil, proven == 0 {
            finding.doubt = "no code beside them passes a check that would prove it"
        }
    }

    private func codes(of word: String, _ profile: FieldProfile, _ mark: Character?) -> [FieldProfile.CodeProof] {
        guard let codes = roles[.holderCode]?.profile else { return [] }
        var out: [FieldProfile.CodeProof] = []
        for (code, kind) in zip(codes.values, profile.values) {
            guard let code, let kind, !code.isEmpty else { continue }
            let codeParts = codes.separator.map { code.split(separator: $0).map(String.init) } ?? [code]
            let kindParts = mark.map { kind.split(separator: $0).map(String.init) } ?? [kind]
            for (index, part) in codeParts.enumerated()
            where (kindParts.count == 1 ? kindParts[0] : index < kindParts.count ? kindParts[index] : "") == word {
                out.append(FieldProfile.proof(part))
            }
        }
        return out
    }

    private func agrees(_ word: String, _ kind: String, _ profile: FieldProfile, _ mark: Character?) -> Bool {
        let proofs = codes(of: word, profile, mark)
        return !proofs.isEmpty
            && (kind == "111"
                ? proofs.allSatisfy { $0 == .resident } : kind == "001" ? proofs.allSatisfy { $0 == .credit } : false)
    }

    private func byCodes(_ word: String, _ profile: FieldProfile, _ mark: Character?) -> String? {
        let proofs = codes(of: word, profile, mark)
        guard !proofs.isEmpty else { return nil }
        return proofs.allSatisfy { $0 == .resident } ? "111" : proofs.allSatisfy { $0 == .credit } ? "001" : nil
    }

    /// A licence is known by something: what tells the records apart stands in for it until a person says better.
    private mutating func writeMissingIdentity() {
        guard let key = identity.key.first ?? profiles.first else { return }
        let value = inside(key.path)
        draft.because(
            "number", value,
            Finding(
                evidence:
                    "no field looks like an identifier, a number or a holder's code; this one tells records apart",
                doubt: "which field a licence is known by, and whether these records are licences at all"), indent: 6)
        draft.line("number: { from: \(YAMLText.scalar(value)), confirm: true }", indent: 6)
    }

    private mutating func writeMissingKind() {
        let proofs = roles[.holderCode]?.profile.proofs ?? (resident: 0, credit: 0, all: 0)
        let kind =
            proofs.resident > 0 && proofs.credit == 0
            ? "111" : proofs.credit > 0 && proofs.resident == 0 ? "001" : "999"
        draft.because(
            "holder.code_kind", kind,
            Finding(
                evidence: kind == "999"
                    ? "no field says the kind, and the codes are of no one kind"
                    : "no field says the kind; all codes pass the check of \(kind)",
                doubt: "whether every code is of this kind: the shape of a code never proves it"), indent: 6)
        draft.line("holder.code_kind: { constant: \"\(kind)\", confirm: true }", indent: 6)
    }

    static let statusWords: [String: String] = [
        "有效": "valid", "正常": "valid", "现势": "valid", "ISSUED": "valid", "VALID": "valid", "valid": "valid",
        "active": "valid", "ACTIVE": "valid",
        "过期": "expired", "到期": "expired", "已过期": "expired", "失效": "expired", "EXPIRED": "expired", "expired": "expired",
        "注销": "cancelled", "已注销": "cancelled", "作废": "revoked", "ABOLISHED": "cancelled", "cancelled": "cancelled",
        "撤销": "revoked", "已撤销": "revoked", "REVOKED": "withdrawn", "吊销": "withdrawn", "已吊销": "withdrawn",
        "暂扣": "suspended", "SUSPENDED": "suspended", "换发": "superseded", "已换发": "superseded", "REPLACED": "superseded",
        "转出": "transferred", "受限": "restricted",
    ]

    private mutating func writeStatusField() {
        guard let found = roles[.status] else {
            draft.because(
                "status", "unknown",
                Finding(
                    evidence: "no field of the record looks like one",
                    doubt: "how a record says that it is not in force; until then every answer is \"cannot tell\""),
                indent: 6)
            draft.line("status: { constant: unknown, confirm: true }", indent: 6)
            return
        }
        let values = found.profile.filled.isEmpty ? ["1"] : found.profile.filled
        let seen = Array(Set(values)).sorted().prefix(24)
        let pairs = seen.map { "\(YAMLText.quoted($0)): \(ProposalWriter.statusWords[$0] ?? "unknown")" }
        let known = seen.count { ProposalWriter.statusWords[$0] != nil }
        draft.because(
            "status field", inside(found.profile.path),
            Finding(
                evidence:
                    "\(found.finding.evidence), \(seen.count) different values, \(known) of them words that say it",
                doubt: "what each value means, and which others there are"), indent: 6)
        draft.line(
            "status: { from: \(YAMLText.scalar(inside(found.profile.path))), map: { \(pairs.joined(separator: ", ")) }, otherwise: reject, confirm: true }",
            indent: 6)
    }

    private mutating func writeFace() {
        let inner = Array(
            Set(profiles.filter { $0.path.steps.count == 2 }.map { SamplePath(steps: [$0.path.steps[0]]) }))
        let known = inner.sorted { $0.last < $1.last }.prefix(8).map { inside($0) }
        draft.line("# Further fields: kept as they are. Drop those nobody may see.", indent: 4)
        draft.line(
            "face_fields: { keep: rest\(known.isEmpty ? "" : ", inside: \(YAMLText.list(Array(known)))") }", indent: 4)
    }
}
