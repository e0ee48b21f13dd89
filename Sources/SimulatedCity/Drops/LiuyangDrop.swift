// SPDX-License-Identifier: Apache-2.0
import Foundation
import LicenceModel
import Synchronization

/// `liuyang-e-licence`: XML files that are pushed into a folder, the first whole, each further one with what changed.
///
/// Shape: names only grow; a file is complete when an empty file of its name and `.done` lies beside it. What a switch
/// spoils is sent again, under the next name, once the switch is off; whoever reads may move files away at any time.
final class LiuyangDrop: SourceDrop {
    static let profile = SourceProfile(
        id: SourceID("liuyang-e-licence"), number: 16, interface: "licences", types: CityType.liuyang,
        words: [(.valid, "1"), (.cancelled, "2"), (.expired, "3"), (.unknown, "9")], strangeWord: "6",
        form: RecordForm(
            key: { ["LY" + padded($0, 10)] }, number: { index, year, _ in "浏许〔\(year)〕第430181\(padded(index, 9))号" },
            authority: { ["浏阳市行政审批服务局", "浏阳市应急管理局", "浏阳市市场监督管理局", "浏阳市农业农村局"][$0 % 4] },
            faceFields: { dice in
                var fields = [FaceField("KZ_JYCS", CityPlaces.address(&dice))]
                if dice.chance(60) { fields.append(FaceField("KZ_XKFW", dice.pick(["C、D级 & 烟花类", "<见附页>", "零售"]))) }
                return fields
            }),
        approximateRecords: 1_741_200, drop: LiuyangDrop())

    /// What was sent into a folder.
    private struct Sent {
        /// The generation whose records have all been sent; nil before the first file.
        var generation: Int?
        var serial = 0
    }
    private let sent = Mutex<[String: Sent]>([:])

    func write(_ book: SourceBook, to folder: String) throws(CityError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var state = sent.withLock { $0[folder] } ?? Sent(serial: highestSerial(folder))
            try tidy(folder, everything: book.fault == .down, &state)
            if book.fault != .down { try send(book, to: folder, &state) }
            sent.withLock { $0[folder] = state }
        } catch {
            throw CityError.folder(folder)
        }
    }

    private func name(_ serial: Int) -> String { "licences-\(padded(serial, 8)).xml" }

    /// Names stay above those of an earlier run, wherever its files have been moved to.
    private func highestSerial(_ folder: String) -> Int {
        ["", "/done", "/rejected"].flatMap { (try? FileManager.default.contentsOfDirectory(atPath: folder + $0)) ?? [] }
            .compactMap { $0.hasPrefix("licences-") ? Int($0.dropFirst(9).prefix(8)) : nil }.max() ?? 0
    }

    /// Takes away what never became complete, or everything; what is taken away has to be sent again.
    private func tidy(_ folder: String, everything: Bool, _ state: inout Sent) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in names where name.hasPrefix("licences-") {
            let isMarked = name.hasSuffix(".done") || names.contains(name + ".done")
            guard everything || !isMarked else { continue }
            try FileManager.default.removeItem(atPath: folder + "/" + name)
            if everything { state.generation = nil }
        }
    }

    private func send(_ book: SourceBook, to folder: String, _ state: inout Sent) throws {
        let (generation, fault) = (book.generation, book.fault)
        let spoils: [CityFault] = [.truncated, .wrongCharset, .htmlWith200, .unavailable, .unknownStatusCode, .empty]
        let isSpoiled = fault.map(spoils.contains) ?? false
        guard state.generation != generation || isSpoiled else { return }
        state.serial += 1
        let path = folder + "/" + name(state.serial)
        // A file that a switch spoils holds what the last one held.
        let since = state.generation.map { isSpoiled && $0 == generation ? generation - 1 : $0 } ?? -1
        try writeFile(book, path + ".part", since: since, serial: state.serial, fault)
        if fault == .truncated { try cut(path + ".part") }
        try FileManager.default.moveItem(atPath: path + ".part", toPath: path)
        if fault != .unavailable { try Data().write(to: URL(fileURLWithPath: path + ".done"), options: .atomic) }
        // What was sent spoiled has not been sent.
        state.generation = isSpoiled ? (since < 0 ? nil : since) : generation
    }

    private func writeFile(_ book: SourceBook, _ path: String, since: Int, serial: Int, _ fault: CityFault?) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        if fault == .htmlWith200 { return try file.write(contentsOf: Data(Dispatcher.loginPage.utf8)) }
        var out = TextBuffer(capacity: 1 << 20)
        let kind = since < 0 ? "QL" : "ZL"
        out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ROOT><HEAD><PCH>\(padded(serial, 8))</PCH>")
        out.raw("<LX>\(kind)</LX></HEAD><DATA>\n")
        let generation = book.generation
        let low = since < 0 ? 0 : book.firstPosition(generation: generation, after: since)
        let high = fault == .empty ? low : book.count
        for position in low..<max(low, high) {
            var record = book.record(at: position, generation: generation)
            if fault == .unknownStatusCode, position == low {
                record = SourceBook.withStrangeStatus([record], book.profile)[0]
            }
            Self.write(record, &out)
            guard out.bytes.count > 1 << 20 else { continue }
            try flush(&out, to: file, book, fault)
        }
        out.raw("</DATA></ROOT>\n")
        try flush(&out, to: file, book, fault)
        book.count(pages: 1, records: max(0, high - low))
    }

    private func flush(_ out: inout TextBuffer, to file: FileHandle, _ book: SourceBook, _ fault: CityFault?) throws {
        try file.write(contentsOf: Data(fault == .wrongCharset ? gb18030(out.bytes) ?? [] : out.bytes))
        book.count(bytes: out.bytes.count)
        out.bytes.removeAll(keepingCapacity: true)
    }

    private func cut(_ path: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.truncate(atOffset: try file.seekToEnd() / 2)
    }

    private static func write(_ record: CityRecord, _ out: inout TextBuffer) {
        let licence = record.licence
        out.raw("<RECORD>")
        out.element("LSH", licence.key.parts[0])
        out.raw("<GXXH>\(record.sequence)</GXXH>")
        out.element("ZZMC", record.type.name)
        out.element("ZZLXDM", record.writtenType)
        // What is empty is the word 空 in this library, in every field.
        out.element("ZZBH", licence.number?.raw ?? "空")
        out.element("ZZBS", licence.identifier?.raw ?? "空")
        out.element("ZZBFJG", licence.issuingAuthority?.name)
        out.element("ZZBFJGDM", licence.issuingAuthority?.code)
        out.element("ZZBFRQ", CityDates.day(licence.issuedOn, "", spoiled: record.dateIsSpoiled) ?? "空")
        out.element("CZZT", record.joined("、") { $0.name })
        out.element("CZZTDM", record.joined("、") { $0.code })
        out.element("CZZTDMLXDM", record.joined("、") { $0.kind.rawValue })
        out.element("ZZYXQQSRQ", CityDates.day(licence.validity.from, ""))
        out.element("ZZYXQJZRQ", record.until("", open: "长期"))
        out.element("ZT", record.statusWord)
        out.element("KZ_JYCS", record.face("KZ_JYCS"))
        out.element("KZ_XKFW", record.face("KZ_XKFW") ?? "空")
        out.raw("</RECORD>\n")
    }
}

extension SourceBook {
    /// The first position of what has changed after an earlier generation.
    func firstPosition(generation: Int, after earlier: Int) -> Int {
        guard count > 0, generation > earlier else { return count }
        let last = record(at: count - 1, generation: earlier).sequence
        return firstPosition(generation: generation) { sequence, _ in sequence > last }
    }
}
