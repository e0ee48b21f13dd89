public import Cryptography
// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// A licence record (电子证照) as the catalogue keeps it, whatever dialect it arrived in.
///
/// What a source does not give is absent, never invented. Codes are text and survive exactly.
/// Elements after GB/T 36903-2018 by way of implementations (clauses not read).
public struct Licence: Sendable, Hashable {
    /// The content, shared by copies until one of them is changed: a record passes through many hands on its way into
    /// the catalogue, and each of its some twenty texts would be counted at every step.
    private var storage: Storage

    private struct Content: Sendable, Hashable {
        var key: SourceRecordKey
        var interface: InterfaceID
        var partition: String?
        var typeCode: LicenceTypeCode
        var identifier: LicenceIdentifier?
        var number: LicenceNumber?
        var holders: [Holder]
        var issuingAuthority: IssuingAuthority?
        var issuedOn: CalendarDay?
        var validity: Validity
        var status: LicenceStatus
        var faceFields: [FaceField]
        var trustGrade: TrustGrade?
        var provenance: Provenance
    }

    /// `@unchecked Sendable`: `content` is written only by the one owner that `own` has made sure of.
    private final class Storage: @unchecked Sendable {
        var content: Content
        init(_ content: Content) { self.content = content }
    }

    /// Makes the content this value's alone.
    private mutating func own() {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.content) }
    }

    /// What makes it the same record.
    public var key: SourceRecordKey {
        get { storage.content.key }
        set {
            own()
            storage.content.key = newValue
        }
    }
    /// The interface it came through.
    public var interface: InterfaceID {
        get { storage.content.interface }
        set {
            own()
            storage.content.interface = newValue
        }
    }
    /// The partition of that interface (a district, a type), when the interface is pulled in partitions.
    public var partition: String? {
        get { storage.content.partition }
        set {
            own()
            storage.content.partition = newValue
        }
    }
    /// 证照类型代码.
    public var typeCode: LicenceTypeCode {
        get { storage.content.typeCode }
        set {
            own()
            storage.content.typeCode = newValue
        }
    }
    /// 证照标识, indexed and not trusted.
    public var identifier: LicenceIdentifier? {
        get { storage.content.identifier }
        set {
            own()
            storage.content.identifier = newValue
        }
    }
    /// 证照编号.
    public var number: LicenceNumber? {
        get { storage.content.number }
        set {
            own()
            storage.content.number = newValue
        }
    }
    /// 持证主体, in the source's order; at least one of identifier, number and holders is there.
    public var holders: [Holder] {
        get { storage.content.holders }
        set {
            own()
            storage.content.holders = newValue
        }
    }
    /// 证照颁发机构.
    public var issuingAuthority: IssuingAuthority? {
        get { storage.content.issuingAuthority }
        set {
            own()
            storage.content.issuingAuthority = newValue
        }
    }
    /// 颁发日期.
    public var issuedOn: CalendarDay? {
        get { storage.content.issuedOn }
        set {
            own()
            storage.content.issuedOn = newValue
        }
    }
    /// 有效期.
    public var validity: Validity {
        get { storage.content.validity }
        set {
            own()
            storage.content.validity = newValue
        }
    }
    /// The status as the source's table maps it.
    public var status: LicenceStatus {
        get { storage.content.status }
        set {
            own()
            storage.content.status = newValue
        }
    }
    /// 照面信息: fields of this type beyond the standard's, sorted by name.
    public var faceFields: [FaceField] {
        get { storage.content.faceFields }
        set {
            own()
            storage.content.faceFields = newValue
        }
    }
    /// 可信等级, when the source states one.
    public var trustGrade: TrustGrade? {
        get { storage.content.trustGrade }
        set {
            own()
            storage.content.trustGrade = newValue
        }
    }
    /// Where it came from and when.
    public var provenance: Provenance {
        get { storage.content.provenance }
        set {
            own()
            storage.content.provenance = newValue
        }
    }

    /// Whether both say the same; copies of one record are compared without looking into it.
    public static func == (a: Licence, b: Licence) -> Bool {
        a.storage === b.storage || a.storage.content == b.storage.content
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(storage.content) }

    /// Makes a record; face fields are sorted by name here, so that equal content compares equal.
    public init(
        key: SourceRecordKey, interface: InterfaceID, partition: String? = nil, typeCode: LicenceTypeCode,
        identifier: LicenceIdentifier? = nil, number: LicenceNumber? = nil, holders: [Holder] = [],
        issuingAuthority: IssuingAuthority? = nil, issuedOn: CalendarDay? = nil, validity: Validity = Validity(),
        status: LicenceStatus, faceFields: [FaceField] = [], trustGrade: TrustGrade? = nil, provenance: Provenance
    ) {
        storage = Storage(
            Content(
                key: key, interface: interface, partition: partition, typeCode: typeCode, identifier: identifier,
                number: number, holders: holders, issuingAuthority: issuingAuthority, issuedOn: issuedOn,
                validity: validity, status: status,
                faceFields: faceFields.count < 2 ? faceFields : faceFields.sorted { $0.name < $1.name },
                trustGrade: trustGrade, provenance: provenance))
    }
}

