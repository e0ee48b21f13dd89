// SPDX-License-Identifier: Apache-2.0

/// Whom a kind of holder code names.
public enum HolderSubject: String, Sendable, Codable {
    /// 自然人.
    case naturalPerson = "natural_person"
    /// 法人和其他组织.
    case organisation
}

extension HolderCodeKind {
    /// A row of the table of kinds.
    public struct Entry: Sendable, Hashable {
        /// The kind.
        public let kind: HolderCodeKind
        /// Its name in Chinese.
        public let chineseName: String
        /// Its name in English.
        public let englishName: String
        /// Whom it names.
        public let subject: HolderSubject
        /// False for kinds met in the field that the annex does not have.
        public let isInAnnexA: Bool
    }

    /// All kinds we know, by code.
    ///
    /// Source: GB/T 36903-2018 Annex A by way of three implementations that agree (clause not read). 400, 551 and 552
    /// are extensions of one dictionary; 553 is from general knowledge.
    public static let known: [Entry] = [
        row("001", "统一社会信用代码", "unified social credit code", .organisation),
        row("099", "其他法人或其他组织有效证件代码", "another code of an organisation", .organisation),
        row("111", "公民身份号码", "resident identity number", .naturalPerson),
        row("114", "解放军军官证编号", "PLA officer's certificate", .naturalPerson),
        row("115", "武警警官证编号", "armed police officer's certificate", .naturalPerson),
        row("118", "解放军士兵证编号", "PLA soldier's certificate", .naturalPerson),
        row("119", "武警士兵证编号", "armed police soldier's certificate", .naturalPerson),
        row("120", "解放军文职人员证编号", "PLA civilian's certificate", .naturalPerson),
        row("122", "武警文职人员证编号", "armed police civilian's certificate", .naturalPerson),
        row("400", "护照号", "passport", .naturalPerson, inAnnexA: false),
        row("411", "外交护照号", "diplomatic passport", .naturalPerson),
        row("412", "公务护照号", "service passport", .naturalPerson),
        row("413", "公务普通护照号", "passport for public affairs", .naturalPerson),
        row("414", "普通护照号", "ordinary passport", .naturalPerson),
        row("511", "台湾居民来往大陆通行证号码", "mainland permit for Taiwan residents", .naturalPerson),
        row("516", "港澳居民来往内地通行证号码", "mainland permit for Hong Kong and Macao residents", .naturalPerson),
        row("551", "港澳居民居住证", "residence permit for Hong Kong and Macao residents", .naturalPerson, inAnnexA: false),
        row("552", "台湾居民居住证", "residence permit for Taiwan residents", .naturalPerson, inAnnexA: false),
        row("553", "外国人永久居留身份证", "foreign permanent-residence card", .naturalPerson, inAnnexA: false),
        row("999", "其他自然人有效证件代码", "another code of a person", .naturalPerson),
    ]

    private static let byCode = Dictionary(uniqueKeysWithValues: known.map { ($0.kind, $0) })

    private static func row(
        _ code: String, _ chinese: String, _ english: String, _ subject: HolderSubject, inAnnexA: Bool = true
    ) -> Entry {
        Entry(
            kind: HolderCodeKind(rawValue: code), chineseName: chinese, englishName: english, subject: subject,
            isInAnnexA: inAnnexA)
    }

    /// This kind's row, or nil for a kind we do not know: its records are kept and found all the same.
    public var entry: Entry? { Self.byCode[self] }
    /// True when the kind is in the table.
    public var isKnown: Bool { entry != nil }
    /// The Chinese name; the bare code for an unknown kind.
    public var chineseName: String { entry?.chineseName ?? rawValue }
    /// Whom it names; nil for an unknown kind.
    public var subject: HolderSubject? { entry?.subject }
}
