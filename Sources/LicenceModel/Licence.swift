public import Cryptography
// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// A licence record (电子证照) as the catalogue keeps it, whatever dialect it arrived in.
///
/// What a source does not give is absent, never invented. Codes are text and survive exactly.
/// Elements after GB/T 36903-2018 by way of implementations (clauses not read).
public struct Licence: Sendable, Hashable {
    /// What makes it the same record.
    public var key: SourceRecordKey
    /// The interface it came through.
    public var interface: InterfaceID
    /// The partition of that interface (a district, a type), when the interface is pulled in partitions.
    public var partition: String?
    /// 证照类型代码.
    public var typeCode: LicenceTypeCode
    /// 证照标识, indexed and not trusted.
    public var identifier: LicenceIdentifier?
    /// 证照编号.
    public var number: LicenceNumber?
    /// 持证主体, in the source's order; at least one of identifier, number and holders is there.
    public var holders: [Holder]
    /// 证照颁发机构.
    public var issuingAuthority: IssuingAuthority?
    /// 颁发日期.
    public var issuedOn: CalendarDay?
    /// 有效期.
    public var validity: Validity
    /// The status as the source's table maps it.
    public var status: LicenceStatus
    /// 照面信息: fields of this type beyond the standard's, sorted by name.
    public var faceFields: [FaceField]
    /// 可信等级, when the source states one.
    public var trustGrade: TrustGrade?
    /// Where it came from and when.
    public var provenance: Provenance

    /// Makes a record; face fields are sorted by name here, so that equal content compares equal.
    public init(
        key: SourceRecordKey, interface: InterfaceID, partition: String? = nil, typeCode: LicenceTypeCode,
        identifier: LicenceIdentifier? = nil, number: LicenceNumber? = nil, holders: [Holder] = [],
        issuingAuthority: IssuingAuthority? = nil, issuedOn: CalendarDay? = nil, validity: Validity = Validity(),
        status: LicenceStatus, faceFields: [FaceField] = [], trustGrade: TrustGrade? = nil, provenance: Provenance
    ) {
        self.key = key
        self.interface = interface
        self.partition = partition
        self.typeCode = typeCode
        self.identifier = identifier
        self.number = number
        self.holders = holders
        self.issuingAuthority = issuingAuthority
        self.issuedOn = issuedOn
        self.validity = validity
        self.status = status
        self.faceFields = faceFields.sorted { $0.name < $1.name }
        self.trustGrade = trustGrade
        self.provenance = provenance
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
