// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Header fields in their order; names compare without regard to case.
///
/// Shape: a value may be a `Secret`, which is sent but never shown; `description` shows names only, because values of a
/// source's answer may hold anything.
public struct HeaderFields: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// The value of a field.
    public enum Content: Sendable, Hashable {
        /// A value that may be shown in a test.
        case plain(String)
        /// A value that is only sent.
        case secret(Secret)

        /// What goes over the wire.
        var sent: String {
            switch self {
            case .plain(let text): text
            case .secret(let secret): secret.revealed
            }
        }
    }

    /// A name in a literal.
    public typealias Key = String
    /// A value in a literal.
    public typealias Value = String

    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name, as given.
        public var name: String
        /// The value.
        public var value: Content
    }

    /// The fields in their order.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// Fields in the order of the literal.
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: .plain($0.1)) }
    }

    /// Fields in this order.
    public init(_ pairs: some Sequence<(String, String)>) {
        fields = pairs.map { Field(name: $0.0, value: .plain($0.1)) }
    }

    /// Adds a field, keeping others of the same name.
    public mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: .plain(value)))
    }

    /// Adds a field whose value is never shown.
    public mutating func append(_ name: String, secret: Secret) {
        fields.append(Field(name: name, value: .secret(secret)))
    }

    /// Replaces every field of this name by one.
    public mutating func set(_ name: String, _ value: String) {
        remove(name)
        append(name, value)
    }

    /// Removes every field of this name.
    public mutating func remove(_ name: String) { fields.removeAll { HeaderFields.same($0.name, name) } }

    /// The first plain value of this name.
    public func first(_ name: String) -> String? { all(name).first }

    /// Every plain value of this name, in order.
    public func all(_ name: String) -> [String] {
        fields.compactMap { field in
            guard HeaderFields.same(field.name, name), case .plain(let text) = field.value else { return nil }
            return text
        }
    }

    /// Whether there is a field of this name, secret ones too.
    public func contains(_ name: String) -> Bool { fields.contains { HeaderFields.same($0.name, name) } }

    /// These fields with every secret replaced by the text `<secret>`.
    public var redacted: HeaderFields {
        HeaderFields(
            fields.map { field in
                if case .plain(let text) = field.value { (field.name, text) } else { (field.name, "<secret>") }
            })
    }

    /// The names only.
    public var description: String { "[" + fields.map(\.name).joined(separator: ", ") + "]" }
    /// The names only.
    public var debugDescription: String { description }
    /// A mirror without children, so that `dump` shows no value.
    public var customMirror: Mirror { Mirror(self, children: []) }

    private static func same(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count
            && zip(a.utf8, b.utf8).allSatisfy {
                ($0 >= 65 && $0 <= 90 ? $0 + 32 : $0) == ($1 >= 65 && $1 <= 90 ? $1 + 32 : $1)
            }
    }
}
