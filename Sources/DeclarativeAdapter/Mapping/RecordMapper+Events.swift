// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// One record of a page after mapping, with what paging needs of it.
struct MappedEvent {
    var outcome: RecordMapper.Outcome
    /// Fields of a licence that are set aside.
    var fields: [Reject] = []
    var digest: Digest256
    var cursor: Int64?
    var bytes: Int
    var record: DocumentRecord?
}

extension RecordMapper {
    /// Maps what the reader found.
    func event(
        _ event: DocumentEvent, cursor: CursorPlan?, at place: Place, partition: String?, fetchedAt: Timestamp
    ) -> MappedEvent {
        switch event {
        case .reject(let rejected):
            let reason = rejected.error.diagnostic
            var diagnostic = reason
            diagnostic.place = reason.place.within(Place(record: rejected.ordinal)).within(place)
            var reject = Reject(
                interface: interface, partition: partition, raw: Replay.bytes(rejected.raw, rejected.surroundings),
                reason: diagnostic, typeCode: plan.types.only, fetchedAt: fetchedAt, mappingRevision: revision)
            salvage(rejected, into: &reject)
            return MappedEvent(
                outcome: .reject(reject), digest: SHA256.digest(rejected.raw), cursor: nil,
                bytes: rejected.raw.count, record: nil)
        case .record(let raw):
            let digest = SHA256.digest(raw.raw)
            let decoded = decoded(raw)
            let record = decoded.record
            var (outcome, fields) = mapWithFields(
                decoded, digest: digest, at: place, partition: partition, fetchedAt: fetchedAt)
            var value: Int64?
            if let cursor {
                let node = cursor.path.first(in: record.node)
                value = node?.scalarText.flatMap(cursor.value.read)
                if value == nil, case .licence = outcome {
                    let spot = (node.map { record.place(of: $0) } ?? record.place).within(place)
                    outcome = .reject(
                        setAside(outcome, record, RecordFault(.cursorUnreadable, "cursor"), spot, partition, fetchedAt))
                    fields = []
                }
            }
            return MappedEvent(
                outcome: outcome, fields: fields, digest: digest, cursor: value,
                bytes: record.raw.count, record: record)
        }
    }

    /// Fills in what the sound members of a spoilt record say, so that only its own holders are in doubt.
    private func salvage(_ rejected: RejectedRecord, into reject: inout Reject) {
        guard plan.document.format == .json, rejected.rawIsWhole,
            let sound = SoundMembers.object(of: rejected.raw),
            let record = try? Replay.read(sound, plan.document, limits: DocumentLimits())
        else { return }
        let outcome = map(
            record, digest: SHA256.digest(sound), at: Place(), partition: reject.partition, fetchedAt: reject.fetchedAt)
        switch outcome {
        case .licence(let licence):
            reject.key = licence.key
            reject.typeCode = licence.typeCode
            reject.holders = licence.holders.map(\.reference)
            reject.sourceVersion = licence.provenance.sourceVersion
        case .gone(let tombstone):
            reject.key = tombstone.key
            reject.sourceVersion = tombstone.sourceVersion
        case .reject(let partly):
            reject.key = partly.key
            reject.typeCode = partly.typeCode
            reject.holders = partly.holders
            reject.sourceVersion = partly.sourceVersion
        }
        // Another member may stand in for the broken one: nobody is better than the wrong holder, whose true one would
        // then hear "no record".
        if !hasOneHolderPlace { reject.holders = [] }
    }

    /// Whether the holders can only come from one member of a record.
    private var hasOneHolderPlace: Bool {
        let mapping = plan.mapping
        let places =
            mapping.holders.map { [$0.list] } ?? mapping.pairs?.text.places ?? rules.holderCode?.rule.places ?? []
        return places.count <= 1 && places.allSatisfy { !$0.isSlow && $0.firstName.map { $0 != "*" } == true }
    }

    /// Two records with one key and different content are both set aside; the same record twice counts once.
    ///
    /// Fields that are set aside follow their record.
    func withoutDoubles(
        _ mapped: [MappedEvent], at place: Place, partition: String?, fetchedAt: Timestamp
    ) -> [(outcome: Outcome, bytes: Int)] {
        var first: [SourceRecordKey: Digest256] = [:]
        first.reserveCapacity(mapped.count)
        var doubled: Set<SourceRecordKey> = []
        var repeated: Set<Int> = []
        for (index, one) in mapped.enumerated() {
            guard let key = one.outcome.key else { continue }
            if let digest = first[key] {
                if digest == one.digest { repeated.insert(index) } else { doubled.insert(key) }
            } else {
                first[key] = one.digest
            }
        }
        if doubled.isEmpty, repeated.isEmpty, mapped.allSatisfy(\.fields.isEmpty) {
            return mapped.map { ($0.outcome, $0.bytes) }
        }
        return mapped.enumerated().flatMap { index, one -> [(outcome: Outcome, bytes: Int)] in
            guard let key = one.outcome.key, let record = one.record else { return [(one.outcome, one.bytes)] }
            if doubled.contains(key) {
                let fault = RecordFault(.keyTwice, "key")
                let reject = setAside(one.outcome, record, fault, record.place.within(place), partition, fetchedAt)
                return [(.reject(reject), one.bytes)]
            }
            guard !repeated.contains(index) else { return [] }
            return [(one.outcome, one.bytes)] + one.fields.map { (.reject($0), 0) }
        }
    }

    func setAside(
        _ outcome: Outcome, _ record: DocumentRecord, _ fault: RecordFault, _ place: Place, _ partition: String?,
        _ fetchedAt: Timestamp
    ) -> Reject {
        if case .reject(let reject) = outcome { return reject }
        var reject = Reject(
            interface: interface, partition: partition, raw: Replay.bytes(record), reason: fault.diagnostic(at: place),
            key: outcome.key, typeCode: plan.types.only, fetchedAt: fetchedAt, mappingRevision: revision)
        switch outcome {
        case .licence(let licence):
            reject.typeCode = licence.typeCode
            reject.holders = licence.holders.map(\.reference)
            reject.sourceVersion = licence.provenance.sourceVersion
        case .gone(let tombstone): reject.sourceVersion = tombstone.sourceVersion
        case .reject: break
        }
        return reject
    }
}
