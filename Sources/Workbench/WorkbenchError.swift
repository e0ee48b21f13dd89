// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Why the workbench could not do what it was asked; never with a value of the sample.
public struct WorkbenchError: DiagnosedError, Hashable {
    /// What is wrong, where, and what to do.
    public let diagnostic: Diagnostic

    init(_ code: String, _ what: String, place: Place = Place(), consequence: String? = nil, remedy: String) {
        diagnostic = Diagnostic(code: code, what: what, place: place, consequence: consequence, remedy: remedy)
    }

    /// A file that cannot be read.
    public static func unreadable(_ file: String) -> WorkbenchError {
        WorkbenchError(
            "workbench.file_unreadable", "the file \(file) cannot be read", remedy: "Check its name and permissions.")
    }

    /// The document says nothing of the records.
    public static var needsSample: WorkbenchError {
        WorkbenchError(
            "workbench.document_says_little", "the document does not say how the records look",
            remedy: "Give one answer as well, with `--sample`; the document then says how it is asked.")
    }

    /// The document leaves to others what the answer is made of.
    public static func incomplete(_ missing: [String]) -> WorkbenchError {
        WorkbenchError(
            "workbench.document_incomplete",
            "the document refers to what it does not hold: \(missing.prefix(8).joined(separator: "; "))",
            remedy: "Give a WSDL's schemas with further `--wsdl`, bundle an OpenAPI document into one file, "
                + "or give one answer as well, with `--sample`.")
    }
}
