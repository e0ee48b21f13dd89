// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// How the rows under one beginning of a path talk: one envelope, one naming family, one way in.
struct ProvincialFamily: Sendable {
    /// The envelope; its nothing-found shapes are chosen among by the row's number.
    enum Envelope: Sendable {
        /// `{"code":200,"msg":…,"data":{"head":{"status":0},"data":{"total":1,"dataList":[…]}}}`
        case bus
        /// SOAP 1.1 with upper-case elements.
        case soap
        /// `{"code":"0","data":{"count":1,"result":[…]}}`, and a sentence instead of the list for "none".
        case result
        /// `{"status":{"code":200},"custom":{"code":1,"licensedatas":[…]}}`
        case licence
        /// `{"head":{"status":0},"data":{"total":1,"list":[…]}}`
        case share
        /// `{"success":true,"items":[…]}`, and HTTP 404 or an empty list for "none".
        case items
        /// `{"code":"00","data":"<JSON>"}`, and 空 or nothing for "none".
        case nested
        /// `{"head":{"status":0},"data":{"certData":…}}`: of what is not in force, the status alone.
        case sealed
        /// `{"code":0,"data":{…}}`: one object where others have a list.
        case single
        /// `{"result":"<JSON>"}`: everything in one text.
        case outer
    }
    let envelope: Envelope
    let names: ElementNames
    let words: [(status: LicenceStatus, word: String)]
    let strangeWord: String
    /// The family's words for the kinds of holder codes; the three digits where there is none.
    var kinds: [String: String] = [:]
    /// What its licence numbers begin with.
    var mark = "湘证"
    var regionDigits: Int?
    var pageSize = 0
    var access: any AccessRule = HeaderKey(name: "X-App-Key")
    let faceFields: @Sendable (_ dice: inout Dice) -> [FaceField]

    func kind(_ kind: HolderCodeKind) -> String { kinds[kind.rawValue] ?? kind.rawValue }

    /// The kind's three digits, from the family's word.
    func asked(_ word: String) -> String { kinds.first { $0.value == word }?.key ?? word }

    private static let place: @Sendable (inout Dice) -> [FaceField] = { dice in
        [FaceField("address", CityPlaces.address(&dice)), FaceField("remark", "第\(1 + dice.below(9))批")]
    }

    static let all: [String: ProvincialFamily] = [
        "gateway": ProvincialFamily(
            envelope: .bus, names: .longEnglish,
            words: [(.valid, "有效"), (.expired, "过期"), (.cancelled, "注销"), (.revoked, "撤销")], strangeWord: "冻结",
            pageSize: 200, access: TifDoor(), faceFields: place),
        "services": ProvincialFamily(
            envelope: .soap, names: .pinyin,
            words: [(.valid, "1"), (.cancelled, "2"), (.expired, "3"), (.unknown, "9")], strangeWord: "7",
            pageSize: 100,
            access: BasicDoor(),
            faceFields: { dice in
                [FaceField("KZ_DZ", CityPlaces.address(&dice)), FaceField("KZ_BZ", "<附记> & \(dice.below(9))")]
            }),
        "api": ProvincialFamily(
            envelope: .result, names: .provincialSync,
            words: [(.valid, "1"), (.cancelled, "0"), (.expired, "2")], strangeWord: "5",
            kinds: ["001": "统一社会信用代码", "111": "公民身份号码", "414": "普通护照号"], regionDigits: 6, pageSize: 100,
            faceFields: place),
        "hn": ProvincialFamily(
            envelope: .licence, names: .licenceDTO,
            words: [
                (.valid, "ISSUED"), (.suspended, "SUSPENDED"), (.expired, "EXPIRED"), (.cancelled, "ABOLISHED"),
                (.withdrawn, "REVOKED"),
            ], strangeWord: "DRAFT", kinds: ["111": "10", "001": "20", "414": "14"], pageSize: 500,
            faceFields: place),
        "share": ProvincialFamily(
            envelope: .share, names: .shandong,
            words: [(.valid, "0"), (.cancelled, "21"), (.expired, "22"), (.restricted, "23")], strangeWord: "24",
            pageSize: 100, faceFields: place),
        "national": ProvincialFamily(
            envelope: .items, names: .national,
            words: [(.valid, "U"), (.expired, "E"), (.cancelled, "C")], strangeWord: "Z", mark: "GB", regionDigits: 12,
            access: TifDoor(), faceFields: place),
        "cn": ProvincialFamily(
            envelope: .nested, names: .longEnglish,
            words: [
                (.valid, "01"), (.suspended, "02"), (.revoked, "03"), (.cancelled, "04"), (.expired, "05"),
                (.transferred, "06"), (.withdrawn, "07"), (.unknown, "99"),
            ], strangeWord: "44", mark: "BW", faceFields: place),
        "zwfw": ProvincialFamily(
            envelope: .sealed, names: .shandongDecrypted,
            words: [(.valid, "0"), (.cancelled, "21"), (.expired, "22"), (.restricted, "23")], strangeWord: "24",
            access: TifDoor(), faceFields: place),
        "kstb": ProvincialFamily(
            envelope: .single, names: .licenceDTO,
            words: [(.valid, "ISSUED"), (.expired, "EXPIRED"), (.cancelled, "ABOLISHED")], strangeWord: "DRAFT",
            kinds: ["111": "10", "001": "20", "414": "14"], access: BodyKey(name: "accessToken"), faceFields: place),
        "gjzwfw": ProvincialFamily(
            envelope: .outer, names: .pinyinLower,
            words: [
                (.valid, "10"), (.superseded, "01"), (.expired, "02"), (.cancelled, "03"), (.revoked, "04"),
                (.withdrawn, "05"),
            ], strangeWord: "77",
            access: TifDoor(),
            faceFields: { dice in
                [
                    FaceField("KZ_DZ", CityPlaces.address(&dice)),
                    FaceField("KZ_PC", "\(dice.below(90)).\(dice.below(10))0"),
                ]
            }),
    ]
}

