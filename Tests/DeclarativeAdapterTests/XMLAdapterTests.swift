import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Testing
import Transport

@testable import DeclarativeAdapter

/// GB 18030 bytes by way of iconv's Foundation name.
private func gb18030(_ text: String) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/iconv")
    process.arguments = ["-f", "UTF-8", "-t", "GB18030"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    return Array(output.fileHandleForReading.readDataToEndOfFile())
}

@Suite struct `An XML interface in GB 18030` {
    static func bench() throws -> Bench {
        try Bench(
            status: "[ { from: /ROOT/HEAD/CODE, ok: [\"00\"], unauthenticated: [\"11\"] } ]",
            interface: """
                pull:
                  path: /bdc/list
                  query: { after: "${cursor}" }
                  pages: { kind: keyset, size_parameter: size, size: 2 }
                  records: /ROOT/DATA/RECORD
                  key: [ID]
                  version: { from: SEQ, kind: number }
                  cursor: { from: SEQ, kind: number, start: "0", inclusive: false }
                licence_type: "11100000000013127D916"
                fields:
                  number: ZZBH
                  holder.code: { from: CZZTDM, half_width: true }
                  holder.code_kind: { from: CZZTDMLXDM, map: { "111": "111" } }
                  holder.name: CZZT
                  status: { from: ZT, map: { "1": valid, "2": cancelled } }
                """, format: "xml", auth: "{ kind: basic, user: \"${config:base_url}\", password: \"${secret:key}\" }")
    }

    static func record(_ n: Int) -> String {
        "<RECORD><ID>R\(n)</ID><SEQ>\(n)</SEQ><ZZBH>湘(2026)长沙市不动产权第00\(n)号</ZZBH><CZZT>张㐂</CZZT>"
            + "<CZZTDM>４３０１０２１９９００３０７００２０</CZZTDM><CZZTDMLXDM>111</CZZTDMLXDM><ZT>1</ZT><KZ_ZL>岳麓区</KZ_ZL><KZ_MJ/></RECORD>"
    }

    static func page(_ records: String) -> String {
        "<?xml version=\"1.0\" encoding=\"GB18030\"?>\n<ROOT><HEAD><CODE>00</CODE></HEAD><DATA>\(records)</DATA></ROOT>"
    }

    @Test func `is pulled by sequence, character for character`() async throws {
        let bench = try Self.bench()
        bench.transport.record(
            .init(.get, path: "/api/bdc/list", query: ["after": "0"]),
            .answer(
                status: 200, headers: ["Content-Type": "text/xml"],
                body: try gb18030(Self.page(Self.record(1) + Self.record(2)))))
        bench.transport.record(
            .init(.get, path: "/api/bdc/list", query: ["after": "2"]),
            .answer(status: 200, headers: ["Content-Type": "text/xml"], body: try gb18030(Self.page(""))))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        let records = batches.flatMap(\.records)
        #expect(records.map(\.number?.raw) == ["湘(2026)长沙市不动产权第001号", "湘(2026)长沙市不动产权第002号"])
        #expect(records[0].holders == [Holder(kind: .residentIdentityNumber, code: "430102199003070020", name: "张㐂")])
        #expect(records[0].faceFields == [FaceField("KZ_ZL", "岳麓区")])
        #expect(batches.last?.resume?.rawValue == "{\"v\":1,\"cursor\":2}")
        #expect(bench.transport.seen[0].basicUser == "http://127.0.0.1:8080/api")
    }

    @Test(arguments: [
        (
            "a DOCTYPE", "<!DOCTYPE r [<!ENTITY a \"b\">]><ROOT><HEAD><CODE>00</CODE></HEAD><DATA/></ROOT>",
            "document.doctype_refused"
        ),
        ("no DATA at all", "<ROOT><HEAD><CODE>00</CODE></HEAD></ROOT>", "source.shape"),
        ("an unknown code", "<ROOT><HEAD><CODE>98</CODE></HEAD><DATA/></ROOT>", "source.business_status"),
        ("a code that shuts us out", "<ROOT><HEAD><CODE>11</CODE></HEAD></ROOT>", "source.unauthenticated"),
        ("a cut document", "<ROOT><HEAD><CODE>00</CODE></HEAD><DATA><RECORD><ID>", "document.truncated"),
    ]) func `is refused with its code for`(what: String, body: String, code: String) async throws {
        let bench = try Self.bench()
        bench.transport.record(.init(.get, path: "/api/bdc/list"), .text(body, type: "text/xml"))
        #expect(await bench.pull().error?.code.rawValue == code)
    }
}

@Suite struct `An XML answer in another character set than it says` {
    @Test func `is refused or set aside, never read as other characters`() async throws {
        let bench = try `An XML interface in GB 18030`.bench()
        let page = `An XML interface in GB 18030`.page(`An XML interface in GB 18030`.record(1))
        let body = try gb18030(page.replacing("encoding=\"GB18030\"", with: "encoding=\"UTF-8\""))
        bench.transport.record(
            .init(.get, path: "/api/bdc/list"), .answer(status: 200, headers: ["Content-Type": "text/xml"], body: body))
        let (batches, error) = await bench.pull()
        #expect(batches.flatMap(\.records).isEmpty)
        #expect(error?.code.rawValue.hasPrefix("document.") ?? !batches.rejects.isEmpty)
    }
}

