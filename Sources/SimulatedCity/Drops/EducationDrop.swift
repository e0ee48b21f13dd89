// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Foundation
import LicenceModel

/// `cs-education`: a CSV file of everything and a ready file beside it with its row count and digest.
struct EducationDrop: SourceDrop {
    static let profile = SourceProfile(
        id: SourceID("cs-education"), number: 5, interface: "certificates", types: CityType.education,
        words: [(.valid, "正常"), (.cancelled, "注销"), (.expired, "过期")], strangeWord: "封存",
        form: RecordForm(
            key: { ["JY" + padded($0, 9)] }, number: { index, year, _ in "\(year)43010\(padded(index, 9))" },
            authority: { "长沙市\(CityPlaces.districts[$0])教育局" },
            faceFields: { dice in
                // Throws the dice as often as the others do, so that the people stay the same.
                _ = CityPlaces.address(&dice)
                return [
                    FaceField("school_name", "长沙市第\(1 + dice.below(60))中学, \"本部\""),
                    FaceField("major", dice.pick(["计算机应用", "护理", "学前教育", "机电技术", "普通科"])),
                ]
            }),
        regionDigits: 6, approximateRecords: 2_743_500, drop: EducationDrop())

    static let header =
        "record_no,certificate_name,certificate_type_code,certificate_number,certificate_source_id,issue_dept,"
        + "issue_dept_code,issue_date,certificate_holder,certificate_holder_code,certificate_holder_type,"
        + "certificate_area_code,valid_start,valid_end,status,school_name,major,cd_time\n"

    /// The file's name: generations sort.
    private func name(_ book: SourceBook) -> String { "certificates-20261120-\(padded(book.generation, 2)).csv" }

    /// Writes the state of now, as the switch says, in place of what was there.
    func write(_ book: SourceBook, to folder: String) throws(CityError) {
        let files = FileManager.default
        let name = name(book)
        let fault = book.fault
        do {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for old in try files.contentsOfDirectory(atPath: folder) where old.hasPrefix("certificates-") {
                try files.removeItem(atPath: folder + "/" + old)
            }
            if fault == .down { return }
            let path = folder + "/" + name
            let rows = try writeRows(book, path + ".part", fault)
            let digest = try SHA256.digest(
                Data(contentsOf: URL(fileURLWithPath: path + ".part"), options: .alwaysMapped))
            if fault == .truncated { try cut(path + ".part") }
            try files.moveItem(atPath: path + ".part", toPath: path)
            let ready =
                "{\"file\":\"\(name)\",\"rows\":\(fault == .wrongTotal ? rows + 1 : rows),\"sha256\":\"\(digest)\"}\n"
            if fault != .unavailable {
                try Data(ready.utf8).write(to: URL(fileURLWithPath: path + ".manifest.json"), options: .atomic)
            }
        } catch {
            throw CityError.folder(folder)
        }
    }

    private func writeRows(_ book: SourceBook, _ path: String, _ fault: CityFault?) throws -> Int {
        try Data().write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var out = TextBuffer(capacity: 1 << 20)
        if fault == .htmlWith200 {
            try file.write(contentsOf: Data(Dispatcher.loginPage.utf8))
            return 0
        }
        out.raw(Self.header)
        let generation = book.generation
        let count = fault == .empty ? 0 : book.count
        for position in 0..<count {
            var record = book.record(at: position, generation: generation)
            if fault == .unknownStatusCode, position == 0 {
                record = SourceBook.withStrangeStatus([record], book.profile)[0]
            }
            Self.row(record, &out)
            if out.bytes.count > 1 << 20 || position == count - 1 {
                try file.write(contentsOf: Data(fault == .wrongCharset ? gb18030(out.bytes) ?? [] : out.bytes))
                book.count(bytes: out.bytes.count)
                out.bytes.removeAll(keepingCapacity: true)
            }
        }
        try file.write(contentsOf: Data(out.bytes))
        book.count(pages: 1, records: count)
        return count
    }

    private func cut(_ path: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.truncate(atOffset: try file.seekToEnd() / 2)
    }

    static func row(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        let kinds = ["001": "统一社会信用代码", "111": "公民身份号码", "414": "普通护照号"]
        out.field(licence.key.parts[0])
        out.field(record.type.name)
        out.field(record.writtenType)
        out.field(licence.number?.raw ?? "")
        out.field(licence.identifier?.raw ?? "")
        out.field(licence.issuingAuthority?.name ?? "")
        out.field(licence.issuingAuthority?.code ?? "")
        out.field(CityDates.day(licence.issuedOn, spoiled: record.dateIsSpoiled) ?? "")
        out.field(licence.holders.first?.name ?? "")
        out.field(licence.holders.first?.code ?? "")
        out.field(licence.holders.first.flatMap { kinds[$0.kind.rawValue] } ?? "")
        out.field(licence.issuingAuthority?.region ?? "")
        out.field(CityDates.day(licence.validity.from) ?? "")
        out.field(record.until("-", open: "长期") ?? "")
        out.field(record.statusWord)
        out.field(record.face("school_name") ?? "")
        out.field(record.face("major") ?? "")
        out.field(CityDates.moment(record.changedSeconds), last: true)
    }
}
