// SPDX-License-Identifier: Apache-2.0

/// How serious a finding is.
public enum Severity: String, Sendable, Codable, Comparable {
    /// Worth knowing; nothing is refused.
    case note
    /// Works, but a person should look.
    case warning
    /// Refused.
    case error

    /// Notes sort before warnings, warnings before errors.
    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
}

/// Where something went wrong: names and positions only, never a value out of a record.
public struct Place: Sendable, Hashable {
    /// The source system, by its id.
    public var source: String?
    /// The interface of that source.
    public var interface: String?
    /// The run of a sync.
    public var run: String?
    /// The page of a pull, counted from 1.
    public var page: Int?
    /// The record on that page, counted from 1.
    public var record: Int?
    /// Method and path of a request, without its query and without a host's credentials.
    public var request: String?
    /// A file of ours, as the user named it.
    public var file: String?
    /// Line in the file or the document, from 1.
    public var line: Int?
    /// Column in bytes, from 1.
    public var column: Int?
    /// Path inside the document, for example `$.data.items[3].zt`.
    public var path: String?

    /// Makes a place; everything unknown stays out.
    public init(
        source: String? = nil, interface: String? = nil, run: String? = nil, page: Int? = nil, record: Int? = nil,
        request: String? = nil, file: String? = nil, line: Int? = nil, column: Int? = nil, path: String? = nil
    ) {
        self.source = source
        self.interface = interface
        self.run = run
        self.page = page
        self.record = record
        self.request = request
        self.file = file
        self.line = line
        self.column = column
        self.path = path
    }

    /// This place with every gap filled from `outer`, which knows the larger surroundings.
    public func within(_ outer: Place) -> Place {
        Place(
            source: source ?? outer.source, interface: interface ?? outer.interface, run: run ?? outer.run,
            page: page ?? outer.page, record: record ?? outer.record, request: request ?? outer.request,
            file: file ?? outer.file, line: line ?? outer.line, column: column ?? outer.column,
            path: path ?? outer.path)
    }

    /// The place in words, for example `cs-transport/licences, page 3, record 17, line 4, column 12, at $.zt`.
    public var words: String {
        var parts: [String] = []
        if let source { parts.append(interface.map { "\(source)/\($0)" } ?? source) }
        if let run { parts.append("run \(run)") }
        if let page { parts.append("page \(page)") }
        if let record { parts.append("record \(record)") }
        if let request { parts.append(request) }
        if let file {
            parts.append(file + (line.map { ":\($0)" } ?? "") + (column.map { ":\($0)" } ?? ""))
        } else {
            if let line { parts.append("line \(line)") }
            if let column { parts.append("column \(column)") }
        }
        if let path { parts.append("at \(path)") }
        return parts.joined(separator: ", ")
    }
}

/// One thing that is wrong, in the four parts a person needs: what, where, what follows, what to do.
public struct Diagnostic: Sendable, Hashable {
    /// How serious.
    public var severity: Severity
    /// The stable name of this finding, `area.what`; documented in `docs/reference/errors.md`.
    public var code: String
    /// What happened, as a sentence without a full stop at the end being needed; never a value out of a record.
    public var what: String
    /// Where it happened.
    public var place: Place
    /// What follows from it: what was kept, stopped or refused.
    public var consequence: String?
    /// What a person can do about it.
    public var remedy: String

    /// Makes a finding.
    public init(
        _ severity: Severity = .error, code: String, what: String, place: Place = Place(), consequence: String? = nil,
        remedy: String
    ) {
        self.severity = severity
        self.code = code
        self.what = what
        self.place = place
        self.consequence = consequence
        self.remedy = remedy
    }

    /// `file:line:column: error: [code] what Consequence Remedy` for files, `[code] place: what …` for everything else.
    public var text: String {
        var sentences = [what.closed]
        if let consequence, !consequence.isEmpty { sentences.append(consequence.closed) }
        if !remedy.isEmpty { sentences.append(remedy.closed) }
        let body = sentences.joined(separator: " ")
        if place.file != nil {
            var outside = place
            outside.file = nil
            outside.line = nil
            outside.column = nil
            let rest = outside.words
            let position =
                (place.file ?? "") + (place.line.map { ":\($0)" } ?? "") + (place.column.map { ":\($0)" } ?? "")
            return "\(position): \(severity.rawValue): [\(code)] \(rest.isEmpty ? "" : rest + ": ")\(body)"
        }
        let words = place.words
        return "[\(code)] \(words.isEmpty ? "" : words + ": ")\(body)"
    }
}

/// An error that can be shown to an operator as it stands.
public protocol DiagnosedError: Error, Sendable, CustomStringConvertible {
    /// The finding behind this error.
    var diagnostic: Diagnostic { get }
}

extension DiagnosedError {
    /// The finding's text; so that a log or a test never prints Swift's own rendering of the values inside.
    public var description: String { diagnostic.text }
}

extension String {
    /// The sentence with a full stop, unless it already ends in a mark.
    fileprivate var closed: String {
        guard let last, !".?!。：:".contains(last) else { return self }
        return self + "."
    }
}