@Suite struct `A SOAP interface` {
    static func bench() throws -> Bench {
        try Bench(
            top: """
                namespaces:
                  s: http://www.w3.org/2003/05/soap-envelope
                  h: urn:example:health
                not_found:
                  - name: no-data
                    equals: { /s:Envelope/s:Body/h:queryResponse/h:resultCode: "0" }
                    contains: { /s:Envelope/s:Body/h:queryResponse/h:resultDesc: 无数据 }
                """,
            status: "[ { from: /s:Envelope/s:Body/h:queryResponse/h:resultCode, ok: [\"1\"] } ]",
            interface: """
                pull:
                  method: POST
                  path: /services/certificates
                  body:
                    kind: soap12
                    action: urn:query
                    template: |
                      <h:query xmlns:h="urn:example:health"><h:from>${cursor}</h:from><h:page>${page}</h:page></h:query>
                  pages: { kind: page_number, size: 1 }
                  has_more: /s:Envelope/s:Body/h:queryResponse/h:hasMore
                  records: /s:Envelope/s:Body/h:queryResponse/h:list/h:item
                  key: [h:id]
                  version: { from: h:updated, kind: time, format: "yyyy-MM-dd HH:mm:ss" }
                  cursor: { from: h:updated, kind: time, format: "yyyy-MM-dd HH:mm:ss", start: "2000-01-01 00:00:00" }
                find:
                  number:
                    path: /services/certificates
                    body: { kind: soap12, template: "<h:query xmlns:h=\\"urn:example:health\\"><h:no>${number}</h:no></h:query>" }
                licence_type: "11100000000013127D916"
                fields: { number: h:no, status: { from: h:state, map: { "1": valid } } }
                """, format: "xml")
    }

    /// Other prefixes than the manifest's, one of them the default: only the URI counts.
    static func answer(_ inner: String) -> RecordedTransport.Outcome {
        .text(
            "<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\"><soap:Body>"
                + "<queryResponse xmlns=\"urn:example:health\">\(inner)</queryResponse></soap:Body></soap:Envelope>",
            type: "application/soap+xml; charset=utf-8")
    }

    static func item(_ n: Int) -> String {
        "<item><id>H\(n)</id><no>N&amp;\(n)</no><state>1</state><updated>2026-01-0\(n) 00:00:00</updated></item>"
    }

    @Test func `is pulled whatever prefixes it uses`() async throws {
        let bench = try Self.bench()
        bench.transport.record(
            .init(.post, path: "/api/services/certificates", bodyContains: "<h:page>1</h:page>"),
            Self.answer("<resultCode>1</resultCode><hasMore>true</hasMore><list>\(Self.item(1))</list>"))
        bench.transport.record(
            .init(.post, path: "/api/services/certificates", bodyContains: "<h:page>2</h:page>"),
            Self.answer("<resultCode>1</resultCode><hasMore>false</hasMore><list>\(Self.item(2))</list>"))
        let (batches, error) = await bench.pull()
        #expect(error == nil)
        #expect(batches.flatMap(\.records).map(\.number?.raw) == ["N&1", "N&2"])
        let seen = bench.transport.seen[0]
        #expect(seen.headers.first("Content-Type") == "application/soap+xml; charset=utf-8; action=\"urn:query\"")
        #expect(String(decoding: seen.body, as: UTF8.self).contains("<h:from>2000-01-01 00:00:00</h:from>"))
    }

    @Test(arguments: [("Sender", "source.business_status", false), ("Receiver", "source.unavailable", true)])
    func `treats a fault as a failure whatever HTTP says`(who: String, code: String, again: Bool) async throws {
        let fault =
            "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><s:Fault><s:Code><s:Value>s:\(who)</s:Value></s:Code><s:Reason><s:Text>430102199003070020</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"
        for status in [200, 500] {
            let bench = try Self.bench()
            bench.transport.record(
                .init(.post, path: "/api/services/certificates"),
                .text(fault, status: status, type: "application/soap+xml"))
            let error = await bench.pull().error
            #expect(error?.code.rawValue == code)
            #expect(error?.isRetriable == again)
            #expect(error?.description.contains("430102") == false)
        }
    }

    @Test func `escapes what is asked, and knows none when it sees it`() async throws {
        let bench = try Self.bench()
        bench.transport.record(
            .init(.post, path: "/api/services/certificates", bodyContains: "<h:no>A&amp;&lt;B&gt;</h:no>"),
            Self.answer("<resultCode>0</resultCode><resultDesc>查询无数据返回</resultDesc>"))
        let finding = try await bench.find(.number(LicenceNumber("A&<B>"), LicenceTypeCode("11100000000013127D916")))
        #expect(finding == .none(evidence: "no-data"))
    }

    @Test func `gives rejects whose prefixes survive alone`() async throws {
        let bench = try Self.bench()
        bench.transport.record(
            .init(.post, path: "/api/services/certificates"),
            Self.answer(
                "<resultCode>1</resultCode><hasMore>false</hasMore><list>\(Self.item(1).replacing("<state>1", with: "<state>8"))</list>"
            ))
        let reject = try #require(await bench.pull().batches.first?.rejects.first)
        guard case .failure(let error) = bench.source.remap(reject) else { return #expect(Bool(false), "mapped") }
        #expect(error.code.rawValue == "record.value_unknown")
    }
}
