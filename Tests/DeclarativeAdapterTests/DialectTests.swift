import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import SourceDocument
import Testing
import Transport

@testable import DeclarativeAdapter

@Suite struct `Dialects and vocabularies` {
    static let config = ShippedManifests.root + "/Config/dialects"

    private func lint(dialect text: String, name: String = "example") -> [Diagnostic] {
        var shelf = DialectShelf()
        var findings = Findings()
        shelf.add(text, file: "\(name).yaml", name: name, findings: &findings)
        return findings.sorted
    }

    private func lint(vocabulary text: String, name: String = "example") -> [Diagnostic] {
        var shelf = DialectShelf()
        var findings = Findings()
        shelf.addVocabulary(text, file: "\(name).yaml", name: name, findings: &findings)
        return findings.sorted
    }

    @Test func `that are shipped have no finding, and name source and mark`() throws {
        var findings = Findings()
        let shelf = DialectShelf.read(Self.config, findings: &findings)
        #expect(findings.list.map(\.text) == [])
        #expect(
            shelf.names == [
                "licence_dto", "long_english", "pinyin_initials", "shandong_share", "snake_national_directory",
                "snake_provincial_sync",
            ])
        #expect(shelf.vocabularyNames(of: ["status"]).count == 6)
        #expect(shelf.vocabularyNames(of: ["holder_kind"]).count == 5)
        #expect(shelf.vocabularyNames(of: ["status_layer"]) == ["gbt36906_head"])
        #expect(shelf.vocabularyNames(of: ["not_found"]).count == 6)
        for name in shelf.names {
            #expect(shelf.shape(name)?.has("source") == true && shelf.shape(name)?.has("verified") == true)
        }
    }

    @Test(arguments: [
        ("fields: { identifier: $.zzbs }", "manifest.bad_path", 6, 23),
        ("fields: { status: { from: zt, map: { \"1\": valdi } } }", "manifest.unknown_word", 6, 43),
        ("fields: { status: { from: zt, vocabulary: nobody } }", "manifest.unknown_vocabulary", 6, 43),
        ("fields: { number: { from: a, first_of: [b] } }", "manifest.conflict", 6, 40),
        ("fields: { dialect: other, number: a }", "manifest.conflict", 6, 20),
        ("fields: { numbre: a }", "manifest.unknown_key", 6, 11),
        ("face: { name: \"@x\" }\nfields: { number: a }", "manifest.bad_path", 6, 15),
    ])
    func `refuses a wrong dialect by itself, with its place`(rest: String, code: String, line: Int, column: Int) {
        let findings = lint(
            dialect: "dialect_version: 1\nname: example\ndoc: d\nsource: s\nverified: true\n\(rest)\n")
        #expect(findings.map(\.code) == [code], "\(findings.map(\.text))")
        #expect(findings.first?.place.line == line && findings.first?.place.column == column, "\(findings.map(\.text))")
    }

    @Test(arguments: [
        ("of: status\nvalues: { \"1\": valdi }", "manifest.unknown_word"), ("of: status", "manifest.missing_key"),
        ("of: holder_kind\nvalues: { \"10\": \"11\" }", "manifest.unknown_word"),
        ("of: status_layer\nmeanings: { okay: [\"0\"] }", "manifest.unknown_word"),
        ("of: not_found\nequals: [a]\ncontains: [b]", "manifest.missing_key"),
        ("of: status\nvalues: { \"1\": valid }\nequals: [a]", "manifest.conflict"),
        ("of: words\nvalues: { a: b }", "manifest.unknown_word"),
    ])
    func `refuses a wrong vocabulary by itself`(rest: String, code: String) {
        let findings = lint(
            vocabulary: "vocabulary_version: 1\nname: example\ndoc: d\nsource: s\nverified: false\n\(rest)\n")
        #expect(findings.map(\.code) == [code], "\(findings.map(\.text))")
        #expect(findings.allSatisfy { $0.place.file == "example.yaml" && $0.place.line != nil })
    }

    @Test func `without source and mark are refused`() {
        #expect(
            lint(dialect: "dialect_version: 1\nname: example\ndoc: d\nfields: { number: a }\n").map(\.code)
                == ["manifest.missing_key", "manifest.missing_key"])
    }

    static let statuses: [(String, [String: LicenceStatus])] = [
        (
            "mohurd_cert_state",
            [
                "01": .valid, "02": .suspended, "03": .revoked, "04": .cancelled, "05": .expired, "06": .transferred,
                "07": .withdrawn, "99": .unknown,
            ]
        ),
        (
            "transport_status",
            [
                "10": .valid, "01": .superseded, "02": .expired, "03": .cancelled, "04": .revoked, "05": .withdrawn,
                "09": .unknown,
            ]
        ),
        ("real_estate_status", ["1": .valid, "2": .cancelled]), ("national_directory_status", ["U": .valid]),
        ("licence_dto_status", ["ISSUED": .valid]),
        ("mohurd_operate_type", ["01": .valid, "03": .suspended, "05": .cancelled, "07": .unknown, "10": .valid]),
    ]

    @Test(arguments: statuses) func `read a status through a named table, and nothing that it does not list`(
        name: String, values: [String: LicenceStatus]
    ) throws {
        let one = try OneRecord(fields: "{ number: $.no, status: { from: $.zt, vocabulary: \(name) } }")
        for (text, status) in values {
            #expect(try one.licence(#"{"id":"1","no":"N","zt":"\#(text)"}"#).status == status)
        }
        #expect(try one.reject(#"{"id":"1","no":"N","zt":"ZZ"}"#).reason.code == "record.value_unknown")
    }

    @Test func `take what a manifest adds to a named table, which wins`() throws {
        let one = try OneRecord(
            fields:
                "{ number: $.no, status: { from: $.zt, vocabulary: licence_dto_status, map: { ABOLISHED: cancelled, ISSUED: superseded } } }"
        )
        #expect(try one.licence(#"{"id":"1","no":"N","zt":"ABOLISHED"}"#).status == .cancelled)
        #expect(try one.licence(#"{"id":"1","no":"N","zt":"ISSUED"}"#).status == .superseded)
    }

    @Test(arguments: [
        ("gbt36903_holder_kinds", "111", "111"), ("gbt36903_holder_kinds", "001", "001"),
        ("licence_dto_holder_kinds", "10", "111"), ("two_digit_holder_kinds", "10", "111"),
        ("holder_kind_names", "统一社会信用代码", "001"), ("extended_holder_kinds", "552", "552"),
    ])
    func `read the kind of a holder's code`(name: String, text: String, kind: String) throws {
        let one = try OneRecord(
            fields:
                "{ holder.code: $.c, holder.code_kind: { from: $.k, vocabulary: \(name) }, status: { constant: valid } }"
        )
        #expect(
            try one.licence(#"{"id":"1","c":"430102199003070020","k":"\#(text)"}"#).holders.first?.kind.rawValue == kind
        )
    }

    @Test(arguments: [
        ("0", "records"), ("21", "cancelled"), ("22", "expired"), ("23", "restricted"), ("10", "none"), ("11", "error"),
        ("12", "error"), ("99", "error"), ("100", "refused"), ("113", "error"), ("777", "error"),
    ])
    func `know the head codes, 21 as cancelled`(code: String, what: String) async throws {
        let list = code == "0" ? #"{"id":"1","no":"N"}"# : ""
        #expect(
            try await ask(
                status: "[ { from: $.head.status, known: gbt36906_head } ]", records: "$.data",
                answer: #"{"head":{"status":\#(code)},"data":[\#(list)]}"#) == what)
        #expect(
            try await ask(
                status: "[ { from: $.head.status, known: gbt36906_head } ]", records: "$.data",
                answer: #"{"head":{"status":"\#(code)"},"data":[\#(list)]}"#) == what)
    }

    static let nothing: [(String, String, String)] = [
        ("head_status_10", "$.data.head.status", #"{"code":200,"data":{"head":{"status":10},"data":"$get{n.body}"}}"#),
        ("head_status_10", "$.head.status", #"{"head":{"status":"10"},"data":{}}"#),
        ("unresolved_template", "$.data.data", #"{"code":200,"data":{"data":"$get{node1.dataList.[0]}"}}"#),
        ("unresolved_template", "$.data", #"{"code":200,"data":"$get{node1.response.body.data}"}"#),
        ("not_found_text", "$.data.result", #"{"code":200,"data":{"result":"未找到匹配的证照信息"}}"#),
        ("fail_code_9998", "$.code", #"{"code":"9998","data":null}"#),
        ("word_empty", "$.data", #"{"code":200,"data":"空"}"#),
        ("empty_data", "$.data", #"{"code":200,"data":{}}"#), ("empty_data", "$.data", #"{"code":200,"data":""}"#),
    ]

    @Test(arguments: nothing) func `know each way to say "there is none"`(name: String, at: String, answer: String)
        async throws
    {
        #expect(try await ask(notFound: "[ { known: \(name), at: \(at) } ]", answer: answer) == "none")
        #expect(
            try await ask(notFound: "[]", answer: answer) != "none", "without the shape the same answer proves nothing")
    }

    @Test(arguments: [
        ("status: [ { from: $.code, known: gbt36906_haed } ]", "manifest.unknown_vocabulary"),
        ("status: [ { from: $.code, known: unresolved_template } ]", "manifest.unknown_vocabulary"),
        ("status: [ { from: $.code } ]", "manifest.missing_key"),
        ("status: []\nnot_found: [ { known: word_empty } ]", "manifest.missing_key"),
        ("status: []\nnot_found: [ { at: $.data, empty: [$.data] } ]", "manifest.conflict"),
    ])
    func `are refused when a manifest names them wrongly`(top: String, code: String) throws {
        let (manifest, findings) = OneRecord.lint(fields: "{ number: $.no, status: { constant: valid } }", top: top)
        #expect(manifest == nil)
        #expect(findings.map(\.code) == [code], "\(findings.map(\.text))")
        #expect(findings.allSatisfy { $0.place.line != nil && $0.place.column != nil })
    }

    /// What one answer to a question by number is taken for.
    private func ask(
        status: String = "[ { from: $.code, ok: [\"200\"], absent: ok } ]", notFound: String = "[]",
        records: String = "$.data.data.dataList", answer: String
    ) async throws -> String {
        let bench = try Bench(
            text: OneRecord.manifest(
                fields: "{ number: $.no, status: { constant: valid } }",
                top: "status: \(status)\nnot_found: \(notFound)",
                asking:
                    "find: { number: { path: /one, body: { kind: json, template: '{\"n\":\"${number}\"}' }, records: \(records) }, key: [$.id], version: arrival }"
            ),
            linter: OneRecord.linter)
        bench.transport.record(.init(.post, path: "/api/one"), .text(answer))
        do throws(SourceError) {
            switch try await bench.find(.number(LicenceNumber("N"), LicenceTypeCode("11100000000013127D916"))) {
            case .records(let list): return list.isEmpty ? "no records" : "records"
            case .none: return "none"
            case .notInForce(let status): return status.rawValue
            case .refused: return "refused"
            }
        } catch {
            return "error"
        }
    }

    // MARK: - The six families

    static let families: [(String, String, String, String)] = [
        (
            "long_english", "json", "",
            #"{"id":"1","certificateIdentifier":"I","certificateNumber":"N","certificateHolder":"甲","certificateHolderCode":"C","certificateHolderTypeCode":"111","certificateIssuingAuthortiyName":"局","certificateIssuingAuthorityCode":"A","certificateIssuedDate":"2021-01-08","certificateEffectiveDate":"20210108","certificateExpiringDate":"99991231","certificateName":"证"}"#
        ),
        (
            "snake_national_directory", "json", "",
            #"{"id":"1","certificate_identifier":"I","certificate_number":"N","certificate_holder_name":"甲","certificate_holder_code":"C","certificate_holder_type":"111","certificate_issuing_authority_name":"局","certificate_issuing_authority_code":"A","certificate_issuing_authority_date":"20210108","certificate_validate_start":"2021-01-08","certificate_validate_end":"长期","certificate_name":"证"}"#
        ),
        (
            "snake_provincial_sync", "json", "",
            #"{"id":"1","certificate_source_id":"I","certificate_number":"N","certificate_holder":"甲","certificate_holder_code":"C","certificate_holder_type":"111","issue_dept":"局","issue_dept_code":"A","issue_date":"2021-01-08","certificate_name":"证"}"#
        ),
        (
            "pinyin_initials", "json", "",
            #"{"id":"1","zzbs":"I","zzbh":"N","czzt":"甲","czztdm":"C","czztdmlxdm":"111","zzbfjg":"局","zzbfjgdm":"A","zzbfrq":"2021年01月08日","zzyxqqsrq":"20210108","zzyxqjzrq":"空","zzmc":"证"}"#
        ),
        (
            "pinyin_initials", "xml", "dialect_case: upper, ",
            "<r><id>1</id><ZZBS>I</ZZBS><ZZBH>N</ZZBH><CZZT>甲</CZZT><CZZTDM>C</CZZTDM><CZZTDMLXDM>111</CZZTDMLXDM><ZZBFJG>局</ZZBFJG><ZZBFJGDM>A</ZZBFJGDM><ZZBFRQ>20210108</ZZBFRQ><ZZMC>证</ZZMC></r>"
        ),
        (
            "pinyin_initials", "xml", "dialect_case: upper, dialect_style: name_value, ",
            "<r><id>1</id><o:CuslomDatas xmlns:o=\"org.omg.ofd\"><o:CuslomData name=\"ZZBS\">I</o:CuslomData><o:CuslomData name=\"ZZBH\">N</o:CuslomData><o:CustomData name=\"CZZT\">甲</o:CustomData><o:CustomData name=\"CZZTDM\">C</o:CustomData><o:CustomData name=\"CZZTDMLXDM\">111</o:CustomData><o:CustomData name=\"ZZBFJG\">局</o:CustomData><o:CustomData name=\"ZZBFJGDM\">A</o:CustomData><o:CustomData name=\"ZZBFRQ\">20210108</o:CustomData><o:CustomData name=\"ZZMC\">证</o:CustomData></o:CuslomDatas></r>"
        ),
        (
            "pinyin_initials", "xml", "dialect_case: upper, dialect_style: attribute, ",
            "<r ZZBS=\"I\" ZZBH=\"N\" CZZT=\"甲\" CZZTDM=\"C\" CZZTDMLXDM=\"111\" ZZBFJG=\"局\" ZZBFJGDM=\"A\" ZZBFRQ=\"20210108\" ZZMC=\"证\"><id>1</id></r>"
        ),
        (
            "licence_dto", "json", "",
            #"{"id":"1","license_code":"I","id_code":"N","holder_name":"甲","holder_identity_num":"C","holder_identity_type":"111","issue_org_name":"局","issue_org_code":"A","issue_date":"2021-01-08 00:00:00","begin_date":"2021-01-08","license_status":"ISSUED","name":"证"}"#
        ),
        (
            "shandong_share", "json",
            "authority.name: $.a, authority.code: $.b, issued_on: { from: $.d, date: yyyyMMdd }, ",
            #"{"id":"1","cert_identifier":"I","certno":"N","holder":"甲","holderCode":"C","holderTypeCode":"111","a":"局","b":"A","d":"20210108","zzyxqqsrq":"20210108","certName":"证"}"#
        ),
    ]

    @Test(arguments: families) func `read the six families of names`(
        name: String, format: String, how: String, record: String
    ) throws {
        let one = try OneRecord(
            fields: "{ dialect: \(name), \(how)status: { constant: valid } }", format: format,
            rest: "face_fields: { keep: none, known: [certificate_name] }")
        let licence = try one.licence(record)
        #expect(licence.identifier?.raw == "I")
        #expect(licence.number?.raw == "N")
        #expect(licence.holders == [Holder(kind: HolderCodeKind(rawValue: "111"), code: "C", name: "甲")])
        #expect(licence.issuingAuthority?.name == "局" && licence.issuingAuthority?.code == "A")
        #expect(licence.issuedOn == CalendarDay("2021-01-08"))
        #expect(licence.faceFields == [FaceField("certificate_name", "证")])
        if record.contains("99991231") || record.contains("长期") { #expect(licence.validity.until == .openEnded) }
    }

    @Test func `have the type's code, which a manifest need not name`() throws {
        let text = OneRecord.manifest(
            fields: "{ dialect: licence_dto }", top: "status: []",
            type: "licence_type_from: { codes: [\"11100000000013127D916\"] }")
        let (manifest, findings) = OneRecord.linter.lint(
            text: text, folder: "Adapters/example-library", licenceTypes: Fixtures.types)
        #expect(findings.map(\.text) == [])
        guard case .from(let path, _)? = manifest?.interfaces.first?.types else {
            return #expect(Bool(false), "no path")
        }
        #expect(path.text == "$['license_item_code']")
    }

    @Test func `change the mapping's revision when a table behind it changes`() throws {
        func revision(_ values: String) throws -> String? {
            let folder = NSTemporaryDirectory() + "dialects-\(UInt64.random(in: 0 ... .max))"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.createDirectory(
                atPath: folder + "/vocabularies", withIntermediateDirectories: true)
            try
                "vocabulary_version: 1\nname: words\ndoc: d\nsource: s\nverified: false\nof: status\nvalues: \(values)\n"
                .write(toFile: folder + "/vocabularies/words.yaml", atomically: true, encoding: .utf8)
            let text = OneRecord.manifest(
                fields: "{ number: $.no, status: { from: $.zt, vocabulary: words } }", top: "status: []")
            return ManifestLinter(dialectsFolder: folder).lint(
                text: text, folder: "Adapters/example-library", licenceTypes: Fixtures.types
            ).manifest?.mappingRevision
        }
        let first = try revision("{ a: valid }")
        #expect(first != nil)
        #expect(try revision("{ a: valid }") == first)
        #expect(try revision("{ a: revoked }") != first)
    }
}
