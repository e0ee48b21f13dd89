// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel
import Transport

extension ConformanceBench {
    private func pulled(_ interfaces: [InterfaceDescription]) -> [InterfaceDescription] {
        interfaces.filter { !$0.pulls.isEmpty && !isFile($0) }
    }

    // C06
    mutating func stopsAtLimits() async {
        let large = [UInt8](repeating: 32, count: adapter.responseBytes + 1)
        for interface in pulled(interfaces()) {
            guard let (source, _) = source([.answer(status: 200, headers: [:], body: large)]) else { continue }
            let error = await pull(source, request(interface)).error
            expect(
                error?.code.rawValue == "transport.response_too_large",
                "\(interface.id): an answer over the limit gives \(error?.code.rawValue ?? "no error")")
            guard let (slow, _) = self.source([.failure(TransportError(.totalTimeout, layer: .body))]) else { continue }
            let late = await pull(slow, request(interface)).error
            expect(late?.code == .timedOut, "\(interface.id): a time-out gives \(late?.code.rawValue ?? "no error")")
        }
        for golden in GoldenCase.all(of: adapter) where !golden.isQuestion && !golden.isDrop {
            guard let interface = interfaces().first(where: { $0.id.name == golden.interface }),
                let (source, transport) = source(golden.answers(), repeatsLast: true)
            else { continue }
            _ = await pull(source, request(interface), batchesMax: 50)
            expect(
                transport.count <= 5,
                "\(golden.words): the same page again and again was taken \(transport.count) times")
        }
    }

    // C08
    mutating func survivesHostility() async {
        await survivesCuts()
        await survivesSpoiltFiles()
        for interface in interfaces() where !isFile(interface) {
            let format = adapter.formats[interface.id.name] ?? .json
            for hostile in HostileAnswers.all(format, limit: adapter.responseBytes) {
                if !interface.pulls.isEmpty, let (source, transport) = source([hostile.answer]) {
                    let (batches, error) = await pull(source, request(interface))
                    let place = "\(interface.id), \(hostile.name)"
                    expect(batches.flatMap(\.records).isEmpty, "\(place): a record was made of it")
                    expect(error != nil || !batches.flatMap(\.rejects).isEmpty, "\(place): it passed as an empty pull")
                    expect(transport.count <= 3, "\(place): asked \(transport.count) times")
                    if let error { check(error, place) }
                }
                for kind in interface.questions.sorted(by: { $0.rawValue < $1.rawValue }) {
                    guard let (source, _) = source([hostile.answer]) else { continue }
                    let place = "\(interface.id) by \(kind.rawValue), \(hostile.name)"
                    switch await find(source, question(kind, interface, code: HostileAnswers.canary)) {
                    case .success: expect(false, "\(place): it passed as an answer")
                    case .failure(let error): check(error, place)
                    }
                }
            }
        }
    }

    /// An error an operator can use: with a code, a place and a remedy, without a person.
    mutating func check(_ error: SourceError, _ place: String) {
        expect(!error.diagnostic.remedy.isEmpty, "\(place): the error has no remedy")
        expect(error.diagnostic.place.source == adapter.folderName, "\(place): the error does not name the source")
        expect(!leaks(error), "\(place): the error shows what came")
    }

    func leaks(_ error: SourceError) -> Bool {
        var shown = "\(error)"
        debugPrint(error, to: &shown)
        dump(error, to: &shown)
        return [HostileAnswers.canary, CanarySettings.secret, "Nobody"].contains(where: shown.contains)
    }

    // C09
    mutating func recovers() async {
        func status(_ status: Int) -> CannedTransport.Answer {
            .answer(status: status, headers: ["Retry-After": "7", "Content-Type": "text/plain"], body: Array("x".utf8))
        }
        let later = SourceError.Recovery.retry(after: .seconds(7))
        let table: [(String, CannedTransport.Answer, SourceError.Code, SourceError.Recovery)] = [
            ("401", status(401), .unauthenticated, .fixConfiguration),
            ("403", status(403), .forbidden, .fixConfiguration),
            ("404", status(404), .unexpectedStatus, .fixConfiguration), ("408", status(408), .timedOut, later),
            ("429", status(429), .throttled, later), ("500", status(500), .unavailable, later),
            ("503", status(503), .unavailable, later),
            ("a reset", .failure(TransportError(.reset, layer: .http)), .unreachable, .retry(after: nil)),
            ("a time-out", .failure(TransportError(.totalTimeout, layer: .http)), .timedOut, .retry(after: nil)),
            (
                "no connection", .failure(TransportError(.connectRefused, layer: .connect)), .unreachable,
                .retry(after: nil)
            ),
        ]
        for interface in interfaces() where !isFile(interface) {
            for (name, answer, code, recovery) in table {
                guard let (source, _) = source([answer]) else { continue }
                var error: SourceError?
                if !interface.pulls.isEmpty {
                    error = await pull(source, request(interface)).error
                } else if let kind = interface.questions.sorted(by: { $0.rawValue < $1.rawValue }).first,
                    case .failure(let failure) = await find(
                        source, question(kind, interface, code: HostileAnswers.canary))
                {
                    error = failure
                }
                if name == "404", error == nil { continue }  // Declared as "none".
                expect(
                    error?.code == code && error?.recovery == recovery,
                    "\(interface.id): \(name) gives \(error.map { "\($0.code.rawValue), \($0.recovery)" } ?? "no error")"
                )
            }
        }
    }

