// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// The language a path is written in.
public enum PathLanguage: Sendable, Hashable {
    /// JSONPath (RFC 9535): whole inside a record; names, indexes and wildcards on the way to the list.
    case jsonPath
    /// XPath 1.0: whole inside a record; child elements on the way to the list.
    case xPath
    /// The name of a CSV column.
    case column
}

/// The way to the list of records in a document, in a form that can be followed while the bytes arrive.
///
/// JSON: `$`, `$.data.items`, `$.data[*].items`, `$['a b'][0]`; a last `[*]` may be left out. XML: `/ROOT/DATA/RECORD`,
/// prefixes resolved by the map given, the empty prefix standing for names without one. CSV has no path: `.whole`.
public struct StreamPath: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        case name([UInt8])
        case index(Int)
        case wildcard
        case element(space: [UInt8]?, local: [UInt8]?)
    }

    let steps: [Step]
    /// The path as written.
    public let text: String

    /// The whole document: the root array or object, every line, every row.
    public static let whole = StreamPath(steps: [], text: "$")

    /// A path that leads to nothing, so that all of a document is envelope.
    public static func nowhere(in language: PathLanguage) -> StreamPath {
        let step: Step = language == .xPath ? .element(space: [0xFF], local: [0xFF]) : .index(.max)
        return StreamPath(steps: language == .column ? [] : [step], text: "")
    }

    private init(steps: [Step], text: String) {
        self.steps = steps
        self.text = text
    }

    /// Reads a path.
    ///
    /// Throws: `document.path_syntax` with the column in the path, in bytes from 1.
    public init(
        _ text: String, language: PathLanguage, namespaces: [String: String] = [:]
    ) throws(DocumentError) {
        self.text = text
        switch language {
        case .jsonPath:
            var steps: [Step] = []
            for step in try JSONPathSyntax.steps(text) {
                switch step.kind {
                case .name(let name): steps.append(.name(name))
                case .wildcard: steps.append(.wildcard)
                case .index(let index):
                    guard index >= 0 else {
                        throw PathSyntax.error(text, step.at, "an index from the end cannot be followed in a stream")
                    }
                    steps.append(.index(index))
                }
            }
            if steps.last == .wildcard { steps.removeLast() }
            self.steps = steps
        case .xPath:
            let parsed = try XPathSyntax.parse(text, namespaces: namespaces)
            guard parsed.absolute, !parsed.steps.isEmpty else {
                throw PathSyntax.error(text, 0, "the path to the records starts at the root: `/ROOT/…`")
            }
            self.steps = try parsed.steps.map { step throws(DocumentError) in
                guard case .child(let space, let local) = step.kind, step.ordinal == nil else {
                    throw PathSyntax.error(text, step.at, "only names of child elements can be followed in a stream")
                }
                return .element(space: space, local: local)
            }
        case .column:
            guard text.isEmpty || text == "$" else {
                throw PathSyntax.error(text, 0, "rows have no path; leave it out")
            }
            steps = []
        }
    }
}

/// What all path languages share.
enum PathSyntax {
    static func error(_ text: String, _ at: Int, _ detail: String) -> DocumentError {
        DocumentError(
            .pathSyntax, scope: .configuration, place: Place(column: at + 1, path: text), detail: detail)
    }
}
