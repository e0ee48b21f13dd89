// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The executable of tap-rest-api-msdk, when it is installed; `Scripts/test --all` installs it from PyPI.
private let tap = ProcessInfo.processInfo.environment["LICGATE_TAP"]

@Suite struct `A tap from the Python package index` {
    @Test(.enabled(if: tap != nil, "set LICGATE_TAP to the executable of tap-rest-api-msdk"))
    func `fills the catalogue from the city as the city's own ledger has it`() async throws {
        let tap = try #require(tap)
        let bench = try await CityBench(
            records: ["yuhua-e-licence": 1500], extra: "taps:\n  tap-rest-api-msdk: { executable: \(tap) }")
        // The same `fields` as the manifest that asks over HTTP; only the way in differs.
        let own = try String(contentsOfFile: repository + "/Adapters/yuhua-e-licence/manifest.yaml", encoding: .utf8)
        let types = try #require(own.range(of: "    licence_type_from:"))
        let pull = try #require(own.range(of: "    pull:\n"))
        let fields = try #require(own.range(of: "    fields:\n"))
        let face = try #require(own.range(of: "    face_fields:"))
        let manifest = """
            manifest_version: 1
            id: yuhua-e-licence
            name: 雨花区电子证照库
            owner: 雨花区人民政府
            kind: declarative
            simulated: true
            limits: { timeout: 30s, stall_timeout: 60s, response_bytes: 8MiB, requests_per_second: 1, pages_per_run: 1000 }
            interfaces:
              - name: licences
            \(own[types.lowerBound..<pull.lowerBound])\
                tap:
                  program: tap-rest-api-msdk
                  stream: licences
                  config: '\(Self.configuration)'
                  mode: snapshot
                  memory: 4GiB
                  key: [$.recordId]
                  version: { from: $.updatedAt, kind: time, format: "yyyy-MM-dd HH:mm:ss" }
            \(own[fields.lowerBound..<face.lowerBound])\
                face_fields:
                  keep: none
                  named: { premisesAddress: $.extendInfo_premisesAddress, remark: $.extendInfo_remark }
            """
        try bench.folder.write("adapters/yuhua-e-licence/manifest.yaml", manifest)
        let config = try String(contentsOfFile: bench.config, encoding: .utf8)
            .replacing("adapters: \(repository)/Adapters", with: "adapters: adapters")
        try bench.folder.write("gateway.yaml", config)
        let linted = try await bench.run("lint")
        #expect(linted.status == 0, "\(linted.out) \(linted.err)")
        let first = try await bench.run("sync", "--outside-hours", "yuhua-e-licence")
        #expect(first.status == 0, "\(first.err)")
        try await bench.expectLedger(["yuhua-e-licence"])
        let second = try await bench.run("sync", "--outside-hours", "yuhua-e-licence", "--format", "json")
        #expect(second.status == 0 && second.out.contains("\"unchanged\": 1500"), "\(second.out) \(second.err)")
    }

    /// It flattens what is nested, so the two fields of `extendInfo` stand elsewhere; and a field that its guess of the
    /// schema did not meet would be dropped, so it guesses from many records.
    private static let configuration = """
        {"api_url": "${config:base_url}", "headers": {"X-App-Key": "${secret:yuhua_e_licence_key}"}, \
        "pagination_request_style": "page_number_paginator", "pagination_next_page_param": "page", \
        "next_page_token_path": "$.data.data.dataList[0].recordId", "streams": [{"name": "licences", \
        "path": "/dzzz/licences", "params": {"size": 500}, "records_path": "$.data.data.dataList[*]", \
        "primary_keys": ["recordId"], "num_inference_records": 2000}]}
        """
}
