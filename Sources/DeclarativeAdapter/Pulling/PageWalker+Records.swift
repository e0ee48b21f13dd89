// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

// Which of a page's records count.
extension PageWalker {
    /// Leaves out what the manifest does not want and what a newest-first or unfiltered feed shows again; true when a
    /// newest-first feed has come to what was read before.
    func leaveOut(_ kept: inout [MappedEvent]) -> Bool {
        guard !isFeed else { return false }
        var reachedOld = false
        if let cursor = plan.cursor, let from = position.from, cursor.clientFilter || cursor.order == .descending {
            kept.removeAll { one in
                guard let value = one.cursor, value < from else { return false }
                if cursor.order == .descending { reachedOld = true }
                return true
            }
        }
        if !plan.filter.isEmpty {
            kept.removeAll { one in
                guard let node = one.record?.node else { return false }
                return !plan.filter.allSatisfy { $0.takes(node) }
            }
        }
        return reachedOld
    }

    /// The same key on an earlier page: the same content again counts once, other content is set aside.
    ///
    /// The earlier record is stored already; the reject bears its key and no version, so what is stored is in doubt until
    /// a later pull or a replay settles it: both are out of use. A record whose declared time lies after the beginning of
    /// this run was changed while it was read: it is newer, not doubled.
    func comparedWithEarlier(
        _ outcomes: [(outcome: RecordMapper.Outcome, bytes: Int)], _ kept: [MappedEvent], _ place: Place,
        _ fetchedAt: Timestamp, inParts: Bool = false
    ) -> [(outcome: RecordMapper.Outcome, bytes: Int)] {
        // One answer is one page; its doubles were found in it, unless it is read in parts.
        guard inParts || plan.pages.kind != .none || position.windowEnd != nil || plan.deletes != nil else {
            return outcomes
        }
        // Mostly nothing was left out and nothing put in between: each record then stands where its event does.
        let aligned = outcomes.count == kept.count && kept.allSatisfy(\.fields.isEmpty)
        // Of a doubled key every record has its outcome, of a repeated one the first: each takes the next of its key.
        var byKey: [SourceRecordKey: [MappedEvent]] = [:]
        if !aligned {
            for one in kept.reversed() { if let key = one.outcome.key { byKey[key, default: []].append(one) } }
        }
        var keptKeys: Set<SourceRecordKey> = []
        return outcomes.enumerated().compactMap { index, pair in
            // A field that was set aside goes the way of its record, which stands before it.
            if case .reject(let reject) = pair.outcome, reject.field != nil {
                return reject.key.map(keptKeys.contains) == true ? pair : nil
            }
            guard let key = pair.outcome.key, let one = aligned ? kept[index] : byKey[key]?.popLast(),
                let record = one.record
            else { return pair }
            switch position.memory.look(at: key, digest: one.digest) {
            case .new:
                if !aligned { keptKeys.insert(key) }
                return pair
            case .same: return nil
            case .differs:
                if changedMeanwhile(pair.outcome) {
                    keptKeys.insert(key)
                    return pair
                }
                return (mapper.doubled(pair.outcome, record, place, request.partition, fetchedAt), pair.bytes)
            }
        }
    }

    private func changedMeanwhile(_ outcome: RecordMapper.Outcome) -> Bool {
        guard case .declared(_, .time) = plan.identity.version else { return false }
        let version: SourceVersion? =
            switch outcome {
            case .licence(let licence): licence.provenance.sourceVersion
            case .gone(let tombstone): tombstone.sourceVersion
            case .reject(let reject): reject.sourceVersion
            }
        guard case .declared(let value)? = version else { return false }
        return value > request.windowEnd.milliseconds
    }

    /// Removals, without those of records that this pull received: the list shows them, so they are there.
    ///
    /// Once the first records are forgotten, a removal without a time may be of one of them: it withdraws nothing, and
    /// the record is in doubt until the next pull that shows it.
    func stillGone(
        _ kept: [MappedEvent], _ place: Place, _ fetchedAt: Timestamp
    ) -> [(outcome: RecordMapper.Outcome, bytes: Int)] {
        kept.compactMap { one in
            guard case .gone(let tombstone) = one.outcome, tombstone.sourceVersion == .arrival else {
                return (one.outcome, one.bytes)
            }
            if position.memory.holds(tombstone.key) { return nil }
            guard position.memory.hasForgotten, let record = one.record else { return (one.outcome, one.bytes) }
            let reject = mapper.setAside(
                one.outcome, record, RecordFault(.removalUnchecked, "key"), record.place.within(place),
                request.partition, fetchedAt)
            return (.reject(reject), one.bytes)
        }
    }

    func notes(_ place: Place) -> [Diagnostic] {
        guard position.memory.tellsForgetting() else { return [] }
        return [
            Diagnostic(
                .warning, code: SourceError.Code.doublesUnchecked.rawValue,
                what: "this pull has brought more than \(SeenRecords.generation) records, and the first are forgotten",
                place: place,
                consequence: "A key that comes again with other content is found among the last "
                    + "\(SeenRecords.generation) records only",
                remedy: "Nothing; pull in partitions or windows if every pair has to be compared")
        ]
    }
}

extension RecordMapper {
    /// A record of a list of removals.
    func removal(
        _ event: DocumentEvent, _ identity: RecordIdentity, at place: Place, partition: String?, fetchedAt: Timestamp
    ) -> MappedEvent {
        let mapper = RecordMapper(self, identity)
        guard case .record(let raw) = event else {
            return mapper.event(event, cursor: nil, at: place, partition: partition, fetchedAt: fetchedAt)
        }
        let record = mapper.decoded(raw).record
        let outcome: Outcome
        do throws(RecordFault) {
            let key = try mapper.key(of: record.node)
            let version = try mapper.version(of: record.node)
            outcome = .gone(Tombstone(key: key, sourceVersion: version, fetchedAt: fetchedAt))
        } catch {
            let spot = (error.node.map { record.place(of: $0) } ?? record.place).within(place)
            outcome = .reject(
                Reject(
                    interface: interface, partition: partition, raw: Replay.bytes(record),
                    reason: error.diagnostic(at: spot), fetchedAt: fetchedAt, mappingRevision: revision))
        }
        return MappedEvent(
            outcome: outcome, digest: SHA256.digest(record.raw), cursor: nil, bytes: record.raw.count,
            record: record)
    }

    /// A record whose key came before with other content; without its version, so that it puts any stored one in doubt.
    func doubled(
        _ outcome: Outcome, _ record: DocumentRecord, _ place: Place, _ partition: String?, _ fetchedAt: Timestamp
    ) -> Outcome {
        var reject = setAside(
            outcome, record, RecordFault(.keyTwice, "key"), record.place.within(place), partition, fetchedAt)
        reject.sourceVersion = nil
        return .reject(reject)
    }
}
