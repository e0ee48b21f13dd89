// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import Intake
import LicenceModel
import Testing
import Transport

@testable import SimulatedCity
@testable import Workbench

/// The repository this test stands in.
enum House {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let register = LicenceTypeRegister.load(root + "/Config/licence-types.csv").register
    static let linter = ManifestLinter(dialectsFolder: root + "/Config/dialects")

    static func manifest(_ id: SourceID) -> SourceManifest? {
        linter.lint(folder: root + "/Adapters/" + id.rawValue, licenceTypes: register.codes).manifest
    }
    static var proposer: Proposer { Proposer(linter: linter, registered: register.codes) }
}

/// One answer of an interface, the request that brought it, and the manifest a person wrote for it.
struct CitySample: Sendable {
    var interface: InterfaceID
    var request: RequestSample?
    var body: [UInt8]
    var charset: String?
    var way: ProposalInput.Way
    var truth: ManifestOutline

    func input(withRequest: Bool) -> ProposalInput {
        var input = ProposalInput(
            id: interface.source.rawValue, sample: body, sampleName: "answer", today: "2026-11-25")
        input.name = "a"
        input.owner = "b"
        input.request = withRequest ? request : nil
        input.way = way
        input.charset = charset
        return input
    }
}

/// Takes one answer of every interface of a city, through the real server.
struct CitySampler {
    let city: RunningCity

    /// Samples of a source; of many alike, one in `every`.
    func samples(of id: SourceID, every: Int = 1) async throws -> [CitySample] {
        let manifest = try #require(House.manifest(id), "\(id)")
        let outlines = Dictionary(manifest.outlines.map { ($0.interface, $0) }) { $1 }
        let clock = SystemGatewayClock()
        let curl = CurlTransport(clock: clock)
        var out: [CitySample] = []
        let all = city.interfaces.filter { $0.source == id }
        for (index, interface) in all.enumerated() where all.count < 20 || index.isMultiple(of: every) {
            let recorder = RecordingTransport(curl)
            let source = try DeclarativeAdapter.make(
                manifest, transport: recorder, settings: city.settings(id), clock: clock,
                files: FileDropSource(clock: clock))
            guard let truth = outlines[interface.name],
                let description = source.describe().interfaces.first(where: { $0.id == interface })
            else { continue }
            var way = ProposalInput.Way.pull
            if manifest.fileInterfaces.contains(interface.name) {
                let folder = city.settings(id).setting("drop_folder") ?? ""
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                guard let name = names.sorted().first(where: { $0.hasSuffix(".csv") || $0.hasSuffix(".xml") }),
                    let data = FileManager.default.contents(atPath: folder + "/" + name)
                else { continue }
                out.append(
                    CitySample(
                        interface: interface, request: nil, body: Array(data), charset: nil, way: .files, truth: truth))
                continue
            }
            if let asks = city.asksBy(interface) ?? (description.pulls.isEmpty ? "holder" : nil) {
                way = .find(LookupQuestion.Kind(rawValue: asks) ?? .holder)
                await ask(source, interface, asks)
            } else {
                let request = PullRequest(
                    interface: interface, mode: .full, partition: description.partitions.first, resume: nil,
                    windowEnd: clock.now, run: RunID(rawValue: "exam"))
                for try await _ in source.pull(request) { break }
            }
            // A question may be asked of several interfaces of one type: the answer of this one is wanted.
            let mine = recorder.exchanges.last { exchange in
                RequestSample(url: exchange.request.url).path == truth.path || description.pulls.isEmpty == false
            }
            guard let exchange = mine else {
                // Left out in silence, an interface would count neither as right nor as wrong.
                Issue.record("not sampled: \(interface)")
                continue
            }
            let action = Self.action(exchange.request)
            out.append(
                CitySample(
                    interface: interface,
                    request: RequestSample(
                        method: exchange.request.method.rawValue, url: exchange.request.url,
                        body: exchange.request.body.map { String(decoding: $0, as: UTF8.self) }, action: action),
                    body: exchange.body, charset: nil, way: way, truth: truth))
        }
        await curl.shutDown()
        return out
    }

