// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics

/// What an interface document says of one operation: how it is asked, how to sign in, what comes back.
public struct DocumentedOperation: Sendable {
    /// What people call it: `GET /licences` or a SOAP operation's name.
    public var name: String
    /// How it is asked, with example values in place of parameters.
    public var request: RequestSample
    /// How to sign in.
    public var authentication: ProposalInput.Authentication
    /// An answer made of the document's schema: examples where it gives some, else empty values.
    ///
    /// Nil when the schema says nothing of the records.
    public var answer: [UInt8]?
    /// How promising it is: fields of its records that are known names of licence fields.
    public var score: Int
    /// The system's title.
    public var title: String?
    /// What the operation refers to and the document does not hold, as it is written there.
    public var missing: [String] = []
}

/// Reads OpenAPI 3, Swagger 2 and WSDL 1.1 documents, bounded; nothing outside the given files is opened.
public enum InterfaceDocument {
    static let bytesMax = 4 << 20
    /// Values made of one operation's schemas, beyond which everything is empty.
    static let valuesMax = 20_000
    /// Where a document gives a path and no host.
    static let nowhere = "https://example.invalid"

    static func tooLarge(_ bytes: [UInt8]) -> WorkbenchError? {
        guard bytes.count > bytesMax else { return nil }
        return WorkbenchError(
            "workbench.document_too_large", "the document has more than 4 MiB",
            remedy: "Leave out the operations you do not need.")
    }

    static func unreadable(_ what: String, line: Int? = nil, column: Int? = nil, remedy: String) -> WorkbenchError {
        WorkbenchError(
            "workbench.document_unreadable", what, place: Place(line: line, column: column), remedy: remedy)
    }

    /// The finding of a document that was read like a sample, in a document's words.
    static func unreadable(_ finding: WorkbenchError) -> WorkbenchError {
        let said = finding.diagnostic
        let what =
            said.what.hasPrefix("the sample") ? "the document" + said.what.dropFirst("the sample".count) : said.what
        return unreadable(
            what, line: said.place.line, column: said.place.column,
            remedy: "Save the document itself, as its bytes came.")
    }

    /// The operation that is meant: the named one, or the most promising one.
    ///
    /// Throws: `workbench.operation_unclear` with the names to choose from.
    public static func choose(
        _ operations: [DocumentedOperation], named: String?
    ) throws(WorkbenchError) -> DocumentedOperation {
        var what = "which operation is meant is not clear"
        if let named {
            if let exact = operations.first(where: { $0.name == named }) { return exact }
            let alike = operations.filter { $0.name.lowercased().hasSuffix(named.lowercased()) }
            if alike.count == 1 { return alike[0] }
            what = alike.isEmpty ? "the document has no such operation" : "several operations have that name"
        } else {
            let best = operations.map(\.score).max() ?? 0
            let candidates = operations.filter { $0.score == best }
            if let first = candidates.first, candidates.count == 1 || best > 0 { return first }
        }
        let names = operations.sorted { $0.score > $1.score }.prefix(12).map(\.name).joined(separator: "; ")
        throw WorkbenchError(
            "workbench.operation_unclear",
            operations.isEmpty ? "the document describes no operation" : what,
            remedy: operations.isEmpty
                ? "Give the document that holds the operations." : "Say `--operation`, one of: \(names).")
    }
}
