// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// Makes licences out of the records of one interface; pure.
struct RecordMapper: Sendable {
    /// What a record became.
    enum Outcome: Sendable {
        case licence(Licence)
        case gone(Tombstone)
        case reject(Reject)

        var key: SourceRecordKey? {
            switch self {
            case .licence(let licence): licence.key
            case .gone(let tombstone): tombstone.key
            case .reject(let reject): reject.key
            }
        }
    }

    let source: SourceID
    let simulated: Bool
    let revision: String
    let plan: InterfacePlan
    let identity: RecordIdentity
    let rejectIf: [Condition]
    let readNames: Set<String>
    let rules: MappedRules

    init(manifest: SourceManifest, plan: InterfacePlan, identity: RecordIdentity) {
        source = manifest.id
        simulated = manifest.simulated
        revision = manifest.mappingRevision
        self.plan = plan
        self.identity = identity
        rejectIf = plan.pull?.rejectIf ?? []
        readNames = RecordMapper.namesRead(plan, identity)
        rules = MappedRules(plan.mapping, readNames)
    }

    /// The same mapper with another key and version.
    init(_ other: RecordMapper, _ identity: RecordIdentity) {
        source = other.source
        simulated = other.simulated
        revision = other.revision
        plan = other.plan
        self.identity = identity
        rejectIf = other.rejectIf
        readNames = other.readNames
        rules = other.rules
    }

    var interface: InterfaceID { InterfaceID(source, plan.name) }

    /// What is read of a record before the rest is tried, so that a reject knows as much as possible.
    private struct Reading {
        var key: SourceRecordKey?
        var version: SourceVersion?
        var type: LicenceTypeCode?
        var holders: [Holder] = []
        var fault: RecordFault?

        mutating func keep<T>(_ work: () throws(RecordFault) -> T) -> T? {
            do throws(RecordFault) {
                return try work()
            } catch {
                fault = fault ?? error
                return nil
            }
        }
    }

    func map(
        _ record: DocumentRecord, digest: Digest256, at place: Place, partition: String?, fetchedAt: Timestamp
    ) -> Outcome {
        mapWithFields(decoded(record), digest: digest, at: place, partition: partition, fetchedAt: fetchedAt).outcome
    }

    /// What a record became whose inner texts were read, and the fields that were set aside; a fault of the inner texts
    /// spoils it.
    func mapWithFields(
        _ decoded: (record: DocumentRecord, fault: RecordFault?), digest: Digest256, at place: Place,
        partition: String?, fetchedAt: Timestamp
    ) -> (outcome: Outcome, fields: [Reject]) {
        let record = decoded.record
        let node = record.node
        var reading = Reading()
        reading.fault = decoded.fault
        reading.key = reading.keep { () throws(RecordFault) in try key(of: node) }
        reading.version = reading.keep { () throws(RecordFault) in try version(of: node) }
        if let tombstone = identity.tombstone, let text = tombstone.path.first(in: node)?.scalarText,
            tombstone.values.contains(text), let key = reading.key, let version = reading.version, !node.hasFailedPath
        {
            return (.gone(Tombstone(key: key, sourceVersion: version, fetchedAt: fetchedAt)), [])
        }
        reading.type = reading.keep { () throws(RecordFault) in try type(of: node) }
        reading.holders = reading.keep { () throws(RecordFault) in try holders(of: node) } ?? []
        let read = reading
        var fields = FieldFaults()
        let made: Licence?? = reading.keep { () throws(RecordFault) -> Licence? in
            try self.licence(record, digest, read, &fields, partition: partition, fetchedAt: fetchedAt)
        }
        if node.hasFailedPath { reading.fault = RecordFault(.pathFailed, "record") }
        if let licence = made ?? nil, reading.fault == nil {
            return (.licence(licence), fieldReject(fields, of: licence, record, at: place).map { [$0] } ?? [])
        }
        let fault = reading.fault ?? RecordFault(.fieldMissing, "key")
        let spot = (fault.node.map { record.place(of: $0) } ?? record.place).within(place)
        let reject = Reject(
            interface: interface, partition: partition, raw: Replay.bytes(record), reason: fault.diagnostic(at: spot),
            key: reading.key, typeCode: reading.type ?? plan.types.only, holders: reading.holders.map(\.reference),
            sourceVersion: reading.version, fetchedAt: fetchedAt, mappingRevision: revision)
        return (.reject(reject), [])
    }

    /// The fields of a licence that were set aside, as one reject beside it.
    private func fieldReject(
        _ fields: FieldFaults, of licence: Licence, _ record: DocumentRecord, at place: Place
    ) -> Reject? {
        guard let first = fields.list.first else { return nil }
        let spot = (first.node.map { record.place(of: $0) } ?? record.place).within(place)
        return Reject(
            interface: interface, partition: licence.partition, raw: Replay.bytes(record),
            reason: first.fieldDiagnostic(at: spot), key: licence.key, typeCode: licence.typeCode,
            sourceVersion: licence.provenance.sourceVersion, fetchedAt: licence.provenance.fetchedAt,
            mappingRevision: revision, field: fields.list.map(\.field).joined(separator: ", "))
    }

