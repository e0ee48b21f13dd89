// SPDX-License-Identifier: Apache-2.0
import LicenceModel
import SourceDocument

/// The members of a request's JSON object, read strictly; complains about all fields at once and never quotes a value.
struct StrictObject {
    private let node: DocumentNode
    private let prefix: String
    private(set) var problems: [APIProblem.Field] = []
    private var read: Set<String> = []

    init(_ node: DocumentNode, prefix: String = "") {
        self.node = node
        self.prefix = prefix
    }

    func has(_ name: String) -> Bool { node.member(name) != nil }

    mutating func complain(_ name: String, _ what: String) {
        problems.append(APIProblem.Field(name: prefix + name, what: what))
    }

    mutating func adopt(_ other: StrictObject) { problems += other.problems }

    mutating func text(_ name: String, limit: Int, required: Bool = false) -> String? {
        read.insert(name)
        guard let member = node.member(name) else {
            if required { complain(name, "is missing") }
            return nil
        }
        guard member.kind == .string, let text = member.scalarText else {
            complain(name, "must be a text")
            return nil
        }
        guard !text.isEmpty else {
            complain(name, "must not be empty")
            return nil
        }
        guard text.unicodeScalars.count <= limit else {
            complain(name, "is longer than \(limit) characters")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            complain(name, "holds a control character")
            return nil
        }
        return text
    }

    /// A code or number: printable, with a letter or digit in it.
    mutating func code(_ name: String, limit: Int, required: Bool = false) -> String? {
        guard let text = text(name, limit: limit, required: required) else { return nil }
        guard CanonicalCode.of(text).utf8.contains(where: { (48...57).contains($0) || (65...90).contains($0) }) else {
            complain(name, "must hold a letter or a digit")
            return nil
        }
        return text
    }

    mutating func day(_ name: String) -> CalendarDay? {
        guard let text = text(name, limit: 10) else { return nil }
        guard let day = CalendarDay(text) else {
            complain(name, "must be a day of the form yyyy-MM-dd")
            return nil
        }
        return day
    }

    mutating func object(_ name: String) -> StrictObject? {
        read.insert(name)
        guard let member = node.member(name) else { return nil }
        guard member.kind == .object else {
            complain(name, "must be an object")
            return nil
        }
        return StrictObject(member, prefix: prefix + name + ".")
    }

    /// Complains about members nobody asked for: by position only, since a name may be a value put in the wrong place.
    mutating func refuseOthers() {
        for child in node.children where !read.contains(child.name ?? "") {
            let place = child.position
            problems.append(
                APIProblem.Field(
                    name: prefix + "(line \(place.line), column \(place.column))", what: "is not a field of this route")
            )
        }
    }
}
