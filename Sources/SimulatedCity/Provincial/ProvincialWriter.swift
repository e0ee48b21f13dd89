// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// Writes records in a family's names.
struct ProvincialWriter {
    let row: ProvincialRow
    let family: ProvincialFamily

    /// Every element, in order: name and value, nil when the record has none.
    private func members(_ record: CityRecord) -> [(String, String?)] {
        let (licence, names) = (record.licence, family.names)
        func day(_ day: CalendarDay?, spoiled: Bool = false) -> String? {
            CityDates.day(day, names.dateSeparator, spoiled: spoiled).map { $0 + names.dateEnd }
        }
        let until: String? =
            if case .openEnded = licence.validity.until { names.openEnd } else {
                record.until(names.dateSeparator, open: nil).map { $0 + names.dateEnd }
            }
        var members: [(String, String?)] = [
            (names.record, licence.key.parts[0]), (names.typeName, record.type.name),
            (names.typeCode, record.writtenType), (names.number, licence.number?.raw),
            (names.identifier, licence.identifier?.raw), (names.authority, licence.issuingAuthority?.name),
            (names.authorityCode, licence.issuingAuthority?.code),
            (names.issued, day(licence.issuedOn, spoiled: record.dateIsSpoiled)),
            (names.holder, record.joined(",") { $0.name }), (names.holderCode, record.joined(",") { $0.code }),
            (names.holderKind, record.joined(",") { family.kind($0.kind) }),
            (names.from, day(licence.validity.from)), (names.until, until), (names.status, record.statusWord),
            (names.updated, CityDates.moment(record.changedSeconds)),
        ]
        if let grade = names.grade { members.append((grade, licence.trustGrade?.rawValue)) }
        if let area = names.area { members.append((area, licence.issuingAuthority?.region)) }
        if let blank = names.blank {
            for place in members.indices where members[place].1 == nil { members[place].1 = blank }
        }
        return members
    }

    func list(_ records: [CityRecord], _ out: inout TextBuffer) {
        out.raw("[")
        for record in records {
            object(record, &out)
            out.raw(",")
        }
        out.close("]")
    }

    func object(_ record: CityRecord, _ out: inout TextBuffer) {
        out.raw("{")
        for (name, value) in members(record) { out.member(name, value) }
        out.raw("\"change_no\":\(record.sequence),")
        if let faces = family.names.faces { out.raw("\"\(faces)\":{") }
        for field in record.licence.faceFields { out.member(field.name, field.value) }
        if family.names.faces != nil { out.close("},") }
        out.close("}")
    }

    func element(_ record: CityRecord, _ out: inout TextBuffer) {
        out.raw("<ROW>")
        for (name, value) in members(record) { out.element(name, value) }
        for field in record.licence.faceFields { out.element(field.name, field.value) }
        out.raw("</ROW>")
    }
}
