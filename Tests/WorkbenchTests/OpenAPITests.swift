// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import Testing

@testable import Workbench

/// Documents as systems publish them, cut to one operation.
enum Documents {
    static func operation(_ text: String, named: String? = nil) throws -> DocumentedOperation {
        try InterfaceDocument.choose(House.proposer.operations(openAPI: Array(text.utf8)), named: named)
    }

    static func soap(_ texts: [String], named: String? = nil) throws -> DocumentedOperation {
        try InterfaceDocument.choose(House.proposer.operations(wsdl: texts.map { Array($0.utf8) }), named: named)
    }

    static func answer(_ operation: DocumentedOperation) -> String {
        String(decoding: operation.answer ?? [], as: UTF8.self)
    }

    /// What `adapter new` proposes of it, and what lint makes of that.
    static func proposal(_ operation: DocumentedOperation, _ way: ProposalInput.Way = .pull) throws -> Proposal {
        var input = ProposalInput(
            id: "a-source", sample: try #require(operation.answer), sampleName: "document", today: "2026-11-25")
        input.isDocumented = true
        input.request = operation.request
        input.authentication = operation.authentication
        input.way = way
        return try House.proposer.propose(input)
    }

    static func outline(_ proposal: Proposal) throws -> ManifestOutline {
        let (manifest, findings) = House.linter.lint(
            text: proposal.manifest, folder: "a-source", licenceTypes: House.register.codes)
        return try #require(manifest?.outlines.first, "\(findings.map(\.text))")
    }

    static let openAPI30 = """
        openapi: 3.0.3
        info: { title: 示例区电子证照库, version: "1" }
        servers:
          - url: "https://{host}/{base}"
            variables:
              host: { default: zz.example.cn, enum: [zz.example.cn, test.example.cn] }
              base: { default: api/v1 }
        paths:
          /ping: { get: { responses: { "200": { description: ok } } } }
          /licences:
            parameters: [{ $ref: "#/components/parameters/page" }]
            get:
              security: [{ key: [] }]
              parameters:
                - { name: size, in: query, schema: { type: integer, default: 50 } }
                - { name: updatedSince, in: query, schema: { type: string, format: date-time } }
              responses:
                "204": { description: none }
                "200":
                  description: ok
                  content:
                    application/json;charset=UTF-8: { schema: { $ref: "#/components/schemas/Page" } }
        components:
          parameters:
            page: { name: page, in: query, schema: { type: integer, default: 1 } }
          securitySchemes:
            key: { type: apiKey, in: header, name: X-App-Key }
          schemas:
            Base: { type: object, properties: { code: { type: string, example: "200" }, msg: { type: string } } }
            Page:
              allOf:
                - $ref: "#/components/schemas/Base"
                - properties:
                    data:
                      properties:
                        total: { type: integer }
                        items: { type: array, items: { $ref: "#/components/schemas/Licence" } }
            Licence:
              properties:
                recordId: { type: string }
                certificateIdentifier: { type: string }
                certificateTypeCode: { type: string }
                certificateStatus: { type: string }
                certificateHolderTypeCode: { type: string }
                certificateHolderCode: { type: string }
                certificateHolderName: { allOf: [{ type: string }], description: 持证主体 }
                certificateExpiringDate: { type: string, format: date }
                updatedAt: { type: string, format: date-time }
                parent: { $ref: "#/components/schemas/Licence" }
        """

    static let swagger2 = """
        {"swagger":"2.0","info":{"title":"证照共享","version":"1"},"host":"10.0.0.8:8080","basePath":"/dzzz",
        "schemes":["http","https"],"securityDefinitions":{"k":{"type":"apiKey","in":"query","name":"appKey"}},
        "security":[{"k":[]}],
        "paths":{"/cert/list":{"post":{"parameters":[{"in":"body","name":"q","schema":{"$ref":"#/definitions/Query"}}],
        "responses":{"200":{"description":"OK","schema":{"$ref":"#/definitions/Result%C2%ABList%C2%ABCert%C2%BB%C2%BB"}},
        "401":{"description":"Unauthorized"}}}},
        "/cert/form":{"post":{"parameters":[{"in":"formData","name":"pageNum","type":"integer","default":1},
        {"in":"formData","name":"xm","type":"string"}],"responses":{"200":{"description":"OK"}}}}},
        "definitions":{"Query":{"type":"object","properties":{"pageNum":{"type":"integer"},"pageSize":{"type":"integer"}}},
        "Result«List«Cert»»":{"type":"object","properties":{"code":{"type":"integer"},
        "data":{"type":"array","items":{"$ref":"#/definitions/Cert"}},"success":{"type":"boolean"}}},
        "Cert":{"type":"object","properties":{"id":{"type":"string"},"zzbs":{"type":"string"},"czzt":{"type":"string"},
        "czztdm":{"type":"string"},"zzyxqjzrq":{"type":"string"},"gxsj":{"type":"string"}}}}}
        """
}

@Suite struct `An OpenAPI document` {
    @Test func `of 3_0 gives the address with its variables, the parameters of path and operation, and the key`() throws
    {
        let operation = try Documents.operation(Documents.openAPI30)
        #expect(operation.name == "GET /licences" && operation.title == "示例区电子证照库" && operation.missing.isEmpty)
        #expect(operation.authentication == .header("X-App-Key"))
        #expect(operation.request.origin == "https://zz.example.cn" && operation.request.path == "/api/v1/licences")
        #expect(operation.request.query.map(\.name) == ["page", "size", "updatedSince"])
        #expect(operation.request.query.map(\.value) == ["1", "50", "2026-01-31T08:00:00+08:00"])
        let answer = Documents.answer(operation)
        #expect(answer.hasPrefix(#"{"code":"200","msg":"","data":{"total":1000,"items":[{"recordId":"""#), "\(answer)")
        #expect(answer.contains(#""certificateHolderName":"""#) && answer.contains(#""parent":null"#))
    }

