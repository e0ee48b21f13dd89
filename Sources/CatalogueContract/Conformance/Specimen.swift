internal import Cryptography
// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import LicenceModel
internal import Synchronization

/// A synthetic licence of the conformance suite, with every field that a case may turn.
package struct Specimen: Sendable {
    package static let source = SourceID("yuhua-e-licence")
    package static let interface = InterfaceID(source, "licences")
    package static let typeA = LicenceTypeCode("11100000000013338W001")
    package static let typeB = LicenceTypeCode("11100000000013127D003")

    package var key: String
    package var interface = Specimen.interface
    package var partition: String?
    package var type = Specimen.typeA
    package var identifier: String?
    package var number: String?
    package var holders: [Holder]
    package var content: String
    package var version = SourceVersion.arrival
    package var revision = "mapping-1"
    /// The bytes the record came in; two specimens with the same text have the same payload digest.
    package var raw: String?
    package var fetchedAt = Timestamp(seconds: 1_780_000_000)

    package init(_ key: String, _ content: String = "first", holder: Holder? = Specimen.person) {
        self.key = key
        self.content = content
        holders = holder.map { [$0] } ?? []
    }

    /// Applies changes and returns the specimen, so that a case reads as one line.
    package func with(_ change: (inout Specimen) -> Void) -> Specimen {
        var copy = self
        change(&copy)
        return copy
    }

    package static let person = Holder(
        kind: .residentIdentityNumber, code: "11010519491231002X", name: "Synthetic Person")
    package static let company = Holder(
        kind: .unifiedSocialCreditCode, code: "91350100M000100Y43", name: "Synthetic Co")

    package var recordKey: SourceRecordKey { SourceRecordKey(source: interface.source, parts: [key]) }

    package var licence: Licence {
        let bytes = raw ?? "\(key)|\(content)|\(type)|\(holders.map(\.code))|\(version)"
        return Licence(
            key: recordKey, interface: interface, partition: partition, typeCode: type,
            identifier: identifier.map { LicenceIdentifier($0) }, number: number.map { LicenceNumber($0) },
            holders: holders,
            issuingAuthority: IssuingAuthority(code: nil, name: "Synthetic Bureau", region: "430100"),
            issuedOn: CalendarDay(year: 2020, month: 2, day: 29),
            validity: Validity(from: CalendarDay(year: 2020, month: 2, day: 29), until: .openEnded), status: .valid,
            faceFields: [FaceField("content", content), FaceField("empty", "")], trustGrade: .b,
            provenance: Provenance(
                sourceVersion: version, fetchedAt: fetchedAt, payloadDigest: SHA256.digest(bytes),
                mappingRevision: revision, simulated: true))
    }

    /// The record as a reject: unreadable, with as much known as the case says.
    package func reject(keyed: Bool = true, held: Bool = true, typed: Bool = true, raw: String? = nil) -> Reject {
        Reject(
            interface: interface, partition: partition, raw: Array((raw ?? "\(key)|\(content)|\(version)").utf8),
            reason: Diagnostic(
                code: "record.status_unknown", what: "The status is not in the table",
                place: Place(page: 1, record: 2, path: "$.status"), consequence: "The record is in quarantine.",
                remedy: "Add the status to the table"), key: keyed ? recordKey : nil, typeCode: typed ? type : nil,
            holders: held ? holders.map(\.reference) : [], sourceVersion: version == .arrival ? nil : version,
            fetchedAt: fetchedAt, mappingRevision: revision)
    }

    package var tombstone: Tombstone {
        Tombstone(key: recordKey, sourceVersion: version, fetchedAt: fetchedAt)
    }
}

/// A clock that stands still until a case moves it.
package final class StandingClock: GatewayClock {
    private let state = Mutex(Timestamp(seconds: 1_790_000_000))
    package init() {}
    package var now: Timestamp { state.withLock { $0 } }
    package var elapsed: Duration { now - Timestamp(seconds: 1_790_000_000) }
    package func sleep(for duration: Duration) async throws { advance(duration) }
    package func advance(_ duration: Duration) { state.withLock { $0 = $0 + duration } }
}
