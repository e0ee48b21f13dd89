// SPDX-License-Identifier: Apache-2.0

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
}

/// Reads OpenAPI 3 and WSDL 1.1 documents, bounded; nothing outside the given files is opened.
public enum InterfaceDocument {
    static let bytesMax = 4 << 20

    static func tooLarge(_ bytes: [UInt8]) -> WorkbenchError? {
        guard bytes.count > bytesMax else { return nil }
        return WorkbenchError(
            "workbench.document_too_large", "the document has more than 4 MiB",
            remedy: "Leave out the operations you do not need.")
    }

    /// The operation that is meant: the named one, or the only promising one.
    ///
    /// Throws: `workbench.operation_unclear` with the names to choose from.
    public static func choose(
        _ operations: [DocumentedOperation], named: String?
    ) throws(WorkbenchError) -> DocumentedOperation {
        if let named {
            if let exact = operations.first(where: { $0.name == named }) { return exact }
            let alike = operations.filter { $0.name.lowercased().hasSuffix(named.lowercased()) }
            if alike.count == 1 { return alike[0] }
        } else {
            let best = operations.map(\.score).max() ?? 0
            let candidates = operations.filter { $0.score == best }
            if candidates.count == 1 || (best > 0 && candidates.count > 0) { return candidates[0] }
        }
        let names = operations.sorted { $0.score > $1.score }.prefix(12).map(\.name).joined(separator: "; ")
        throw WorkbenchError(
            "workbench.operation_unclear",
            operations.isEmpty ? "the document describes no operation" : "which operation is meant is not clear",
            remedy: operations.isEmpty
                ? "Give the document that holds the operations." : "Say `--operation`, one of: \(names).")
    }
}
