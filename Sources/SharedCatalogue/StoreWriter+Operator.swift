// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics
internal import LicenceModel

// What operators do: switches, rejects, leases.
extension StoreWriter {
    func acquireLease(_ source: SourceID, owner: String) throws(CatalogueError) -> Lease {
        if let held = leases[source] { throw .leaseHeld(source, by: held.owner) }
        lastLease += 1
        let lease = Lease(source: source, owner: owner, number: lastLease)
        leases[source] = lease
        return lease
    }

    func release(_ lease: Lease) { if leases[lease.source] == lease { leases[lease.source] = nil } }

    func setAvailability(
        _ availability: Availability, of source: SourceID, note: String
    ) throws(CatalogueError) {
        let batch = RocksBatch(store)
        batch.put(
            .meta, [MetaKey.availability] + Array(source.rawValue.utf8), Array(availability.rawValue.utf8))
        try at(.beforeBatch)
        try store.write(batch, sync: true, evenInReserve: true)
        history.note("\(source)", "\(availability.rawValue): \(note)", at: clock.now)
        try at(.afterBatch)
    }

    func resolve(_ number: Int64, _ resolution: QuarantineResolution) throws(CatalogueError) {
        guard let bytes = try store.present().get(.quarantine, RejectKey.reject(number)) else {
            throw .noSuchReject(number)
        }
        let entry = try decoding("A reject") { () throws(MalformedBytes) in try StoredReject(bytes) }
        let reject = entry.reject
        let draft = PageDraft(self, scope: CatalogueScope(reject.interface, reject.partition), run: entry.run)
        if case .replayed(let licence) = resolution {
            guard licence.interface == reject.interface, licence.key.source == reject.interface.source else {
                throw .misuse("A replayed record names another interface than its reject")
            }
        }
        draft.drop(number, entry)
        if case .replayed(let licence) = resolution { try draft.apply(licence, replaying: reject) }
        if let key = reject.key { try draft.judgeDoubt(key: key) }
        draft.flush()
        try at(.beforeBatch)
        try store.write(draft.batch, sync: true, evenInReserve: true)
        adopt(draft)
        if case .purged(let note) = resolution {
            history.note("\(reject.interface)", "reject \(number) purged: \(note)", at: draft.now)
        }
        try at(.afterBatch)
    }
}

extension PageDraft {
    func judgeDoubt(key: SourceRecordKey) throws(CatalogueError) { try judgeDoubt(writer.key.id(of: key)) }
}