/// A field on the face of a licence that the standard's metadata does not name.
public struct FaceField: Sendable, Hashable {
    /// The field's name as the manifest gives it.
    public var name: String
    /// The value as text, exactly.
    public var value: String
    /// Makes a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// 证照颁发机构: who issued a licence.
public struct IssuingAuthority: Sendable, Hashable {
    /// Its code: a credit code, or a region code in some real identifiers.
    public var code: String?
    /// Its name.
    public var name: String?
    /// Its region code.
    public var region: String?
    /// Makes an authority.
    public init(code: String? = nil, name: String? = nil, region: String? = nil) {
        self.code = code
        self.name = name
        self.region = region
    }
}

/// How far the content of a record can be trusted (可信等级), as the source states it.
public enum TrustGrade: String, Sendable, Codable, CaseIterable {
    /// Issued and signed by the authority itself.
    case a = "A"
    /// Collected from the authority's own system.
    case b = "B"
    /// Collected by somebody else.
    case c = "C"
    /// Entered by hand or of unknown origin.
    case d = "D"
}

/// Where a record came from.
public struct Provenance: Sendable, Hashable {
    /// The source's own version of the record, when it has one.
    public var sourceVersion: SourceVersion
    /// When the page that held it was received.
    public var fetchedAt: Timestamp
    /// SHA-256 of the record's bytes as received.
    public var payloadDigest: Digest256
    /// Which mapping made the record from those bytes: the manifest's revision.
    public var mappingRevision: String
    /// True for a source that is a simulation.
    public var simulated: Bool

    /// Makes a provenance.
    public init(
        sourceVersion: SourceVersion, fetchedAt: Timestamp, payloadDigest: Digest256, mappingRevision: String,
        simulated: Bool
    ) {
        self.sourceVersion = sourceVersion
        self.fetchedAt = fetchedAt
        self.payloadDigest = payloadDigest
        self.mappingRevision = mappingRevision
        self.simulated = simulated
    }
}

/// What makes one version of a record newer than another.
///
/// A declared field (a number, or a time in milliseconds) orders versions whatever order they arrive in;
/// `arrival` means that the later one to arrive is newer.
public enum SourceVersion: Sendable, Hashable {
    /// The manifest declares no version field.
    case arrival
    /// The declared field's value: a number, or milliseconds of a time.
    case declared(Int64)

    /// True when a record with this version replaces one with `stored`.
    ///
    /// Equal declared versions replace (the content decides whether anything is written): sources correct records
    /// without touching the version field.
    public func replaces(_ stored: SourceVersion) -> Bool {
        guard case .declared(let new) = self, case .declared(let old) = stored else { return true }
        return new >= old
    }
}