    @Test func `of the tutorial says what the tutorial says of it`() throws {
        let path = House.root + "/docs/tutorial/connect-an-interface/district-library.openapi.yaml"
        let operation = try Documents.operation(try String(contentsOfFile: path, encoding: .utf8))
        #expect(operation.name == "GET /licences" && operation.authentication == .header("X-App-Key"))
        #expect(operation.request.origin == "http://127.0.0.1:8491" && operation.request.path == "/dzzz/licences")
        let made = try Documents.outline(Documents.proposal(operation))
        #expect(made.records == "$.data.data.dataList" && made.key == ["$.recordId"])
        #expect(made.cursor?.first == "$.updatedAt" && made.pageParameter == "page")
    }

    @Test func `becomes a manifest in which nothing is sure`() throws {
        let proposal = try Documents.proposal(Documents.operation(Documents.openAPI30))
        let made = try Documents.outline(proposal)
        #expect(made.records == "$.data.items" && made.pages == "page_number" && made.pageParameter == "page")
        #expect(made.key == ["$.recordId"] && made.cursor?.first == "$.updatedAt")
        #expect(made.fields["holder.code"]?.places == ["$.certificateHolderCode"])
        #expect(proposal.settings.contains { $0.name == "base_url" && $0.meaning == "https://zz.example.cn" })
        #expect(proposal.manifest.contains("updatedSince: \"${cursor}\"") && proposal.unconfirmed >= 5)
    }