    // C10
    mutating func tellsNoneFromSilence() async {
        let silence: [(String, CannedTransport.Answer)] = [
            ("500", .answer(status: 500, headers: [:], body: [])),
            ("a reset", .failure(TransportError(.reset, layer: .http))),
            ("a time-out", .failure(TransportError(.totalTimeout, layer: .http))),
            ("a login page", .answer(status: 200, headers: [:], body: Array("<html>login</html>".utf8))),
            ("nothing", .answer(status: 200, headers: [:], body: [])),
            ("401", .answer(status: 401, headers: [:], body: [])),
        ]
        let cases = GoldenCase.all(of: adapter)
        for interface in interfaces() where !interface.questions.isEmpty {
            for kind in interface.questions.sorted(by: { $0.rawValue < $1.rawValue }) {
                for (name, answer) in silence {
                    guard let (source, _) = source([answer]) else { continue }
                    if case .success(let finding) = await find(
                        source, question(kind, interface, code: HostileAnswers.canary))
                    {
                        expect(
                            false,
                            "\(interface.id) by \(kind.rawValue): \(name) is taken for \(GoldenText.finding(finding))")
                    }
                }
            }
            let shows = cases.contains { golden in
                golden.interface == GoldenCase.standIn(for: interface.id.name, adapter) && golden.isQuestion
                    && golden.expected()?.text.contains("\"finding\": \"none\"") == true
            }
            expect(shows, "\(interface.id) answers questions and no golden case shows how it says \"none\"")
        }
    }

    // C11
    mutating func probesOnce() async {
        for interface in interfaces() {
            for layer in ProbeLayer.allCases {
                guard let (source, transport) = source([.failure(TransportError(.connectRefused, layer: .connect))])
                else { continue }
                let result = await source.probe(layer, of: interface.id, question: interface.goldenQuestions.first)
                expect(
                    transport.count <= 1,
                    "\(interface.id): the probe of \(layer.rawValue) asked \(transport.count) times")
                expect(result.layer == layer, "\(interface.id): the probe answers for another layer")
                if layer == .connect || layer == .http, case .passed = result.outcome {
                    expect(false, "\(interface.id): \(layer.rawValue) passes although no connection can be opened")
                }
                if case .failed(let finding) = result.outcome {
                    expect(
                        !finding.code.isEmpty && !finding.remedy.isEmpty,
                        "\(interface.id): a failed probe says too little")
                }
            }
        }
    }

    // C12
    mutating func hidesCanaries() async {
        for interface in interfaces() where !isFile(interface) {
            for kind in interface.questions.sorted(by: { $0.rawValue < $1.rawValue }) {
                guard
                    let (source, transport) = source([
                        .answer(status: 500, headers: [:], body: Array(HostileAnswers.canary.utf8))
                    ])
                else { continue }
                if case .failure(let error) = await find(source, question(kind, interface, code: HostileAnswers.canary))
                {
                    expect(!leaks(error), "\(interface.id) by \(kind.rawValue): the error shows who was asked about")
                }
                expect(
                    !transport.urls.contains { $0.contains(HostileAnswers.canary) },
                    "\(interface.id) by \(kind.rawValue): the code stands in the address")
            }
            for hostile in HostileAnswers.all(adapter.formats[interface.id.name] ?? .json, limit: adapter.responseBytes)
            where !interface.pulls.isEmpty {
                guard let (source, transport) = source([hostile.answer]) else { continue }
                let (batches, error) = await pull(source, request(interface))
                if let error { expect(!leaks(error), "\(interface.id), \(hostile.name): the error shows what came") }
                for reject in batches.flatMap(\.rejects) {
                    expect(
                        !reject.reason.text.contains(HostileAnswers.canary),
                        "\(interface.id): a reject's reason shows a value")
                }
                for url in transport.urls {
                    let path = url.split(separator: "?").first.map(String.init) ?? url
                    expect(!path.contains(CanarySettings.secret), "\(interface.id): a secret stands in a path")
                }
            }
        }
    }

    // C13
    mutating func honoursCancellation() async {
        await stopsReadingFiles()
        for interface in interfaces() where !isFile(interface) {
            if !interface.pulls.isEmpty, let (source, transport) = source([.silence]) {
                let (bench, request) = (self, request(interface))
                let error = await cancelled(transport) { await bench.pull(source, request).error }
                expect(
                    error?.code == .cancelled,
                    "\(interface.id): a cancelled pull ends with \(error?.code.rawValue ?? "nothing")")
                isQuiet(transport, interface)
            }
            guard let kind = interface.questions.sorted(by: { $0.rawValue < $1.rawValue }).first,
                let (source, transport) = source([.silence])
            else { continue }
            let (bench, question) = (self, question(kind, interface, code: "1"))
            let result = await cancelled(transport) { await bench.find(source, question) }
            if case .failure(let error) = result {
                expect(
                    error.code == .cancelled, "\(interface.id): a cancelled question ends with \(error.code.rawValue)")
            } else {
                expect(false, "\(interface.id): a cancelled question was answered")
            }
            isQuiet(transport, interface)
        }
    }

    /// What comes of a call that is cancelled while its exchange is under way; one that hears nothing of it is not
    /// waited for.
    private func cancelled<Outcome: Sendable>(
        _ transport: CannedTransport, _ call: @escaping @Sendable () async -> Outcome
    ) async -> Outcome {
        let task = Task { await call() }
        await transport.untilAsked()
        task.cancel()
        transport.endSilence()
        return await task.value
    }

    private mutating func isQuiet(_ transport: CannedTransport, _ interface: InterfaceDescription) {
        expect(
            transport.inFlight == 0 && transport.outlasting == 0,
            "\(interface.id): an exchange is still open after cancellation")
    }
}
