// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import AdapterTesting
import ArgumentParser
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import Intake
import Workbench

/// Writes a recording as a fixture with its expectation: first into a folder of its own, and only what was looked at.
struct FixtureWriter {
    let places: WorkbenchPlaces
    let folder: String
    let manifest: SourceManifest
    let findings: [Diagnostic]

    /// The adapter as the conformance suite sees it.
    var adapter: AdapterUnderTest {
        AdapterUnderTest(
            folderName: folder.split(separator: "/").last.map(String.init) ?? folder, folder: folder,
            findings: findings.filter { $0.code != "manifest.unconfirmed" }, waivers: manifest.waivers,
            registeredTypes: places.register.codes,
            formats: manifest.formats.compactMapValues { AdapterUnderTest.Format(rawValue: $0) },
            fileInterfaces: manifest.fileInterfaces, responseBytes: manifest.bounds.response.bytes,
            loginPath: manifest.loginPath
        ) { [manifest] (transport, settings, clock) throws(SourceError) in
            try DeclarativeAdapter.make(
                manifest, transport: transport, settings: settings, clock: clock, files: FileDropSource(clock: clock),
                acceptingUnconfirmed: true)
        }
    }

    /// Writes `fixtures/<interface>/<name>/`; gives the files, or the reason on standard error and exit code 2.
    func write(
        _ recording: Recording, recorder: Recorder, interface: String, name: String, question: String?,
        replacing: Bool = false
    ) async throws -> [String] {
        let files = FileManager.default
        let target = "\(folder)/fixtures/\(interface)/\(name)"
        guard replacing || !files.fileExists(atPath: target) else {
            Console.problem(
                Diagnostic(
                    code: "workbench.file_exists", what: "\(target) is there already, and is not overwritten",
                    remedy: "Choose another `--case`, or say `--replace`"
                ).text)
            throw ExitCode(2)
        }
        let draft = NSTemporaryDirectory() + "licgate-record-" + UUID().uuidString
        try files.createDirectory(
            atPath: draft, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? files.removeItem(atPath: draft) }
        var made: [(name: String, bytes: [UInt8])] = []
        if manifest.fileInterfaces.contains(interface) {
            // Files of a watched folder need their ready file; that is the owner's form and written by hand.
            made.append(("drop/recorded.\(recording.ending)", recording.body))
        } else {
            made.append(("response.\(recording.ending)", recording.body))
            made.append(("response.headers", Array(recording.headers.utf8)))
        }
        if let question { made.append(("question.json", Array(question.utf8))) }
        for file in made { try WorkbenchFiles.create("\(draft)/\(file.name)", file.bytes) }
        let expectation = await GoldenExpectation.text(of: adapter, interface: interface, caseFolder: draft)
        for problem in expectation.problems { Console.problem(problem) }
        if let text = expectation.text {
            made.append((expectation.isError ? "expected-error.txt" : "expected.json", Array(text.utf8)))
        }
        do throws(WorkbenchError) {
            for file in made { try recorder.check(file.bytes, against: recording) }
        } catch {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
        for stale in ["expected.json", "expected-error.txt"] where replacing {
            try? files.removeItem(atPath: "\(target)/\(stale)")
        }
        for file in made {
            try WorkbenchFiles.create("\(target)/\(file.name)", file.bytes, replacing: replacing)
        }
        return made.map { "\(target)/\($0.name)" }
    }
}
