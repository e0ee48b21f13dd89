// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Why the workbench could not do what it was asked; never with a value of the sample.
public struct WorkbenchError: DiagnosedError, Hashable {
    /// What is wrong, where, and what to do.
    public let diagnostic: Diagnostic

    init(_ code: String, _ what: String, place: Place = Place(), consequence: String? = nil, remedy: String) {
        diagnostic = Diagnostic(code: code, what: what, place: place, consequence: consequence, remedy: remedy)
    }
}
