// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
import Foundation
public import LicenceModel
import SourceDocument

/// The register of licence types (证照目录): which types there are, and what people call them.
///
/// Shape: a CSV file with at least `type_code` and `name_zh`; further columns are kept for pages and later rooms.
/// Limits: 10,000 types, 16 MiB.
public struct LicenceTypeRegister: Sendable {
    /// One type.
    public struct Entry: Sendable, Hashable {
        /// Its code.
        public var code: LicenceTypeCode
        /// Its name in Chinese.
        public var nameChinese: String
        /// Its name in English, or the Chinese one.
        public var nameEnglish: String
    }

    static let entriesMax = 10_000

    /// The types in the file's order.
    public let entries: [Entry]
    private let byCode: [LicenceTypeCode: Int]

    /// Makes a register; a code that stands twice keeps its first entry.
    public init(entries: [Entry]) {
        self.entries = entries
        byCode = Dictionary(entries.indices.map { (entries[$0].code, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The entry of a code.
    public subscript(code: LicenceTypeCode) -> Entry? { byCode[code].map { entries[$0] } }

    /// Every code.
    public var codes: Set<LicenceTypeCode> { Set(byCode.keys) }

    /// Reads the register's file; everything that is wrong is reported at once.
    public static func load(_ file: String) -> (register: LicenceTypeRegister, findings: [Diagnostic]) {
        var findings: [Diagnostic] = []
        guard let data = FileManager.default.contents(atPath: file) else {
            findings.append(
                Diagnostic(
                    code: "configuration.unreadable", what: "the register of licence types cannot be read",
                    place: Place(file: file), consequence: "No source can be checked or pulled",
                    remedy: "Check `licence_types` in the configuration and the file's permissions"))
            return (LicenceTypeRegister(entries: []), findings)
        }
        var entries: [Entry] = []
        var seen: Set<String> = []
        do throws(DocumentError) {
            let reader = try DocumentReader(
                format: .csv(CSVDialect()), records: .whole, place: Place(file: file))
            var events = try reader.feed(data)
            events += try reader.finish().events
            for event in events {
                switch event {
                case .reject(let rejected): findings.append(located(rejected.error.diagnostic, file))
                case .record(let record): add(record, file, &entries, &seen, &findings)
                }
            }
        } catch {
            findings.append(located(error.diagnostic, file))
        }
        if entries.count > entriesMax {
            findings.append(
                Diagnostic(
                    code: "configuration.licence_type",
                    what: "the register has \(entries.count) types, more than \(entriesMax)", place: Place(file: file),
                    consequence: "The first \(entriesMax) are taken",
                    remedy: "Take out what is no licence type of this city"))
            entries.removeLast(entries.count - entriesMax)
        }
        return (LicenceTypeRegister(entries: entries), findings)
    }

    private static func located(_ finding: Diagnostic, _ file: String) -> Diagnostic {
        var finding = finding
        finding.place.file = file
        return finding
    }

    private static func add(
        _ record: DocumentRecord, _ file: String, _ entries: inout [Entry], _ seen: inout Set<String>,
        _ findings: inout [Diagnostic]
    ) {
        let place = Place(file: file, line: record.place.line)
        func text(_ column: String) -> String? {
            record.node.member(column)?.scalarText.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let code = text("type_code"), let name = text("name_zh") else {
            findings.append(
                Diagnostic(
                    code: "configuration.licence_type", what: "a row has no `type_code` or no `name_zh`", place: place,
                    remedy: "Fill both columns, or take the row out"))
            return
        }
        guard seen.insert(code).inserted else {
            findings.append(
                Diagnostic(
                    code: "configuration.licence_type", what: "the type \(code) stands twice", place: place,
                    remedy: "Keep one of the rows"))
            return
        }
        entries.append(Entry(code: LicenceTypeCode(code), nameChinese: name, nameEnglish: text("name_en") ?? name))
    }
}