    private func licence(
        _ record: DocumentRecord, _ digest: Digest256, _ reading: Reading, _ fields: inout FieldFaults,
        partition: String?, fetchedAt: Timestamp
    ) throws(RecordFault) -> Licence? {
        let node = record.node
        for condition in rejectIf where condition.holds(in: node, status: nil) {
            throw RecordFault(.declaredUnfit, condition.name)
        }
        let identifier = try text(rules.identifier, node).map { LicenceIdentifier($0) }
        let number = try text(rules.number, node).map { LicenceNumber($0) }
        guard identifier != nil || number != nil || !reading.holders.isEmpty || reading.fault != nil else {
            throw RecordFault(.identityMissing, "identifier")
        }
        let validity = Validity(from: try day(rules.validFrom, node), until: try end(node))
        guard !validity.isReversed else {
            throw RecordFault(
                .validityReversed, "valid_until", at: plan.mapping.fields["valid_until"]?.anyNode(in: node))
        }
        let status = try status(of: node)
        let grade = try fields.unless(rules.trustGrade) { () throws(RecordFault) in
            try self.grade(of: node)
        }
        let issuedOn = try fields.unless(rules.issuedOn) { () throws(RecordFault) in
            try self.day(rules.issuedOn, node)
        }
        let authority = try authority(of: node, &fields)
        let face = try face(of: node, &fields)
        guard let key = reading.key, let version = reading.version, let type = reading.type else { return nil }
        return Licence(
            key: key, interface: interface, partition: partition, typeCode: type, identifier: identifier,
            number: number,
            holders: reading.holders, issuingAuthority: authority, issuedOn: issuedOn, validity: validity,
            status: status,
            faceFields: face, trustGrade: grade,
            provenance: Provenance(
                sourceVersion: version, fetchedAt: fetchedAt, payloadDigest: digest,
                mappingRevision: revision, simulated: simulated))
    }

    // MARK: - Key, version, type

    func key(of node: DocumentNode) throws(RecordFault) -> SourceRecordKey {
        var parts: [String] = []
        for path in identity.key {
            guard let found = path.first(in: node), let text = found.scalarText, !text.isEmpty else {
                throw RecordFault(.keyMissing, path.text, at: path.first(in: node))
            }
            parts.append(text)
        }
        return SourceRecordKey(source: source, parts: parts)
    }

    func version(of node: DocumentNode) throws(RecordFault) -> SourceVersion {
        guard case .declared(let path, let value) = identity.version else { return .arrival }
        let found = path.first(in: node)
        guard let text = found?.scalarText, let number = value.read(text) else {
            throw RecordFault(.versionUnreadable, path.text, at: found)
        }
        return .declared(number)
    }

    private func type(of node: DocumentNode) throws(RecordFault) -> LicenceTypeCode {
        switch plan.types {
        case .fixed(let code): return code
        case .from(let path, let table):
            let found = path.first(in: node)
            guard let text = found?.scalarText, let code = table[text] else {
                throw RecordFault(.typeUnknown, path.text, at: found)
            }
            return code
        }
    }

    // MARK: - Fields

    private func text(_ field: MappedRules.Field?, _ node: DocumentNode) throws(RecordFault) -> String? {
        guard let field else { return nil }
        return try field.rule.text(of: node, field: field.name)
    }

    private func day(_ field: MappedRules.Field?, _ node: DocumentNode) throws(RecordFault) -> CalendarDay? {
        guard let field else { return nil }
        if case .day(let day) = try field.rule.day(of: node, field: field.name) { return day }
        return nil
    }

    private func end(_ node: DocumentNode) throws(RecordFault) -> Validity.End {
        guard let field = rules.validUntil else { return .absent }
        return try field.rule.day(of: node, field: field.name)
    }

    private func status(of node: DocumentNode) throws(RecordFault) -> LicenceStatus {
        guard let text = try text(rules.status, node) else {
            if rules.status?.rule.otherwise == .unknown { return .unknown }
            throw RecordFault(.fieldMissing, "status", at: plan.mapping.fields["status"]?.anyNode(in: node))
        }
        guard let status = LicenceStatus(rawValue: text) else { throw RecordFault(.valueUnknown, "status") }
        return status
    }

    private func grade(of node: DocumentNode) throws(RecordFault) -> TrustGrade? {
        guard let field = rules.trustGrade, let text = try field.rule.text(of: node, field: field.name) else {
            return nil
        }
        guard let grade = TrustGrade(rawValue: text) else {
            throw RecordFault(.valueUnknown, "trust_grade", at: field.rule.anyNode(in: node))
        }
        return grade
    }

    private func authority(of node: DocumentNode, _ fields: inout FieldFaults) throws(RecordFault) -> IssuingAuthority?
    {
        func part(_ field: MappedRules.Field?) throws(RecordFault) -> String? {
            guard field != nil else { return nil }
            return try fields.unless(field) { () throws(RecordFault) in try self.text(field, node) }
        }
        let authority = IssuingAuthority(
            code: try part(rules.authorityCode), name: try part(rules.authorityName),
            region: try part(rules.authorityRegion))
        return authority.code == nil && authority.name == nil && authority.region == nil ? nil : authority
    }
}

/// Faults of fields that a manifest sets aside instead of their record.
struct FieldFaults {
    private(set) var list: [RecordFault] = []

    /// What the work gives; nil when it fails and the rule says that the field alone is set aside.
    mutating func unless<T>(
        _ field: MappedRules.Field?, _ work: () throws(RecordFault) -> T?
    ) throws(RecordFault) -> T? {
        do throws(RecordFault) {
            return try work()
        } catch {
            guard field?.rule.rejectsField == true else { throw error }
            list.append(error)
            return nil
        }
    }
}

extension TypeRule {
    /// The type when there is only one.
    var only: LicenceTypeCode? { offered.count == 1 ? offered.first : nil }
}