/// What a naming family calls the elements of a licence, and how it writes days.
struct ElementNames: Sendable {
    let record, typeName, typeCode, number, identifier, authority, authorityCode, issued: String
    let holder, holderCode, holderKind, from, until, status, updated: String
    var grade: String?
    var area: String?
    /// Where the further fields stand: an object of this name, or beside the others when nil.
    var faces: String?
    var dateSeparator = "-"
    /// What follows a day, as where a time of day is always written.
    var dateEnd = ""
    var openEnd = "长期"
    /// What is written for an absent value; nil leaves the name out.
    var blank: String?

    static let longEnglish = ElementNames(
        record: "recordId", typeName: "certificateTypeName", typeCode: "certificateTypeCode",
        number: "certificateNumber", identifier: "certificateIdentifier", authority: "certificateIssuingAuthorityName",
        authorityCode: "certificateIssuingAuthorityCode", issued: "certificateIssuedDate",
        holder: "certificateHolderName", holderCode: "certificateHolderCode", holderKind: "certificateHolderTypeCode",
        from: "certificateEffectiveDate", until: "certificateExpiringDate", status: "certificateStatus",
        updated: "updatedAt", grade: "certificateLevel", faces: "extendInfo")
    static let pinyin = ElementNames(
        record: "JLBH", typeName: "ZZLXMC", typeCode: "ZZLXDM", number: "ZZBH", identifier: "ZZBS",
        authority: "ZZBFJG", authorityCode: "ZZBFJGDM", issued: "ZZBFRQ", holder: "CZZT", holderCode: "CZZTDM",
        holderKind: "CZZTDMLXDM", from: "ZZYXQQSRQ", until: "ZZYXQJZRQ", status: "ZT", updated: "GXSJ",
        dateSeparator: "", blank: "空")
    static let pinyinLower = ElementNames(
        record: "jlbh", typeName: "zzlxmc", typeCode: "zzlxdm", number: "zzbh", identifier: "zzbs",
        authority: "zzbfjg", authorityCode: "zzbfjgdm", issued: "zzbfrq", holder: "czzt", holderCode: "czztdm",
        holderKind: "czztdmlxdm", from: "zzyxqqsrq", until: "zzyxqjzrq", status: "zt", updated: "gxsj",
        dateSeparator: "", blank: "空")
    static let provincialSync = ElementNames(
        record: "cd_id", typeName: "certificate_type", typeCode: "certificate_type_code",
        number: "certificate_number", identifier: "certificate_source_id", authority: "issue_dept",
        authorityCode: "issue_dept_code", issued: "issue_date", holder: "certificate_holder",
        holderCode: "certificate_holder_code", holderKind: "certificate_holder_type", from: "valid_start",
        until: "valid_end", status: "status", updated: "cd_time", area: "certificate_area_code", faces: "extra",
        openEnd: "9999-12-31")
    static let licenceDTO = ElementNames(
        record: "biz_num", typeName: "license_type_name", typeCode: "license_item_code", number: "id_code",
        identifier: "license_code", authority: "issue_org_name", authorityCode: "issue_org_code", issued: "issue_date",
        holder: "holder_name", holderCode: "holder_identity_num", holderKind: "holder_identity_type",
        from: "begin_date", until: "expiry_date", status: "license_status", updated: "last_modification_time",
        grade: "trust_level", faces: "extend_props", dateEnd: " 00:00:00", openEnd: "")
    static let shandong = ElementNames(
        record: "certId", typeName: "certName", typeCode: "certTypeCode", number: "certNo",
        identifier: "certIdentifier", authority: "certificateIssuingAuthorityName",
        authorityCode: "certificateIssuingAuthorityCode", issued: "certificateIssuedDate", holder: "holder",
        holderCode: "holderCode", holderKind: "holderTypeCode", from: "zzyxqqsrq", until: "zzyxqjzrq",
        status: "certState", updated: "updateTime", grade: "certLevel", faces: "certData")
    static let shandongDecrypted = ElementNames(
        record: "cert_id", typeName: "certName", typeCode: "certTypeCode", number: "certno",
        identifier: "cert_identifier", authority: "certificateIssuingAuthorityName",
        authorityCode: "certificateIssuingAuthorityCode", issued: "certificateIssuedDate", holder: "holder",
        holderCode: "holderCode", holderKind: "holderTypeCode", from: "zzyxqqsrq", until: "zzyxqjzrq",
        status: "certState", updated: "updateTime", faces: "face")
    static let national = ElementNames(
        record: "record_no", typeName: "certificate_type_name", typeCode: "certificate_type_name_code",
        number: "certificate_number", identifier: "certificate_identifier",
        authority: "certificate_issuing_authority_name", authorityCode: "certificate_issuing_authority_code",
        issued: "certificate_issuing_authority_date", holder: "certificate_holder_name",
        holderCode: "certificate_holder_code", holderKind: "certificate_holder_type",
        from: "certificate_validate_start", until: "certificate_validate_end", status: "certificate_state",
        updated: "updated_at", area: "certificate_area_code", faces: "extend_info", dateSeparator: "",
        openEnd: "99991231")
}
