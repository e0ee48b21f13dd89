// SPDX-License-Identifier: Apache-2.0
internal import DeclarativeAdapter

/// What a field of a record is for.
enum Role: String, Sendable, CaseIterable {
    case identifier, number
    case holderCode = "holder.code"
    case holderKind = "holder.code_kind"
    case holderName = "holder.name"
    case authorityCode = "authority.code"
    case authorityName = "authority.name"
    case authorityRegion = "authority.region"
    case issuedOn = "issued_on"
    case validFrom = "valid_from"
    case validUntil = "valid_until"
    case status
    case trustGrade = "trust_grade"
    case licenceType = "licence_type"

    var isDate: Bool { self == .issuedOn || self == .validFrom || self == .validUntil }
}

/// Names of fields, as the dialects, the vocabularies and other systems spell them.
struct NameBook: Sendable {
    /// A match of a name with a role.
    struct Match: Sendable {
        var role: Role
        /// 10 a dialect's name, 8 a usual name, 5 nearly one.
        var score: Double
    }

    let dialects: [DialectOutline]
    private var byDialect: [String: [Role]] = [:]

    init(dialects: [DialectOutline]) {
        self.dialects = dialects
        for dialect in dialects {
            for field in dialect.fields {
                guard let role = Role(rawValue: field.name) else { continue }
                for name in field.sourceNames { byDialect[NameBook.plain(name), default: []].append(role) }
            }
        }
    }

    /// A name without namespace, attribute mark, capitals and separators.
    static func plain(_ name: String) -> String {
        let local = name.split(separator: ":").last.map(String.init) ?? name
        return String(
            String.UnicodeScalarView(
                local.lowercased().unicodeScalars.filter {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil
                }))
    }

    /// How well a name says a role; 0 when it does not.
    func score(_ name: String, _ role: Role) -> Double {
        let plain = NameBook.plain(name)
        if byDialect[plain]?.contains(role) == true { return 10 }
        let words = NameBook.words[role] ?? []
        if words.contains(plain) { return 8 }
        if plain.count >= 14,
            byDialect.contains(where: { $0.value.contains(role) && $0.key.count >= 14 && NameBook.near($0.key, plain) })
        {
            return 7
        }
        return words.contains { $0.count >= 5 && (plain.hasSuffix($0) || plain.hasPrefix($0)) } ? 4 : 0
    }

    /// Whether any role knows the name well.
    func isKnown(_ name: String) -> Bool {
        let plain = NameBook.plain(name)
        return byDialect[plain] != nil || NameBook.words.values.contains { $0.contains(plain) }
    }

    /// True when two long names differ by two letters at most, as misspellings do.
    static func near(_ a: String, _ b: String) -> Bool {
        let a = Array(a.utf8), b = Array(b.utf8)
        guard abs(a.count - b.count) <= 2 else { return false }
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let next = x == y ? diagonal : 1 + min(diagonal, row[j], row[j + 1])
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[b.count] <= 2
    }

