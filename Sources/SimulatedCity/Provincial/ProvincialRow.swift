// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// One provincial or ministerial interface: one licence type, one path, one way to ask.
struct ProvincialRow: Sendable {
    static let source = SourceID("hunan-provincial-interfaces")
    /// The port's place after the 17 systems.
    static let place = 18

    let number: Int
    let owner: String
    let type: CityType
    let path: String
    let method: String
    /// `h`, `n`, `i` or `l`: by holder, number, identifier, or as a list.
    let ask: String
    /// A list that can be asked for what has changed.
    let isIncremental: Bool
    let dailyQuota: Int
    let approximateRecords: Int
    let downtime: DowntimeWindow?

    var interface: String { "pi-" + padded(number, 3) }
    /// The first word of the path: rows of one family talk alike.
    var family: String { path.split(separator: "/").first.map(String.init) ?? "" }
    var isList: Bool { ask == "l" }

    static let all: [ProvincialRow] = {
        let owners = Self.owners.split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
        return table.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map(String.init)
            guard cells.count == 9, let number = Int(cells[0]), let type = CityType.register[cells[1]],
                let quota = Int(cells[6]), let records = Int(cells[7]),
                let owner = owners.first(where: { cells[2].hasPrefix("/" + $0[0] + "/") })
            else { return nil }
            return ProvincialRow(
                number: number, owner: owner[1], type: type, path: cells[2], method: cells[3] == "G" ? "GET" : "POST",
                ask: cells[4], isIncremental: cells[5] == "y", dailyQuota: quota, approximateRecords: records,
                downtime: DowntimeWindow(cells[8]))
        }
    }()

    var goldenKind: HolderCodeKind {
        if case .organisation = type.holders { .unifiedSocialCreditCode } else { .residentIdentityNumber }
    }

    /// What its golden question has to bring: a type that never runs four years has no licence that stays valid.
    var goldenAnswer: String {
        if case .days(let days) = type.term, days <= 1500 { "expired" } else { "valid" }
    }

    /// The row as one simulated interface.
    func profile(_ family: ProvincialFamily) -> SourceProfile {
        let (tag, owner) = (padded(number, 3), owner)
        return SourceProfile(
            id: Self.source, number: 1000 + number, interface: interface, types: [type], words: family.words,
            strangeWord: family.strangeWord,
            form: RecordForm(
                key: { ["PI\(tag)\(padded($0, 9))"] },
                number: { index, year, _ in "\(family.mark)\(tag)-\(year)-\(padded(index, 9))" },
                authority: { _ in owner }, faceFields: family.faceFields),
            regionDigits: family.regionDigits, graded: family.names.grade != nil, pageSize: family.pageSize,
            approximateRecords: approximateRecords, downtime: downtime, dailyQuota: dailyQuota,
            face: ProvincialFace(row: self, family: family), access: family.access, settings: ["user": "licgate"],
            goldenAsk: ask == "n" ? .number : ask == "i" ? .identifier : .holder, goldenKind: goldenKind,
            goldenAnswers: isList ? [] : [goldenAnswer])
    }

    /// Every row with its family; a row whose family is not known would be left out, and a test would say so.
    static func profiles() -> [(row: ProvincialRow, profile: SourceProfile)] {
        all.compactMap { row in ProvincialFamily.all[row.family].map { (row, row.profile($0)) } }
    }
}
