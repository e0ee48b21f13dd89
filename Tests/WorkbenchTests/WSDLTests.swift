// SPDX-License-Identifier: Apache-2.0
import DeclarativeAdapter
import Diagnostics
import Foundation
import Testing

@testable import Workbench

extension Documents {
    /// As a .NET service publishes it: SOAP 1.1, 1.2 and plain HTTP side by side, data contracts in a namespace of theirs.
    static let contracts = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="urn:contracts" targetNamespace="urn:contracts" elementFormDefault="qualified">
          <xs:complexType name="Base"><xs:sequence><xs:element name="recordId" type="xs:string"/></xs:sequence></xs:complexType>
          <xs:complexType name="Cert"><xs:complexContent><xs:extension base="c:Base"><xs:sequence>
            <xs:element name="certNo" type="xs:string"/><xs:element name="holderName" type="xs:string"/>
            <xs:element name="holderCode" type="c:Code"/><xs:element name="validTo" type="xs:date" minOccurs="0"/>
            <xs:element name="parent" type="c:Cert" minOccurs="0"/>
          </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
          <xs:complexType name="Certs"><xs:sequence><xs:element name="Cert" type="c:Cert" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
          <xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:maxLength value="18"/></xs:restriction></xs:simpleType>
        </xs:schema>
        """

    static func dotNet(_ types: String) -> String {
        """
        <?xml version="1.0" encoding="utf-8"?>
        <wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="http://tempuri.org/" xmlns:s11="http://schemas.xmlsoap.org/wsdl/soap/"
            xmlns:s12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:http="http://schemas.xmlsoap.org/wsdl/http/"
            xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="urn:contracts" targetNamespace="http://tempuri.org/">
          <wsdl:types>\(types)<xs:schema targetNamespace="http://tempuri.org/" elementFormDefault="qualified">
            <xs:import namespace="urn:contracts" schemaLocation="contracts.xsd"/>
            <xs:element name="List"><xs:complexType><xs:sequence><xs:element name="page" type="xs:int"/><xs:element name="size" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
            <xs:element name="ListResponse"><xs:complexType><xs:sequence><xs:element name="ListResult" type="c:Certs"/></xs:sequence></xs:complexType></xs:element>
          </xs:schema></wsdl:types>
          <wsdl:message name="in"><wsdl:part name="parameters" element="tns:List"/></wsdl:message>
          <wsdl:message name="out"><wsdl:part name="parameters" element="tns:ListResponse"/></wsdl:message>
          <wsdl:portType name="Port"><wsdl:operation name="List"><wsdl:input message="tns:in"/><wsdl:output message="tns:out"/></wsdl:operation></wsdl:portType>
          <wsdl:binding name="Get" type="tns:Port"><http:binding verb="GET"/><wsdl:operation name="List"><http:operation location="/List"/></wsdl:operation></wsdl:binding>
          <wsdl:binding name="B12" type="tns:Port"><s12:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="List">
            <s12:operation soapAction="urn:List" style="document"/><wsdl:input><s12:body use="literal"/></wsdl:input><wsdl:output><s12:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>
          <wsdl:binding name="B11" type="tns:Port"><s11:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="List"><s11:operation soapAction="urn:List11"/></wsdl:operation></wsdl:binding>
          <wsdl:service name="S"><wsdl:port name="g" binding="tns:Get"><http:address location="http://a.example.cn/get"/></wsdl:port>
            <wsdl:port name="p" binding="tns:B12"><s12:address location="http://a.example.cn/Cert.svc"/></wsdl:port></wsdl:service>
        </wsdl:definitions>
        """
    }

    /// As an old Axis service publishes it: RPC style, and a text that holds the document.
    static let axis = """
        <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="urn:q" xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:q">
          <message name="queryRequest"><part name="sfzh" type="xsd:string"/><part name="pageNo" type="xsd:int"/></message>
          <message name="queryResponse"><part name="return" type="xsd:string"/></message>
          <portType name="P"><operation name="query"><input message="tns:queryRequest"/><output message="tns:queryResponse"/></operation></portType>
          <binding name="B" type="tns:P"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/><operation name="query"><soap:operation soapAction=""/>
            <input><soap:body use="encoded" namespace="urn:ws" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></input><output><soap:body use="literal" namespace="urn:ws"/></output></operation></binding>
          <service name="S"><port name="p" binding="tns:B"><soap:address location="http://10.1.1.1:8080/services/Q"/></port></service>
        </definitions>
        """
}

@Suite struct `A WSDL` {
    @Test func `of a NET service gives SOAP 1_2 with every element in its own namespace`() throws {
        let operation = try Documents.soap([Documents.dotNet(Documents.contracts)])
        #expect(operation.name == "List" && operation.missing.isEmpty)
        #expect(operation.request.url == "http://a.example.cn/Cert.svc" && operation.request.action == "urn:List")
        #expect(
            operation.request.body
                == #"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><q:List xmlns:q="http://tempuri.org/"><q:page>1</q:page><q:size>100</q:size></q:List></s:Body></s:Envelope>"#
        )
        let answer = Documents.answer(operation)
        let cert =
            "<q1:Cert><q1:recordId></q1:recordId><q1:certNo></q1:certNo><q1:holderName></q1:holderName><q1:holderCode></q1:holderCode><q1:validTo>2026-01-31</q1:validTo><q1:parent></q1:parent></q1:Cert>"
        #expect(answer.contains(cert + cert) && answer.contains(#"xmlns:q1="urn:contracts""#), "\(answer)")
        let proposal = try Documents.proposal(operation)
        let made = try Documents.outline(proposal)
        #expect(Verdict.plain(made.records) == "/Envelope/Body/ListResponse/ListResult/Cert")
        #expect(made.pages == "page_number" && Verdict.plain(made.key.first ?? "") == "recordId")
        #expect(proposal.manifest.contains("kind: soap12") && proposal.manifest.contains("action: \"urn:List\""))
        #expect(proposal.manifest.contains("${page}") && proposal.manifest.contains("${page_size}"))
    }

    @Test func `with its schema in a file beside it is the same, and without it names what is missing`() throws {
        let both = try Documents.soap([Documents.dotNet(""), Documents.contracts])
        #expect(Documents.answer(both) == Documents.answer(try Documents.soap([Documents.dotNet(Documents.contracts)])))
        let alone = try Documents.soap([Documents.dotNet("")], named: "List")
        #expect(alone.missing == ["c:Certs (imported: contracts.xsd)"] && alone.answer == nil)
        #expect(alone.request.body?.contains("<q:page>1</q:page>") == true)
    }

    @Test func `in RPC style gives a call with its parts, and asks for a sample`() throws {
        let operation = try Documents.soap([Documents.axis], named: "query")
        #expect(operation.request.origin == "http://10.1.1.1:8080" && operation.request.action == nil)
        #expect(
            operation.request.body?.contains(
                #"<q:query xmlns:q="urn:ws"><sfzh>0</sfzh><pageNo>1</pageNo></q:query>"#) == true)
        #expect(operation.answer == nil && operation.missing.isEmpty)
        #expect(WorkbenchError.needsSample.diagnostic.code == "workbench.document_says_little")
    }

    @Test(
        arguments: [
            ([], "workbench.document_unknown"), (["{}"], "workbench.document_unreadable"),
            (["<!DOCTYPE html><html/>"], "workbench.document_unreadable"),
            (["<definitions><types></definitions>"], "workbench.document_unreadable"),
            ([Documents.contracts], "workbench.document_unknown"),
            (["<description xmlns=\"http://www.w3.org/ns/wsdl\"><types/></description>"], "workbench.document_unknown"),
            (
                ["<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\"><types/></definitions>"],
                "workbench.operation_unclear"
            ),
            (Array(repeating: "<definitions><types/></definitions>", count: 65), "workbench.document_too_large"),
        ] as [([String], String)])
    func `that cannot be used is refused with a code`(texts: [String], code: String) throws {
        let error = try #require(throws: WorkbenchError.self) { try Documents.soap(texts) }
        #expect(error.diagnostic.code == code, "\(error.diagnostic.text)")
        #expect(!error.diagnostic.text.contains("the sample"))
    }
}
