// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import Testing

@testable import SharedCatalogue

@Suite struct `Records packed with a shared dictionary` {
    private let shop: Workshop
    private let clock = StandingClock()
    /// More than a dictionary needs, in pages of a thousand.
    private static let count = RecordPacker.samplesNeeded + 2_000

    init() throws { shop = try Workshop() }

    private func licence(_ number: Int, _ content: String = "content") -> Licence {
        var licence = Specimen("k\(number)", "\(content) \(number)").licence
        licence.number = LicenceNumber("YH-\(number)")
        licence.faceFields = (0..<6).map { FaceField("field\($0)", "\(content) \(number &* 31 &+ $0) of this field") }
        return licence
    }

    private func load(_ catalogue: EmbeddedCatalogue, run name: String, _ content: String = "content") async throws {
        let run = RunID(rawValue: name)
        try await catalogue.begin(
            RunStart(id: run, interface: Specimen.interface, mode: .full, startedAt: clock.now))
        for page in 0..<(Self.count / 1000) {
            _ = try await catalogue.commit(
                PageCommit(
                    run: run, page: page + 1, records: (0..<1000).map { licence(page * 1000 + $0, content) },
                    resume: ResumeCursor(rawValue: "\(page)")))
        }
    }

    private func check(_ catalogue: EmbeddedCatalogue, _ content: String = "content") async throws {
        // Before the dictionary, around it, and after it.
        for number in [0, 1, RecordPacker.samplesNeeded - 1, RecordPacker.samplesNeeded, Self.count - 1] {
            let expected = licence(number, content)
            let found = try await catalogue.entries(
                matching: .number(try #require(expected.number), expected.typeCode), limit: 5)
            #expect(found.entries.map(\.licence) == [expected], "record \(number)")
        }
    }

    @Test func `come back as they were, plain ones and packed ones, to the writer and to readers`() async throws {
        let writer = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
        try await load(writer, run: "r1")
        try await check(writer)
        let reader = try await EmbeddedCatalogue.open(shop.options(.reader), clock: clock)
        try await check(reader)
        await reader.close()
        await writer.close()
        let again = try await EmbeddedCatalogue.open(shop.options(), clock: clock)
        try await check(again)
        try await load(again, run: "r2", "changed")
        try await check(again, "changed")
        let id = try #require(
            try await again.entries(matching: .number(LicenceNumber("YH-9999"), licence(0).typeCode), limit: 1)
                .entries.first?.id)
        #expect(
            try await again.versions(of: id, limit: 9).map(\.licence.faceFields) == [
                licence(9999, "changed").faceFields, licence(9999).faceFields,
            ])
        await again.close()
    }

    @Test func `are a fraction of their size`() throws {
        let packer = try #require(RecordPacker(nil))
        let rows = (0..<Self.count).map { plainRow($0) }
        for row in rows.prefix(RecordPacker.samplesNeeded) { #expect(packer.pack(row) == row) }
        #expect(packer.wantsTraining)
        packer.use(try #require(packer.trained()))
        let packed = rows.map { packer.pack($0).count }.reduce(0, +)
        #expect(packed * 2 < rows.map(\.count).reduce(0, +))
    }

    @Test func `a spoilt one is corrupt, never another record and never the end of the process`() throws {
        let dictionary = try #require(try trained())
        let packer = try #require(RecordPacker(dictionary))
        let row = plainRow(4711)
        let packed = packer.pack(row)
        #expect(packed.first == RecordCodec.packed && packed.count < row.count)
        var damaged = 0
        for index in packed.indices {
            var bytes = packed
            bytes[index] ^= 0x41
            if case .success(let plain) = unpack(bytes, dictionary) {
                #expect(plain.count <= PackingDictionary.plainMax)
            } else {
                damaged += 1
            }
        }
        for cut in packed.indices { #expect((try? unpack(Array(packed[..<cut]), dictionary).get()) != row) }
        #expect(damaged > 0)
        #expect(try unpack(packed, dictionary).get() == row)
    }

    private func trained() throws -> PackingDictionary? {
        let packer = try #require(RecordPacker(nil))
        for number in 0..<RecordPacker.samplesNeeded { _ = packer.pack(plainRow(number)) }
        return packer.trained()
    }

    private func unpack(_ row: [UInt8], _ dictionary: PackingDictionary) -> Result<[UInt8], CatalogueError> {
        do throws(CatalogueError) { return .success(try RecordUnpacker([dictionary]).unpack(row, nil)) } catch {
            return .failure(error)
        }
    }

    private func plainRow(_ number: Int) -> [UInt8] {
        var out = ByteWriter()
        RecordCodec.write(
            StoredRecord(
                licence: licence(number), scope: 1, current: 1, last: 1, cause: .created, recordedAt: clock.now,
                doubt: false), RecordCodec.Numbers(type: 1, mapping: 1),
            scope: CatalogueScope(Specimen.interface, nil), &out)
        return out.bytes
    }
}

extension RecordPacker {
    fileprivate func pack(_ plain: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        pack(plain) { out = Array($0) }
        return out
    }
}
