// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import Foundation
import LicenceModel
import Transport

/// What is cut or replaced on its way, made of the adapter's own golden answers and files.
extension ConformanceBench {
    /// A golden answer that ends early never passes as a whole one; part of C08.
    ///
    /// The length of the exchange is right, as when a proxy or the source itself has cut: only the document can tell.
    mutating func survivesCuts() async {
        for golden in GoldenCase.all(of: adapter) where !golden.isDrop && golden.expected()?.isError == false {
            guard let interface = interfaces().first(where: { $0.id.name == golden.interface }),
                case .answer(let status, let headers, let body)? = golden.answers().first, status == 200
            else { continue }
            for eighth in 1...7 {
                let cut = CannedTransport.Answer.answer(
                    status: status, headers: headers, body: Array(body[..<(body.count * eighth / 8)]))
                guard let (source, transport) = source([cut], repeatsLast: false) else { return }
                let place = "\(golden.words), cut at \(eighth)/8"
                if golden.isQuestion {
                    guard let question = golden.question() else { continue }
                    switch await find(source, question) {
                    case .success: expect(false, "\(place): it passed as an answer")
                    case .failure(let error): check(error, place)
                    }
                } else {
                    let (batches, error) = await firstPage(source, transport, request(interface))
                    isNoEnd(batches, error, place)
                }
            }
        }
    }

    private mutating func isNoEnd(_ batches: [SourceBatch], _ error: SourceError?, _ place: String) {
        expect(error != nil || !batches.flatMap(\.rejects).isEmpty, "\(place): it passed as a whole one")
        if let error { check(error, place) }
    }

    /// A dropped file that is cut, empty or something else never passes as a whole one; part of C08.
    mutating func survivesSpoiltFiles() async {
        typealias Spoiler = (name: String, change: (Data) -> Data)
        let spoilers: [Spoiler] = [
            ("cut at 1/2", { $0.prefix($0.count / 2) }), ("cut at 7/8", { $0.prefix($0.count * 7 / 8) }),
            ("empty", { _ in Data() }),
            ("a login page", { _ in Data("<!DOCTYPE html><html><body>\(HostileAnswers.canary)</body></html>".utf8) }),
            ("zeros", { Data(count: $0.count) }),
        ]
        for golden in GoldenCase.all(of: adapter) where golden.isDrop && golden.expected()?.isError == false {
            guard let interface = interfaces().first(where: { $0.id.name == golden.interface }) else { continue }
            for spoiler in spoilers {
                let drop = golden.dropCopy()
                defer { try? FileManager.default.removeItem(atPath: drop) }
                guard let file = Self.largest(in: drop), let data = FileManager.default.contents(atPath: file) else {
                    continue
                }
                try? spoiler.change(data).write(to: URL(fileURLWithPath: file))
                guard let (source, _) = source([], folder: drop) else { return }
                let (batches, error) = await pull(source, request(interface))
                let place = "\(golden.words), the file \(spoiler.name)"
                isNoEnd(batches, error, place)
                for reject in batches.flatMap(\.rejects) where reject.reason.text.contains(HostileAnswers.canary) {
                    expect(false, "\(place): a reject's reason shows a value")
                }
            }
        }
    }

    /// A pull of files that was cancelled says so and gives nothing; part of C13.
    mutating func stopsReadingFiles() async {
        for golden in GoldenCase.all(of: adapter) where golden.isDrop && golden.expected()?.isError == false {
            guard let interface = interfaces().first(where: { $0.id.name == golden.interface }) else { continue }
            let drop = golden.dropCopy()
            defer { try? FileManager.default.removeItem(atPath: drop) }
            guard let (source, _) = source([], folder: drop) else { return }
            let (bench, request) = (self, request(interface))
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return await bench.pull(source, request)
            }
            task.cancel()
            let (batches, error) = await task.value
            expect(
                error?.code == .cancelled && batches.isEmpty,
                "\(golden.words): a cancelled pull of files ends with \(error?.code.rawValue ?? "no error")")
        }
    }

    /// The file with the records: the one with the most bytes.
    private static func largest(in folder: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        func size(_ name: String) -> Int {
            FileManager.default.contents(atPath: "\(folder)/\(name)")?.count ?? 0
        }
        return names.sorted().max { size($0) < size($1) }.map { "\(folder)/\($0)" }
    }
}
