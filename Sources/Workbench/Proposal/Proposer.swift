// SPDX-License-Identifier: Apache-2.0
public import DeclarativeAdapter
internal import Diagnostics
public import LicenceModel

/// Proposes a manifest from one answer of an interface.
///
/// Shape: evidence with scores, never a guess that stands unmarked: what the sample cannot prove carries `confirm`.
/// Limits: 16 MiB, 20,000 records, three levels of documents inside documents. Opens nothing.
public struct Proposer: Sendable {
    let linter: ManifestLinter
    let registered: Set<LicenceTypeCode>
    let names: NameBook

    /// A proposer that knows these dialects and licence types.
    public init(linter: ManifestLinter, registered: Set<LicenceTypeCode>) {
        self.linter = linter
        self.registered = registered
        names = NameBook(dialects: linter.dialectOutlines)
    }

    /// The operations of an OpenAPI 3 or Swagger 2 document.
    ///
    /// Throws: `workbench.document_…` when it cannot be read.
    public func operations(openAPI bytes: [UInt8]) throws(WorkbenchError) -> [DocumentedOperation] {
        try OpenAPIReader(bytes, names: names).operations()
    }

    /// The operations of a WSDL 1.1 document and the schemas it imports.
    ///
    /// Throws: `workbench.document_…` when it cannot be read.
    public func operations(wsdl files: [[UInt8]]) throws(WorkbenchError) -> [DocumentedOperation] {
        try WSDLReader(files, names: names).operations()
    }

    /// The proposal; its manifest lints without an error.
    ///
    /// Throws: `workbench.…` when the sample cannot be read or holds no record.
    public func propose(_ input: ProposalInput) throws(WorkbenchError) -> Proposal {
        let sample = try SampleParser.parse(input.sample, charset: input.charset)
        try SampleParser.refuseDocument(sample)
        let candidates = ListFinder(names: names).candidates(sample.root)
        guard let best = candidates.first else {
            throw WorkbenchError(
                "workbench.no_record", "the sample holds nothing that looks like a record",
                remedy: "Save an answer that holds at least one record.")
        }
        guard best.isList || best.score >= 4 else {
            throw WorkbenchError(
                "workbench.no_record", "the sample holds an envelope and no record",
                remedy: "Save an answer that holds at least one record.")
        }
        guard !best.records.isEmpty else {
            throw WorkbenchError(
                "workbench.no_record",
                "the sample's list `\(best.path.fromRoot(sample.format))` is empty",
                remedy: "Save an answer that holds at least one record, better several.")
        }
        var writer = ProposalWriter(
            input: input, sample: sample, candidates: candidates, names: names, registered: registered)
        writer.write()
        let (manifest, findings) = linter.lint(
            text: writer.draft.text, folder: input.id, licenceTypes: registered.isEmpty ? nil : registered)
        if manifest == nil, let first = findings.first(where: { $0.severity == .error }) {
            throw WorkbenchError(
                "workbench.proposal_unsound", "the proposal does not lint: \(first.text)",
                remedy: "Report this, with a sample of made-up values that shows it.")
        }
        return Proposal(
            manifest: writer.draft.text, conclusions: writer.draft.conclusions, findings: findings,
            records: best.records.count, settings: writer.settings, secrets: writer.secrets)
    }
}