    /// The SOAP action of a request: a header in 1.1, a part of the content type in 1.2.
    static func action(_ request: ExchangeRequest) -> String? {
        if let header = request.headers.first("SOAPAction") { return header.filter { $0 != "\"" } }
        guard let type = request.headers.first("Content-Type"), let mark = type.range(of: "action=\"") else {
            return nil
        }
        return String(type[mark.upperBound...].prefix { $0 != "\"" })
    }

    /// Asks about licences of this interface until one comes: a golden one, or else the first ones it holds.
    private func ask(_ source: any LicenceSource, _ interface: InterfaceID, _ asks: String) async {
        var licences: [(holder: Holder, type: LicenceTypeCode, number: LicenceNumber?, identifier: String?)] = []
        for golden in city.golden(interface) where golden.expectation == "valid" {
            licences.append((golden.holder, golden.typeCode, golden.number, golden.identifier?.raw))
        }
        if let book = city.book(interface) {
            for index in 0..<min(book.count, 24) {
                let licence = book.record(index: index, generation: book.generation).licence
                guard licence.status == .valid, let holder = licence.holders.first else { continue }
                licences.append((holder, licence.typeCode, licence.number, licence.identifier?.raw))
            }
        }
        for licence in licences {
            let question: LookupQuestion
            switch asks {
            case "number":
                guard let number = licence.number else { continue }
                question = .number(number, licence.type)
            case "identifier":
                guard let identifier = licence.identifier else { continue }
                question = .identifier(identifier)
            default: question = .holder(licence.holder, licence.type)
            }
            let asking = AskingContext(
                system: "exam", operatorAccount: "tester", matter: "4301SX010001", purpose: "exam")
            let deadline = Deadline(.seconds(20), from: SystemGatewayClock())
            if case .records? = try? await source.find(question, for: asking, until: deadline) { return }
        }
    }
}

/// How a proposal compares with what a person wrote, topic by topic.
struct Verdict: Sendable {
    var interface: InterfaceID
    /// Topics the interface has: pages and cursors are those of what is pulled.
    var asked: Set<String> = ["records", "key", "dates", "holder"]
    /// nil: right; otherwise what was wrong.
    var wrong: [String: String] = [:]
    /// Topics in which the answer allows something else as well, or holds nothing of what is right.
    var open: Set<String> = []
    /// Topics that were wrong and carried no mark.
    var unmarked: [String] = []

    /// Whether the sample holds what would be right, and nothing that speaks as well for something else.
    func isShown(_ topic: String) -> Bool { asked.contains(topic) && !open.contains(topic) }

    static let topics = ["records", "pages", "cursor", "key", "dates", "holder"]

    static func judge(_ sample: CitySample, withRequest: Bool) -> Verdict {
        var verdict = Verdict(interface: sample.interface)
        if sample.way == .pull { verdict.asked.formUnion(["pages", "cursor"]) }
        let proposal: Proposal
        do throws(WorkbenchError) {
            proposal = try House.proposer.propose(sample.input(withRequest: withRequest))
        } catch {
            for topic in topics {
                verdict.wrong[topic] = "\(error.diagnostic.code): \(error.diagnostic.what.prefix(160))"
            }
            return verdict
        }
        let manifest = House.linter.lint(
            text: proposal.manifest, folder: sample.interface.source.rawValue, licenceTypes: House.register.codes
        ).manifest
        guard let made = manifest?.outlines.first else {
            verdict.wrong["records"] = "does not lint"
            return verdict
        }
        verdict.compare(made, sample, withRequest: withRequest)
        verdict.open = Set(proposal.conclusions.filter { !$0.others.isEmpty }.map(\.topic))
        // Whether changes can be asked for is in no answer.
        if !withRequest, sample.truth.cursor == nil { verdict.open.insert("cursor") }
        for topic in verdict.wrong.keys.sorted() {
            let names =
                topic == "dates"
                ? ["issued_on", "valid_from", "valid_until"]
                : topic == "holder" ? ["holder.code", "holder.code_kind"] : [topic]
            let wrongNames = names.filter {
                topic != "dates" && topic != "holder" || verdict.wrong[topic]?.contains($0) == true
            }
            if proposal.conclusions.contains(where: { wrongNames.contains($0.topic) && $0.doubt == nil }) {
                verdict.unmarked.append(topic)
            }
        }
        return verdict
    }