    /// Usual names beyond the dialects: English, pinyin initials, and words of registers elsewhere.
    static let words: [Role: Set<String>] = [
        .identifier: [
            "certificateidentifier", "certidentifier", "licencecode", "licensecode", "zzbs", "dzzzbs", "identifier",
            "licenceidentifier", "licenseidentifier", "certificatesourceid", "证照标识",
        ],
        .number: [
            "certificatenumber", "certificateno", "certno", "certnumber", "licenceno", "licenseno", "licencenumber",
            "licensenumber", "zzbh", "zsbh", "xkzbh", "zjbh", "idcode", "number", "permitno", "证照编号", "证书编号",
        ],
        .holderCode: [
            "certificateholdercode", "holdercode", "holderid", "holderidentitynum", "holderidentitynumber", "czztdm",
            "idcard", "idcardno", "idno", "idnumber", "sfzh", "sfzhm", "gmsfhm", "zjhm", "zjhm", "creditcode", "uscc",
            "unifiedsocialcreditcode", "tyshxydm", "shxydm", "xydm", "ownercode", "ownerid", "personid", "cardno",
            "regon", "nip", "ico", "in", "tin", "持证主体代码", "身份证号",
        ],
        .holderKind: [
            "certificateholdertypecode", "certificateholdertype", "holdertypecode", "holderidentitytype",
            "holderidtype", "czztdmlxdm", "czztdmlx", "idtype", "zjlx", "zjlxdm", "zjlb", "cardtype", "holdertype",
            "ownertype", "isperson", "持证主体代码类型",
        ],
        .holderName: [
            "certificateholdername", "certificateholder", "holdername", "holder", "czzt", "czztmc", "ownername",
            "owner", "personname", "xm", "qymc", "dwmc", "company", "companyname", "fullname", "nazwa", "praw_nazwa",
            "fiznazwa", "prawnazwa", "持证主体", "姓名", "name",
        ],
        .authorityCode: [
            "certificateissuingauthoritycode", "issuingauthoritycode", "issuedeptcode", "issueorgcode", "zzbfjgdm",
            "fzjgdm", "authoritycode", "issuercode", "颁发机构代码",
        ],
        .authorityName: [
            "certificateissuingauthorityname", "certificateissuingauthority", "issuingauthorityname",
            "issuingauthority", "issuedept", "issueorg", "issueorgname", "zzbfjg", "fzjg", "fzjgmc", "authority",
            "authorityname", "issuer", "issuername", "颁发机构",
        ],
        .authorityRegion: [
            "certificateareacode", "areacode", "regioncode", "divisioncode", "xzqhdm", "xzqh", "qhdm", "属地",
        ],
        .issuedOn: [
            "certificateissueddate", "certificateissuingauthoritydate", "issueddate", "issuedate", "issuedon",
            "dateofissue", "zzbfrq", "bfrq", "fzrq", "qfrq", "created", "fizdatapowstania", "prawdatapowstania",
            "datapowstania", "颁发日期",
        ],
        .validFrom: [
            "certificateeffectivedate", "certificatevalidatestart", "certificatevalidstart", "effectivedate",
            "validfrom", "validstart", "begindate", "startdate", "zzyxqqsrq", "yxqqsrq", "yxqks", "yxqq",
            "validatestart", "fizdatarozpoczeciadzialalnosci", "prawdatarozpoczeciadzialalnosci", "有效期起始",
        ],
        .validUntil: [
            "certificateexpiringdate", "certificateexpirydate", "certificatevalidateend", "certificatevalidend",
            "expiringdate", "expirydate", "expiredate", "expirationdate", "validuntil", "validto", "validend",
            "enddate", "zzyxqjzrq", "yxqjzrq", "yxqjs", "yxqz", "validateend", "dissolved",
            "datazakonczeniadzialalnosci", "fizdatazakonczeniadzialalnosci", "有效期截止",
        ],
        .status: [
            "certificatestatus", "certificatestate", "certstatus", "certstate", "licencestatus", "licensestatus",
            "status", "state", "zt", "zzzt", "zszt", "active", "certificatestatuscode", "证照状态",
        ],
        .trustGrade: ["certificatelevel", "certlevel", "trustlevel", "trustgrade", "kxdj", "可信等级"],
        .licenceType: [
            "certificatetypecode", "certificatetypenamecode", "certtypecode", "licenseitemcode", "licenceitemcode",
            "zzlxdm", "licencetypecode", "licensetypecode", "typecode", "licencetype", "licensetype", "证照类型代码",
        ],
    ]

    static let updated: Set<String> = [
        "updatedat", "updated", "updatetime", "updateddate", "updatedate", "lastmodified", "lastmodificationtime",
        "lastmodifiedtime", "lastupdate", "lastupdatetime", "modifytime", "modifiedat", "modified", "gxsj", "xgsj",
        "gxrq", "cdtime", "cdcdtime", "optime", "operatetime", "changedat", "changetime", "synctime", "timestamp", "ts",
        "bgsj", "更新时间", "zhgxsj", "datelastmodified",
    ]
    static let sequence: Set<String> = [
        "sequence", "seq", "seqno", "sequenceno", "sequencenumber", "gxxh", "changeno", "changeseq", "changesequence",
        "rowversion", "revision", "incrementid", "offset", "xlh", "bgxh",
    ]
    static let keys: Set<String> = [
        "recordid", "recordno", "id", "uuid", "guid", "rowid", "certid", "pk", "oid", "key", "recordkey", "lsh", "zj",
        "zjid", "bizid", "bizno", "biznum", "businessid", "entryid", "sourceid", "rowguid", "wybs", "jlbh", "jlid",
        "regon", "in",
    ]
    static let caseNumbers: Set<String> = ["ywh", "slbh", "caseno", "caseid", "casenumber", "batchno", "ywlsh", "bjbh"]
    static let within: Set<String> = ["xh", "sxh", "lineno", "itemno", "index", "subno", "seqincase", "no", "hh"]
    static let gone: Set<String> = [
        "deleted", "isdeleted", "isdel", "deleteflag", "delflag", "removed", "scbz", "sfsc", "cdoperation", "op",
        "operation",
    ]
}
