// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import LicenceModel
internal import Synchronization

/// The kinds of text that records name by a number.
enum NameKind: UInt8, Sendable {
    case type = 1
    case mapping = 2
    case scope = 3
}

/// A text with a number, by its bytes: texts that only look alike stay apart.
struct Name: Sendable, Hashable {
    let kind: NameKind
    let bytes: [UInt8]

    static func type(_ code: LicenceTypeCode) -> Name { Name(kind: .type, bytes: Array(code.rawValue.utf8)) }

    static func mapping(_ revision: String) -> Name { Name(kind: .mapping, bytes: Array(revision.utf8)) }

    static func scope(_ scope: CatalogueScope) -> Name {
        var out = ByteWriter()
        out.text(scope.interface.source.rawValue)
        out.text(scope.interface.name)
        out.text(scope.partition)
        return Name(kind: .scope, bytes: out.bytes)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func readScope() throws(MalformedBytes) -> CatalogueScope {
        var reader = ByteReader(bytes)
        let source = try reader.text()
        let interface = try reader.text()
        return CatalogueScope(InterfaceID(SourceID(source), interface), try reader.optionalText())
    }

    var key: [UInt8] { [MetaKey.number, kind.rawValue] + bytes }

    static func key(_ kind: NameKind, _ number: UInt32) -> [UInt8] {
        var out = ByteWriter()
        out.byte(MetaKey.name)
        out.byte(kind.rawValue)
        out.fixed(number)
        return out.bytes
    }
}

/// The first bytes of the keys in the column of small things.
enum MetaKey {
    static let format = UInt8(ascii: "V")
    static let fingerprint = UInt8(ascii: "F")
    static let sequence = UInt8(ascii: "E")
    static let totals = UInt8(ascii: "G")
    static let oldestChange = UInt8(ascii: "C")
    static let name = UInt8(ascii: "n")
    static let number = UInt8(ascii: "N")
    static let scope = UInt8(ascii: "s")
    static let availability = UInt8(ascii: "a")
    static let run = UInt8(ascii: "r")
    static let staged = UInt8(ascii: "p")
    static let dictionary = UInt8(ascii: "D")

    static func dictionary(_ number: UInt32) -> [UInt8] {
        var out = ByteWriter()
        out.byte(dictionary)
        out.fixed(number)
        return out.bytes
    }

    static func scope(_ number: UInt32) -> [UInt8] {
        var out = ByteWriter()
        out.byte(scope)
        out.fixed(number)
        return out.bytes
    }

    static func staged(_ scope: UInt32, _ id: RecordID? = nil) -> [UInt8] {
        var out = ByteWriter()
        out.byte(staged)
        out.fixed(scope)
        if let id { out.raw(id.bytes) }
        return out.bytes
    }
}

/// The writer's numbers of names; a value, so that a page that fails takes none.
struct NameNumbers: Sendable {
    private var numbers: [Name: UInt32] = [:]
    private var next: [NameKind: UInt32] = [:]

    mutating func load(_ name: Name, _ number: UInt32) {
        numbers[name] = number
        next[name.kind] = max(next[name.kind] ?? 1, number + 1)
    }

    func number(of name: Name) -> UInt32? { numbers[name] }

    /// The name's number, a new one written to the batch when it has none.
    mutating func number(of name: Name, in batch: RocksBatch) -> UInt32 {
        if let known = numbers[name] { return known }
        let number = next[name.kind] ?? 1
        load(name, number)
        var value = ByteWriter()
        value.fixed(number)
        batch.put(.meta, name.key, value.bytes)
        batch.put(.meta, Name.key(name.kind, number), name.bytes)
        return number
    }
}

/// The readers' cache of names by number, filled from the store as records ask for them.
final class NameCache: Sendable {
    private struct Entry: Hashable {
        let kind: NameKind
        let number: UInt32
    }
    private struct State {
        var types: [UInt32: LicenceTypeCode] = [:]
        var mappings: [UInt32: String] = [:]
        var scopes: [UInt32: CatalogueScope] = [:]
    }
    private let state = Mutex(State())
    /// Opens packed records; dictionaries are named by number too.
    let unpacker = RecordUnpacker()

    func type(_ number: UInt32, _ view: RocksView) throws(CatalogueError) -> LicenceTypeCode {
        if let known = state.withLock({ $0.types[number] }) { return known }
        let code = LicenceTypeCode(try name(.type, number, view).text)
        state.withLock { $0.types[number] = code }
        return code
    }

    func mapping(_ number: UInt32, _ view: RocksView) throws(CatalogueError) -> String {
        if let known = state.withLock({ $0.mappings[number] }) { return known }
        let text = try name(.mapping, number, view).text
        state.withLock { $0.mappings[number] = text }
        return text
    }

    func scope(_ number: UInt32, _ view: RocksView) throws(CatalogueError) -> CatalogueScope {
        if let known = state.withLock({ $0.scopes[number] }) { return known }
        let found = try name(.scope, number, view)
        let scope = try decoding("The name of an interface") { () throws(MalformedBytes) in try found.readScope() }
        state.withLock { $0.scopes[number] = scope }
        return scope
    }

    private func name(_ kind: NameKind, _ number: UInt32, _ view: RocksView) throws(CatalogueError) -> Name {
        guard let bytes = try view.get(.meta, Name.key(kind, number)) else {
            throw StoreFailure.corrupt("A record uses a name that is not in the store")
        }
        return Name(kind: kind, bytes: bytes)
    }

    /// The number of a name, or nil when no record uses it.
    static func number(of name: Name, _ view: RocksView) throws(CatalogueError) -> UInt32? {
        guard let bytes = try view.get(.meta, name.key) else { return nil }
        return try decoding("The number of a name") { () throws(MalformedBytes) in
            var reader = ByteReader(bytes)
            return try reader.fixed32()
        }
    }
}
