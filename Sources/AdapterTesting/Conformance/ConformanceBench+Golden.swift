// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import Foundation
import LicenceModel

extension ConformanceBench {
    // C01
    mutating func lintsClean() {
        for finding in adapter.findings { expect(false, "lint: \(finding.text)") }
        guard let description = source([])?.source.describe() else { return }
        expect(description.id.rawValue == adapter.folderName, "the id `\(description.id)` is not the folder's name")
        expect(!description.owner.isEmpty && !description.name.isEmpty, "name or owner is missing")
        expect(!description.interfaces.isEmpty, "it offers no interface")
    }

    // C02
    mutating func describesItself() async {
        guard let (source, transport) = source([]) else { return }
        let description = source.describe()
        expect(description == source.describe(), "it describes itself differently the second time")
        if let again = self.source([])?.source.describe() {
            expect(description == again, "a second adapter of the same manifest describes itself differently")
        }
        expect(transport.count == 0, "describing itself opens a connection")
        for interface in description.interfaces {
            expect(!interface.licenceTypes.isEmpty, "\(interface.id) offers no licence type")
            expect(
                !interface.pulls.isEmpty || !interface.questions.isEmpty,
                "\(interface.id) can neither be pulled nor asked")
            guard let registered = adapter.registeredTypes else { continue }
            for type in interface.licenceTypes where !registered.contains(type) {
                expect(false, "\(interface.id) offers \(type), which is not registered")
            }
        }
    }

    /// What a golden case gives.
    mutating func outcome(of golden: GoldenCase) async -> (text: String, isError: Bool, records: [Licence])? {
        guard let interface = interfaces().first(where: { $0.id.name == golden.interface }) else {
            expect(false, "\(golden.words): there is no such interface")
            return nil
        }
        let drop = golden.dropCopy()
        defer { try? FileManager.default.removeItem(atPath: drop) }
        guard let (source, transport) = source(golden.answers(), repeatsLast: false, folder: drop) else { return nil }
        if golden.isQuestion {
            guard let question = golden.question() else {
                expect(false, "\(golden.words): question.json cannot be read")
                return nil
            }
            switch await find(source, question) {
            case .success(let finding):
                if case .records(let records) = finding { return (GoldenText.finding(finding), false, records) }
                return (GoldenText.finding(finding), false, [])
            case .failure(let error): return (GoldenText.error(error), true, [])
            }
        }
        let (batches, error) =
            golden.isDrop
            ? await pull(source, request(interface)) : await firstPage(source, transport, request(interface))
        if let error { return (GoldenText.error(error), true, []) }
        return (GoldenText.records(batches), false, batches.flatMap(\.records))
    }

    // C03
    mutating func mapsGoldenCases() async {
        let update = GoldenCase.update
        expect(!update.refused, "UPDATE_GOLDEN is refused in CI")
        let cases = GoldenCase.all(of: adapter)
        for interface in interfaces()
        where !cases.contains(where: { $0.interface == GoldenCase.standIn(for: interface.id.name, adapter) }) {
            expect(false, "\(interface.id) has no golden case in fixtures/\(interface.id.name)/")
        }
        for golden in cases {
            guard let found = await outcome(of: golden) else { continue }
            if update.wanted {
                golden.rewrite(found.text, isError: found.isError)
                continue
            }
            guard let expected = golden.expected() else {
                expect(false, "\(golden.words): neither expected.json nor expected-error.txt")
                continue
            }
            expect(
                expected.text == found.text && expected.isError == found.isError,
                "\(golden.words): not what is expected; first difference: \(Self.difference(expected.text, found.text))"
            )
        }
    }

    private static func difference(_ expected: String, _ found: String) -> String {
        let (a, b) = (expected.split(separator: "\n"), found.split(separator: "\n"))
        for (left, right) in zip(a, b) where left != right { return "expected `\(left)`, found `\(right)`" }
        return "\(a.count) lines expected, \(b.count) found"
    }

    // C04
    mutating func recordsAreWhole() async {
        for golden in GoldenCase.all(of: adapter) {
            guard let found = await outcome(of: golden) else { continue }
            for record in found.records {
                expect(
                    !record.key.parts.isEmpty && record.key.parts.allSatisfy { !$0.isEmpty },
                    "\(golden.words): a record has an empty key")
                expect(!record.typeCode.rawValue.isEmpty, "\(golden.words): a record has no type")
                expect(
                    record.identifier != nil || record.number != nil || !record.holders.isEmpty,
                    "\(golden.words): a record has neither identifier nor number nor holder")
                let texts = [record.identifier?.raw, record.number?.raw] + record.holders.map { $0.code as String? }
                expect(!texts.contains(""), "\(golden.words): an absent field was made an empty text")
                expect(record.faceFields.allSatisfy { !$0.value.isEmpty }, "\(golden.words): an empty face field")
            }
        }
    }

    // C05
    mutating func resumes() async {
        for golden in GoldenCase.all(of: adapter) where !golden.isQuestion {
            guard let interface = interfaces().first(where: { $0.id.name == golden.interface }) else { continue }
            let first = await page(golden, request(interface))
            let second = await page(golden, request(interface))
            expect(
                first.map(\.contentDigest) == second.map(\.contentDigest) && first.map(\.key) == second.map(\.key),
                "\(golden.words): the same page gives other records the second time")
            guard !golden.isDrop, let (source, transport) = source(golden.answers(), repeatsLast: false) else {
                continue
            }
            let batches = await firstPage(source, transport, request(interface)).batches
            guard let cursor = batches.last?.resume else { continue }
            expect(cursor.rawValue.utf8.count <= 4096, "\(golden.words): the cursor is longer than 4 KiB")
            let mode: PullMode = interface.pulls.contains(.incremental) ? .incremental : .full
            guard let (again, fresh) = self.source(golden.answers(), repeatsLast: false) else { continue }
            let (resumed, error) = await firstPage(again, fresh, request(interface, mode, resume: cursor))
            // A page that is older than the cursor may be refused as going back; anything else has to be the same page.
            if let error, error.code != .totalMismatch, error.code != .cursorWentBack {
                expect(false, "\(golden.words): a fresh adapter does not take up at the cursor: \(error)")
            } else if error == nil {
                expect(
                    resumed.flatMap(\.records).map(\.contentDigest) == first.map(\.contentDigest),
                    "\(golden.words): a page delivered twice gives other records")
            }
            expect(fresh.count >= 1, "\(golden.words): nothing was asked after resuming")
        }
    }

    private mutating func page(_ golden: GoldenCase, _ request: PullRequest) async -> [Licence] {
        let drop = golden.dropCopy()
        defer { try? FileManager.default.removeItem(atPath: drop) }
        guard let (source, transport) = source(golden.answers(), repeatsLast: false, folder: drop) else { return [] }
        let found = golden.isDrop ? await pull(source, request) : await firstPage(source, transport, request)
        return found.batches.flatMap(\.records)
    }

    // C07
    mutating func keepsCodes() async {
        for golden in GoldenCase.all(of: adapter) {
            guard let text = String(validating: golden.readable(), as: UTF8.self),
                let found = await outcome(of: golden)
            else {
                continue
            }
            let canonical = CanonicalCode.of(text)
            for record in found.records {
                let codes =
                    record.key.parts + [record.identifier?.raw, record.number?.raw].compactMap { $0 }
                    + record.holders.map(\.code)
                for code in codes where !canonical.contains(CanonicalCode.of(code)) {
                    expect(false, "\(golden.words): a code of the record is not in the answer as it was written")
                }
            }
        }
    }
}