    @Test func `of 3_1 knows several types, constants and definitions that hold themselves`() throws {
        let operation = try Documents.operation(
            """
            {"openapi":"3.1.0","info":{"title":"t","version":"1"},"servers":[{"url":"/gw"}],"paths":{"/a":{"get":{
            "security":[{},{"o":["read"]}],
            "responses":{"2XX":{"description":"","content":{"application/vnd.city+json":{"schema":{
            "$ref":"#/components/schemas/R"}}}}}}}},"components":{"securitySchemes":{"o":{"type":"oauth2","flows":{
            "clientCredentials":{"tokenUrl":"https://login.example.cn/token","scopes":{"read":""}}}}},
            "schemas":{"R":{"type":"object","properties":{"status":{"const":"OK"},"list":{"type":["null","array"],
            "items":{"anyOf":[{"type":"null"},{"$ref":"#/components/schemas/L"}]}}}},
            "L":{"type":["object","null"],"properties":{"id":{"type":["string","null"],"examples":["a-1"]},
            "holderName":{"type":"string"},"creditCode":{"type":"string"},"level":{"enum":["A","B"]},
            "children":{"type":"array","items":{"$ref":"#/components/schemas/L"}}}}}}}
            """)
        let answer = Documents.answer(operation)
        #expect(answer.hasPrefix(#"{"status":"OK","list":[{"id":"a-1","holderName":"","creditCode":"","level":"A","#))
        #expect(answer.contains(#""children":[null,null]"#), "\(answer)")
        #expect(
            operation.authentication == .oauth2(path: "/token", origin: "https://login.example.cn", scope: "read"))
        let proposal = try Documents.proposal(operation)
        #expect(try Documents.outline(proposal).path == "/gw/a")
        #expect(proposal.manifest.contains("auth: { kind: oauth2, base_url: \"${config:login_url}\", path: /token"))
        #expect(proposal.settings.map(\.name) == ["base_url", "login_url", "client_id"])
        #expect(proposal.settings[0].meaning == "the system's address, https")
    }

    @Test func `of Swagger 2 is read with its host, its body and names in guillemets`() throws {
        let operation = try Documents.operation(Documents.swagger2)
        #expect(operation.name == "POST /cert/list" && operation.authentication == .query("appKey"))
        #expect(operation.request.url == "https://10.0.0.8:8080/dzzz/cert/list")
        #expect(operation.request.body == #"{"pageNum":1,"pageSize":100}"#)
        let made = try Documents.outline(Documents.proposal(operation))
        #expect(made.records == "$.data" && made.key == ["$.id"])
        // Nothing in its body asks for changes.
        #expect(made.cursor == nil)
        let form = try Documents.operation(Documents.swagger2, named: "/cert/form")
        #expect(form.request.body == "pageNum=1&xm=0" && form.answer == nil)
    }

