// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Cryptography
import Diagnostics
import LicenceModel

/// A record for a screen: masked unless a person asked to see it whole.
struct EntryView {
    let entry: CatalogueEntry
    let reveal: Bool

    private func code(_ holder: Holder) -> String { reveal ? holder.code : Masking.code(holder.code) }
    private func name(_ text: String?) -> String? { text.map { reveal ? $0 : Masking.name($0) } }

    var lines: [String] {
        let licence = entry.licence
        var table = Table(["field", "value"])
        table.add(["catalogue id", entry.id.rawValue])
        table.add(["source", licence.interface.description + (licence.provenance.simulated ? " (simulated)" : "")])
        table.add(["type", licence.typeCode.rawValue])
        if let identifier = licence.identifier {
            table.add([
                "identifier",
                "\(reveal ? identifier.raw : Masking.code(identifier.raw)) (\(identifier.conformance.rawValue))",
            ])
        }
        if let number = licence.number { table.add(["number", reveal ? number.raw : Masking.code(number.raw)]) }
        for holder in licence.holders {
            table.add(["holder", "\(holder.kind):\(code(holder)) \(name(holder.name) ?? "")"])
        }
        if let authority = licence.issuingAuthority {
            table.add(["issued by", authority.name ?? authority.code ?? "-"])
        }
        if let day = licence.issuedOn { table.add(["issued on", day.description]) }
        table.add(["valid", "\(licence.validity.from?.description ?? "?") to \(licence.validity.until.words)"])
        table.add(["status", licence.status.rawValue])
        if let grade = licence.trustGrade { table.add(["trust grade", grade.rawValue]) }
        for field in licence.faceFields { table.add([field.name, reveal ? field.value : Masking.name(field.value)]) }
        table.add(["fetched", licence.provenance.fetchedAt.iso8601])
        table.add(["version", "\(entry.version), mapping \(licence.provenance.mappingRevision)"])
        if let gone = entry.withdrawal { table.add(["withdrawn", "\(gone.at.iso8601), by \(gone.evidence.rawValue)"]) }
        if entry.newerVersionUnreadable { table.add(["in doubt", "a newer version lies in quarantine"]) }
        return table.lines
    }

    var json: JSONValue {
        let licence = entry.licence
        return [
            "catalogue_id": .text(entry.id.rawValue), "interface": .text(licence.interface.description),
            "type_code": .text(licence.typeCode.rawValue), "status": .text(licence.status.rawValue),
            "valid_from": .optional(licence.validity.from?.description),
            "valid_until": .text(licence.validity.until.words),
            "issued_on": .optional(licence.issuedOn?.description),
            "identifier": .optional(licence.identifier.map { reveal ? $0.raw : Masking.code($0.raw) }),
            "number": .optional(licence.number.map { reveal ? $0.raw : Masking.code($0.raw) }),
            "holders": .list(
                licence.holders.map {
                    ["kind": .text($0.kind.rawValue), "code": .text(code($0)), "name": .optional(name($0.name))]
                }),
            "masked": .bool(!reveal), "version": .number(entry.version),
            "fetched_at": .text(licence.provenance.fetchedAt.iso8601),
            "simulated": .bool(licence.provenance.simulated),
            "withdrawn": .bool(entry.withdrawal != nil),
            "newer_version_unreadable": .bool(entry.newerVersionUnreadable),
        ]
    }
}

/// A record's key without its content: what ledgers are compared by.
enum KeyDigest {
    static func of(_ key: SourceRecordKey) -> String {
        String(SHA256.digest(key.source.rawValue + "\u{1F}" + key.joined).description.prefix(32))
    }
}

extension Validity.End {
    /// For people: the day, `open-ended`, or `not stated`.
    var words: String {
        switch self {
        case .absent: "not stated"
        case .openEnded: "open-ended"
        case .day(let day): day.description
        }
    }
}
