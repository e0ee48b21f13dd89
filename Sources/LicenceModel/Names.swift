// SPDX-License-Identifier: Apache-2.0

/// A source system's id: its folder's name in `Adapters/`, kebab-case.
public struct SourceID: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The id as written.
    public let rawValue: String
    /// Wraps an id; the shape is checked by lint, not here.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Wraps an id.
    public init(_ id: String) { rawValue = id }
    /// The id as written.
    public var description: String { rawValue }
    /// By the id's text.
    public static func < (a: SourceID, b: SourceID) -> Bool { a.rawValue < b.rawValue }
}

/// One interface of one source, shown as `source/interface`.
public struct InterfaceID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The source.
    public let source: SourceID
    /// The interface's name inside its source.
    public let name: String
    /// Names an interface.
    public init(_ source: SourceID, _ name: String) {
        self.source = source
        self.name = name
    }
    /// `source/interface`.
    public var description: String { "\(source)/\(name)" }
    /// By source, then name.
    public static func < (a: InterfaceID, b: InterfaceID) -> Bool { (a.source, a.name) < (b.source, b.name) }
}

/// What makes a record the same record: the source and the key the source gives it.
///
/// The standard's identifier is missing, doubled or malformed in real sources, so it is indexed and never the key
/// (design note: the key is declared in the manifest, there is no default).
public struct SourceRecordKey: Sendable, Hashable {
    /// The source.
    public let source: SourceID
    /// The key's parts in the manifest's order, exactly as the source wrote them.
    public let parts: [String]
    /// Makes a key.
    public init(source: SourceID, parts: [String]) {
        self.source = source
        self.parts = parts
    }
    /// The parts as one text in which different lists never collide: each part is preceded by its length in UTF-8.
    public var joined: String { parts.map { "\($0.utf8.count):\($0)" }.joined() }
}

/// The opaque id of a record in the catalogue: 32 hexadecimal digits, no personal content, safe in a URL.
public struct CatalogueID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public let rawValue: String
    /// Accepts exactly 32 lower-case hexadecimal digits.
    public init?(rawValue: String) {
        guard rawValue.utf8.count == 32, rawValue.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }
    /// The digits.
    public var description: String { rawValue }
}

/// The code of a licence type (证照类型代码): 21 characters, an authority's credit code and three digits.
///
/// Source: GB/T 36902-2018 by way of implementations (clause not read); kept as text because local libraries use others.
public struct LicenceTypeCode: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The code as written.
    public let rawValue: String
    /// Wraps a code.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Wraps a code.
    public init(_ code: String) { rawValue = code }
    /// The code as written.
    public var description: String { rawValue }
    /// By the code's text.
    public static func < (a: LicenceTypeCode, b: LicenceTypeCode) -> Bool { a.rawValue < b.rawValue }
}

/// The number printed on a licence (证照编号); not unique across types, and personal: never printed by accident.
public struct LicenceNumber: Sendable, Hashable {
    /// The number exactly as the source wrote it.
    public let raw: String
    /// Wraps a number.
    public init(_ raw: String) { self.raw = raw }
    /// The form that is compared and indexed.
    public var canonical: String { CanonicalCode.of(raw) }
}