    @Test func `with parts in its path asks the configuration for them`() throws {
        let text = """
            openapi: 3.0.0
            paths:
              /regions/{regionCode}/licences/{licenceNo}:
                get:
                  parameters: [{ name: X-Access-Token, in: header, schema: { type: string } }]
                  responses:
                    "200":
                      content:
                        application/json:
                          schema: { properties: { code: { type: integer }, data: { properties: { id: {}, holderName: {}, holderCode: {}, licenceNo: {}, validUntil: {} } } } }
            """
        let operation = try Documents.operation(text)
        #expect(operation.authentication == .header("X-Access-Token"))
        let asked = try Documents.proposal(operation, .find(.number))
        #expect(try Documents.outline(asked).path == "/regions/${config:region_code}/licences/${config:licence_no}")
        #expect(
            asked.conclusions.contains {
                $0.doubt?.contains("use another operation, or write this one in Swift") == true
            })
        #expect(asked.settings.contains { $0.name == "region_code" })
        let pulled = try Documents.proposal(operation)
        #expect(try Documents.outline(pulled).path == "/regions/${config:region_code}/licences/${config:licence_no}")
    }

    @Test func `takes its examples, whole ones written as a text and numbers with a leading nought too`() throws {
        let operation = try Documents.operation(
            #"""
            openapi: "3.0.1"
            paths:
              /a:
                post:
                  requestBody: { content: { application/x-www-form-urlencoded: { schema: { properties: { "page[no]": { type: integer } } } } } }
                  responses:
                    "200": { $ref: "#/components/responses/ok" }
            components:
              responses:
                ok: { content: { application/json: { examples: { one: { $ref: "#/components/examples/one" } }, schema: { type: object } } } }
              examples:
                one: { value: "{\"list\":[{\"id\":1,\"zzbh\":\"x\",\"czzt\":\"y\"}]}" }
            """#)
        #expect(Documents.answer(operation) == #"{"list":[{"id":1,"zzbh":"x","czzt":"y"}]}"#)
        #expect(operation.request.body == "page%5Bno%5D=1")
        #expect(RequestSample.pairs("page%5Bno%5D=1").first?.name == "page[no]")
        for number in ["001", "0x1f", "nan", "1_000", ".5", "+86"] {
            let tree = try YAMLTree.read("a: \(number)")
            #expect(ExampleWriter.json(tree) == #"{"a":"\#(number)"}"#)
        }
    }

    @Test func `that refers to other files says to which`() throws {
        let operation = try Documents.operation(
            #"{"openapi":"3.0.0","paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"properties":{"list":{"type":"array","items":{"$ref":"licence.yaml#/L"}}}}}}}}}}}}"#
        )
        #expect(operation.missing == ["licence.yaml#/L"])
        let text = WorkbenchError.incomplete(operation.missing).diagnostic.text
        #expect(text.contains("[workbench.document_incomplete]") && text.contains("licence.yaml#/L"))
    }

    @Test func `whose definitions branch into each other ends in time`() throws {
        let names = (0..<12).map { "s\($0)" }
        let all = names.map { ##""\##($0)":{"$ref":"#/components/schemas/\##($0)"}"## }.joined(separator: ",")
        let schemas = names.map { ##""\##($0)":{"type":"object","properties":{\##(all)}}"## }.joined(separator: ",")
        let operation = try Documents.operation(
            ##"{"openapi":"3.0.0","paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/s0"}}}}}}}},"components":{"schemas":{\##(schemas)}}}"##,
            named: "/a")
        #expect(operation.answer.map { $0.count < 2 << 20 } == true)
    }

    @Test(
        arguments: [
            ("<!doctype html><html></html>", "workbench.document_unreadable", nil),
            ("", "workbench.document_unreadable", nil), ("- a\n- b\n", "workbench.document_unreadable", nil),
            ("{\"openapi\": \"3.0.0\",\n  oops}", "workbench.document_unreadable", 2),
            ("openapi: 3.0.0\npaths: {\n  a: [}\n", "workbench.document_unreadable", 3),
            ("openapi: 3.0.0\ninfo: {}\ninfo: {}\n", "workbench.document_unreadable", 2),
            ("openapi: 3.0.0\nx: &a 1\ny: *a\n", "workbench.document_unreadable", nil),
            ("swagger: \"1.2\"\n", "workbench.document_unknown", nil),
            ("asyncapi: 2.0.0\n", "workbench.document_unknown", nil),
            ("openapi: 3.0.0\npaths: {}\n", "workbench.operation_unclear", nil),
        ] as [(String, String, Int?)])
    func `that cannot be used is refused with a code, and the line where there is one`(
        text: String, code: String, line: Int?
    ) throws {
        let error = try #require(throws: WorkbenchError.self) { try Documents.operation(text) }
        #expect(error.diagnostic.code == code && error.diagnostic.place.line == line, "\(error.diagnostic.text)")
        #expect(!error.diagnostic.text.contains("the sample"))
    }

    @Test func `that is a whole platform's is refused`() throws {
        let error = try #require(throws: WorkbenchError.self) {
            try Documents.operation("openapi: 3.0.0\n#" + String(repeating: "x", count: 4 << 20))
        }
        #expect(error.diagnostic.code == "workbench.document_too_large")
    }
}