    private mutating func compare(_ made: ManifestOutline, _ sample: CitySample, withRequest: Bool) {
        let truth = sample.truth
        func expect(_ topic: String, _ made: String, _ truth: String) {
            if made != truth { wrong[topic] = (wrong[topic].map { $0 + "; " } ?? "") + "\(made) for \(truth)" }
        }
        expect("records", Self.plain(made.records), Self.plain(truth.records))
        if sample.way == .pull {
            expect("pages", made.pages ?? "-", truth.pages ?? "-")
            expect("pages", Self.plain(made.pageToken ?? "-"), Self.plain(truth.pageToken ?? "-"))
            if withRequest { expect("pages", made.pageParameter ?? "-", truth.pageParameter ?? "-") }
            let cursor = truth.cursor ?? []
            expect(
                "cursor", (made.cursor ?? []).prefix(3).map(Self.plain).joined(separator: " "),
                cursor.prefix(3).map(Self.plain).joined(separator: " "))
        }
        expect("key", made.key.map(Self.plain).joined(separator: " "), truth.key.map(Self.plain).joined(separator: " "))
        let text = String(decoding: sample.body, as: UTF8.self)
        for name in ["issued_on", "valid_from", "valid_until"] {
            guard let rule = truth.fields[name], rule.constant == nil else { continue }
            let here = rule.places.map(Self.plain).filter { text.contains(Self.local($0)) }
            guard let first = here.first else { continue }
            let mine = made.fields[name]
            expect(
                "dates", "\(name) \(Self.plain(mine?.places.first { here.contains(Self.plain($0)) } ?? "-"))",
                "\(name) \(first)")
            if let mine, Set(mine.dates).isDisjoint(with: rule.dates) {
                expect("dates", "\(name) \(mine.dates)", "\(name) \(rule.dates)")
            }
        }
        if let rule = truth.fields["holder.code"] {
            let mine = made.fields["holder.code"]
            let places = Set(rule.places.map(Self.plain))
            if mine.map({ !places.isDisjoint(with: $0.places.map(Self.plain)) }) != true {
                expect("holder", "holder.code \(mine?.places.map(Self.plain) ?? [])", "\(places.sorted())")
            }
            // Two codes in one text, in this very sample.
            if let split = rule.split, mine?.split == nil,
                let together = try? Regex("[0-9Xx]\\Q\(split)\\E[0-9A-Z]{6,18}[\"<]"), text.contains(together)
            {
                expect("holder", "holder.code split -", "holder.code split \(split)")
            }
            if let split = mine?.split {
                expect("holder", "holder.code split \(split)", "holder.code split \(rule.split ?? "-")")
            }
            if let kind = truth.fields["holder.code_kind"] {
                let mine = made.fields["holder.code_kind"]
                let places = Set(kind.places.map(Self.plain))
                if kind.constant != nil {
                    expect(
                        "holder", "holder.code_kind \(mine?.constant ?? "-")",
                        "holder.code_kind \(kind.constant ?? "-")")
                } else if places.isDisjoint(with: mine?.places.map(Self.plain) ?? []) {
                    expect("holder", "holder.code_kind \(mine?.places.map(Self.plain) ?? [])", "\(places.sorted())")
                } else {
                    for (theirs, ours) in kind.map {
                        if let mine = mine?.map[theirs], mine != ours {
                            expect("holder", "holder.code_kind \(theirs)=\(mine)", "\(ours)")
                        }
                    }
                }
            }
        }
    }

    /// A path without prefixes of namespaces, with dots for brackets.
    static func plain(_ path: String) -> String {
        if path.hasPrefix("$") {
            return path.replacingOccurrences(of: "['", with: ".").replacingOccurrences(of: "']", with: "")
        }
        return path.split(separator: "/", omittingEmptySubsequences: false).map {
            $0.split(separator: ":").last.map(String.init) ?? ""
        }.joined(separator: "/")
    }

    static func local(_ path: String) -> String {
        path.split(whereSeparator: { "./$".contains($0) }).last.map(String.init) ?? path
    }
}
