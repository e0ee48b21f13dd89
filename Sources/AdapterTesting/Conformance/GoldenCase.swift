// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Transport

/// One folder of `Adapters/<id>/fixtures/<interface>/<case>/`.
///
/// `response.<anything>` (or `response-1.…`, `response-2.…`) is what the source answers, `response.headers` its status and
/// header lines, `question.json` makes it a look-up, a folder `drop` stands for a watched folder, `opened.<anything>` is what
/// an encrypted answer holds. What has to come out is in `expected.json`, or in `expected-error.txt`.
struct GoldenCase: Sendable {
    let interface: String
    let name: String
    let folder: String

    var words: String { "\(interface)/\(name)" }

    static func all(of adapter: AdapterUnderTest) -> [GoldenCase] {
        let root = adapter.folder + "/fixtures"
        return folders(root).flatMap { interface in
            folders("\(root)/\(interface)").map {
                GoldenCase(interface: interface, name: $0, folder: "\(root)/\(interface)/\($0)")
            }
        }
    }

    /// The interface whose cases show how this one answers: another one where `fixtures/stands-for.txt` has a line
    /// `other: this …`, as among the rows of a table that talk alike; else itself.
    static func standIn(for interface: String, _ adapter: AdapterUnderTest) -> String {
        guard let text = try? String(contentsOfFile: adapter.folder + "/fixtures/stands-for.txt", encoding: .utf8)
        else {
            return interface
        }
        for line in text.split(separator: "\n") {
            let sides = line.split(separator: ":", maxSplits: 1)
            guard sides.count == 2, sides[1].split(separator: " ").contains(Substring(interface)) else { continue }
            return String(sides[0])
        }
        return interface
    }

    /// The answer to a request for a token.
    static func login(of adapter: AdapterUnderTest) -> [UInt8] {
        FileManager.default.contents(atPath: adapter.folder + "/fixtures/login.json").map { Array($0) } ?? []
    }

    /// Keys that open golden answers, synthetic as everything in them: `fixtures/keys.json`, by the secret's name.
    static func keys(of adapter: AdapterUnderTest) -> [String: String] {
        FileManager.default.contents(atPath: adapter.folder + "/fixtures/keys.json")
            .flatMap { try? JSONDecoder().decode([String: String].self, from: $0) } ?? [:]
    }

    private static func folders(_ path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && isFolder.boolValue
        }.sorted()
    }

    var isDrop: Bool { FileManager.default.fileExists(atPath: folder + "/drop") }
    /// The watched folder as a copy, since a reader may move what it has taken; whoever asked removes it.
    func dropCopy() -> String {
        let copy = NSTemporaryDirectory() + "licgate-conformance-" + UUID().uuidString
        if isDrop { try? FileManager.default.copyItem(atPath: folder + "/drop", toPath: copy) }
        return copy
    }

    var isQuestion: Bool { FileManager.default.fileExists(atPath: folder + "/question.json") }

    /// The answers, in order of their names.
    func answers() -> [CannedTransport.Answer] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            $0.hasPrefix("response") && !$0.hasSuffix(".headers")
        }
        let (status, headers) = head()
        return names.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map {
                .answer(status: status, headers: headers, body: Array($0))
            }
        }
    }

    /// The bytes of the first answer, or of the first data file of a drop.
    func bytes() -> [UInt8] {
        if case .answer(_, _, let body)? = answers().first { return body }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/drop")) ?? []).sorted()
        return names.first.flatMap { FileManager.default.contents(atPath: "\(folder)/drop/\($0)") }.map { Array($0) }
            ?? []
    }

    /// What a person would read in the first answer: `opened.<anything>` when it is encrypted, else the answer itself.
    func readable() -> [UInt8] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.first { $0.hasPrefix("opened.") }.flatMap {
            FileManager.default.contents(atPath: "\(folder)/\($0)")
        }.map { Array($0) } ?? bytes()
    }

    private func head() -> (Int, HeaderFields) {
        var status = 200
        var headers = HeaderFields()
        let text = (try? String(contentsOfFile: folder + "/response.headers", encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2 else { continue }
            if parts[0].lowercased() == "status" {
                status = Int(parts[1]) ?? 200
            } else {
                headers.append(parts[0], parts[1])
            }
        }
        return (status, headers)
    }

    private struct Written: Decodable {
        var ask: String
        var kind: String?
        var code: String
        var name: String?
        var type: String?
    }

    /// `{"ask": "holder", "kind": "111", "code": "…", "type": "…"}`, `{"ask": "number", "code": "…", "type": "…"}` or
    /// `{"ask": "identifier", "code": "…"}`.
    func question() -> LookupQuestion? {
        guard let data = FileManager.default.contents(atPath: folder + "/question.json"),
            let written = try? JSONDecoder().decode(Written.self, from: data)
        else { return nil }
        let type = written.type.map { LicenceTypeCode($0) }
        switch written.ask {
        case "holder":
            let kind = HolderCodeKind(rawValue: written.kind ?? "111")
            return .holder(Holder(kind: kind, code: written.code, name: written.name), type)
        case "number": return type.map { .number(LicenceNumber(written.code), $0) }
        case "identifier": return .identifier(written.code)
        default: return nil
        }
    }

    private var expectedFile: (record: String, error: String) {
        (folder + "/expected.json", folder + "/expected-error.txt")
    }

    /// What the case expects, and whether it is an error.
    func expected() -> (text: String, isError: Bool)? {
        if let text = try? String(contentsOfFile: expectedFile.error, encoding: .utf8) { return (text, true) }
        return (try? String(contentsOfFile: expectedFile.record, encoding: .utf8)).map { ($0, false) }
    }

    /// Rewrites the expectation; only under `UPDATE_GOLDEN=1`, never in CI.
    func rewrite(_ text: String, isError: Bool) {
        let (keep, drop) =
            isError ? (expectedFile.error, expectedFile.record) : (expectedFile.record, expectedFile.error)
        try? FileManager.default.removeItem(atPath: drop)
        try? text.write(toFile: keep, atomically: true, encoding: .utf8)
    }

    /// Whether expectations are to be rewritten; asking for it in CI is refused.
    static var update: (wanted: Bool, refused: Bool) {
        let environment = ProcessInfo.processInfo.environment
        let wanted = environment["UPDATE_GOLDEN"] == "1"
        return (wanted && environment["CI"] == nil, wanted && environment["CI"] != nil)
    }
}
