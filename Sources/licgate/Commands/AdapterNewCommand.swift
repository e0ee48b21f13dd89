// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import ArgumentParser
import DeclarativeAdapter
import Diagnostics
import Foundation
import GatewayConfiguration
import LicenceModel
import Workbench

struct AdapterNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Propose a manifest from one answer, an OpenAPI document or a WSDL.",
        discussion: """
            Say the request that brought the answer, and far more can be found out: `--url`, and `--body` for a POST.
            Whatever the sample cannot prove carries `confirm` with its reason; lint lists it, sync and serve refuse it
            until a person removes the mark. Nothing is asked over the network.
            Exit code: 0 written, 2 could not (the reason is on standard error).
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: "The source's id: lower-case letters, digits and hyphens; its folder gets this name.") var id:
        String
    @Option(
        help: ArgumentHelp(
            "One answer of the interface, as its bytes came; `-` for standard input.", valueName: "file"))
    var sample: String?
    @Option(help: ArgumentHelp("An OpenAPI 3 or Swagger 2 document, JSON or YAML.", valueName: "file")) var openapi:
        String?
    @Option(help: ArgumentHelp("A WSDL 1.1 document; again for each schema it imports.", valueName: "file"))
    var wsdl: [String] = []
    @Option(help: "The operation that lists the records, when the document has several.") var operation: String?
    @Option(help: "The address that was asked, with its query.") var url: String?
    @Option(help: "The method that was used.") var method: String?
    @Option(help: ArgumentHelp("The body that was sent.", valueName: "file")) var body: String?
    @Option(help: "The SOAP action that was sent.") var soapAction: String?
    @Option(help: ArgumentHelp("How to sign in: none, header:NAME, query:NAME, basic or bearer.", valueName: "kind"))
    var auth: String?
    @Option(help: ArgumentHelp("pull, files, holder, number or identifier.", valueName: "way"))
    var asked: String?
    @Option(help: "The interface's name.") var interface = "records"
    @Option(help: "The system's name, shown to people.") var name: String?
    @Option(help: "Who answers the phone.") var owner: String?
    @Option(help: "The licence type of every record.") var licenceType: String?
    @Option(help: "The character set, when neither HTTP nor the document says it.") var charset: String?
    @Flag(help: "A simulation: refused with an address that is not loopback.") var simulated = false
    @Flag(help: "Show the proposal instead of writing it.") var print = false

    func validate() throws {
        let plain = id.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        guard plain, id.utf8.first.map({ (97...122).contains($0) }) == true, id.count <= 64, !id.hasSuffix("-") else {
            throw ValidationError("The id is made of lower-case letters, digits and hyphens, and starts with a letter.")
        }
        guard sample != nil || openapi != nil || !wsdl.isEmpty else {
            throw ValidationError("Give --sample with one answer of the interface, or --openapi or --wsdl, or both.")
        }
        if auth != nil, authentication == nil {
            throw ValidationError("--auth is none, header:NAME, query:NAME, basic or bearer.")
        }
        if asked != nil, way == nil { throw ValidationError("--asked is pull, files, holder, number or identifier.") }
    }

    private var authentication: ProposalInput.Authentication? {
        let parts = (auth ?? "").split(separator: ":", maxSplits: 1).map(String.init)
        switch parts.first {
        case "none": return ProposalInput.Authentication.none
        case "basic": return .basic
        case "bearer": return .bearer
        case "header": return parts.count == 2 ? .header(parts[1]) : nil
        case "query": return parts.count == 2 ? .query(parts[1]) : nil
        default: return nil
        }
    }

    private var way: ProposalInput.Way? {
        switch asked {
        case "pull": .pull
        case "files": .files
        case .some(let word): LookupQuestion.Kind(rawValue: word).map { .find($0) }
        case nil: nil
        }
    }

    func run() async throws {
        let places = try WorkbenchPlaces(shared)
        let proposer = Proposer(linter: places.linter, registered: places.register.codes)
        let input: ProposalInput
        let proposal: Proposal
        do throws(WorkbenchError) {
            let document = try documented(proposer)
            input = try self.input(document)
            proposal = try proposer.propose(input)
        } catch {
            Console.problem(error.diagnostic.text)
            throw ExitCode(2)
        }
        if print {
            Console.put(proposal.manifest, on: STDOUT_FILENO)
            return
        }
        let file = places.settings.adapters + "/" + id + "/manifest.yaml"
        try WorkbenchFiles.create(file, Array(proposal.manifest.utf8))
        try await writeFixture(input, places)
        let view = ProposalView(proposal: proposal, id: id, file: WorkbenchFiles.shown(file))
        shared.format == .json ? Console.out(view.json.rendered()) : view.lines.forEach(Console.out)
    }

    /// The operation of the document that was given, if one was.
    private func documented(_ proposer: Proposer) throws(WorkbenchError) -> DocumentedOperation? {
        if let openapi {
            return try InterfaceDocument.choose(proposer.operations(openAPI: read(openapi)), named: operation)
        }
        guard !wsdl.isEmpty else { return nil }
        var files: [[UInt8]] = []
        for file in wsdl { files.append(try read(file)) }
        return try InterfaceDocument.choose(proposer.operations(wsdl: files), named: operation)
    }

    private func read(_ file: String) throws(WorkbenchError) -> [UInt8] {
        do {
            return try WorkbenchFiles.bytes(file)
        } catch {
            throw WorkbenchError.unreadable(file)
        }
    }

    private func input(_ document: DocumentedOperation?) throws(WorkbenchError) -> ProposalInput {
        let missing = document?.missing ?? []
        if sample == nil, !missing.isEmpty { throw WorkbenchError.incomplete(missing) }
        guard let bytes = try sample.map({ file throws(WorkbenchError) in try read(file) }) ?? document?.answer else {
            throw WorkbenchError.needsSample
        }
        if url == nil, !missing.isEmpty {
            Console.problem(
                "The document refers to what it does not hold, so the request may lack parts: "
                    + missing.prefix(8).joined(separator: "; "))
        }
        var input = ProposalInput(
            id: id, sample: bytes, sampleName: origin(document),
            today: String(SystemGatewayClock().now.iso8601.prefix(10)))
        input.isDocumented = sample == nil
        input.name = name ?? document?.title
        input.owner = owner
        input.interface = interface
        input.charset = charset
        input.licenceType = licenceType.map { LicenceTypeCode($0) }
        input.authentication = authentication ?? document?.authentication ?? .unknown
        input.way = way
        input.simulated = simulated
        if let url {
            var text: String?
            if let body { text = String(decoding: try read(body), as: UTF8.self) }
            input.request = RequestSample(
                method: method?.uppercased() ?? (text == nil ? "GET" : "POST"), url: url, body: text,
                action: soapAction)
        } else {
            input.request = document?.request
        }
        return input
    }

    /// What the proposal is made of, for its first line: the sample, the document and its operation.
    private func origin(_ document: DocumentedOperation?) -> String {
        let files = [sample, openapi, wsdl.first].compactMap { $0.map { ($0 as NSString).lastPathComponent } }
        return files.joined(separator: " and ") + (document.map { " (\($0.name))" } ?? "")
    }

    /// The sample as a fixture, with synthetic values; a proposal that does not map its own sample goes without.
    private func writeFixture(_ input: ProposalInput, _ places: WorkbenchPlaces) async throws {
        let folder = places.settings.adapters + "/" + id
        let (manifest, findings) = try places.manifest(folder)
        if case .find = input.way { return }
        guard !input.isDocumented else { return }
        guard manifest.fileInterfaces.isEmpty else { return }
        guard input.sample.count <= 256 << 10 else {
            Console.problem("The sample is large for a fixture: record a smaller page with `licgate adapter record`.")
            return
        }
        do throws(WorkbenchError) {
            let recorder = try Recorder(manifest, interface: interface)
            let recording = try recorder.record(input.sample, contentType: nil)
            let writer = FixtureWriter(places: places, folder: folder, manifest: manifest, findings: findings)
            let written = try? await writer.write(
                recording, recorder: recorder, interface: interface, name: "sample", question: nil)
            if written == nil { Console.problem("The sample was not made a fixture; see above.") }
        } catch {
            Console.problem("The sample was not made a fixture: " + error.diagnostic.text)
        }
    }
}
