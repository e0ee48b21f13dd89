// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import LicenceModel

/// Which of the records found tell of the same licence.
///
/// By identifier; between sources also by type and number. Inside one source a number is shared by renewals.
/// Cost: each record's codes are brought into canonical form once; a thousand records are grouped, not compared in pairs.
struct LicenceIdentities: Sendable {
    /// What a record is compared by.
    struct Identity: Hashable {
        var source: SourceID
        var identifier: String?
        var number: Number?
    }

    struct Number: Hashable {
        var type: LicenceTypeCode
        var canonical: String
    }

    private let sources: [SourceID]
    private let identifiers: [String?]
    private let numbers: [Number?]
    private let byIdentifier: [String: [Int]]
    private let byNumber: [Number: [Int]]

    init(_ records: [JudgedRecord]) {
        let licences = records.map(\.entry.licence)
        sources = licences.map(\.key.source)
        identifiers = licences.map { $0.identifier.map(\.canonical).flatMap { $0.isEmpty ? nil : $0 } }
        numbers = licences.map { licence in
            licence.number.map(\.canonical).flatMap { $0.isEmpty ? nil : Number(type: licence.typeCode, canonical: $0) }
        }
        byIdentifier = Self.grouped(identifiers)
        byNumber = Self.grouped(numbers)
    }

    private static func grouped<Key: Hashable>(_ keys: [Key?]) -> [Key: [Int]] {
        var out: [Key: [Int]] = [:]
        for (index, key) in keys.enumerated() {
            if let key { out[key, default: []].append(index) }
        }
        return out
    }

    func identity(of index: Int) -> Identity {
        Identity(source: sources[index], identifier: identifiers[index], number: numbers[index])
    }

    /// The other records of the same licence, in order.
    func same(as index: Int) -> [Int] {
        let named = identifiers[index].flatMap { byIdentifier[$0] } ?? []
        let numbered = (numbers[index].flatMap { byNumber[$0] } ?? []).filter { sources[$0] != sources[index] }
        return Set(named + numbered).subtracting([index]).sorted()
    }
}
