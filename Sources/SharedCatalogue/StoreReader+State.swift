// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Cryptography
internal import LicenceModel

// Everything that is not a record.
extension StoreReader {
    /// Tells tokens of this catalogue from those of another.
    var tag: String { hexadecimal(key.fingerprint.prefix(4)) }

    func changes(after token: ChangeToken?, limit: Int) throws(CatalogueError) -> ChangePage {
        let oldest = try number([MetaKey.oldestChange]) ?? 0
        var start = oldest
        if let token {
            guard let asked = ChangeCodec.sequence(token, tag),
                asked >> 40 <= (try StoreWriter.Counters.read(view).epoch)
            else { throw .tokenUnknown }
            guard asked >= oldest else { throw .tokenExpired }
            start = asked
        }
        var entries: [ChangeEntry] = []
        try view.scan(.changes, prefix: [], from: RowKey.sequence(start + 1)) { (key, value) throws(CatalogueError) in
            let bytes = value()
            entries.append(
                try decoding("A change") { () throws(MalformedBytes) in
                    var reader = ByteReader(key)
                    return try ChangeCodec.entry(try reader.fixed64(), bytes, tag)
                })
            return entries.count < limit
        }
        return ChangePage(
            entries: entries, next: entries.last?.token ?? token ?? ChangeCodec.token(oldest, tag))
    }

    func number(_ key: [UInt8]) throws(CatalogueError) -> UInt64? {
        guard let bytes = try view.get(.meta, key) else { return nil }
        return try decoding("A number") { () throws(MalformedBytes) in
            var reader = ByteReader(bytes)
            return try reader.fixed64()
        }
    }

    func states() throws(CatalogueError) -> [InterfaceState] {
        let switched = try availability()
        var out: [InterfaceState] = []
        try view.scan(.meta, prefix: [MetaKey.scope]) { (key, value) throws(CatalogueError) in
            let bytes = value()
            let (number, state) = try decoding("The state of an interface") {
                () throws(MalformedBytes) -> (UInt32, ScopeState) in
                var reader = ByteReader(key, from: 1)
                return (try reader.fixed32(), try ScopeState(bytes))
            }
            let scope = try names.scope(number, view)
            out.append(
                InterfaceState(
                    interface: scope.interface, partition: scope.partition, resume: state.resume, known: state.known,
                    firstComplete: state.firstComplete, lastComplete: state.lastComplete, lastRun: state.lastRun,
                    availability: switched[scope.interface.source] ?? .active, records: state.records,
                    openRejects: state.openRejects, openRejectsWithoutHolder: state.openRejectsWithoutHolder))
            return true
        }
        let pulled = Set(out.map(\.interface.source))
        for (source, value) in switched where !pulled.contains(source) {
            out.append(InterfaceState(interface: .switched(source), availability: value))
        }
        return out.sorted { ($0.interface, $0.partition ?? "") < ($1.interface, $1.partition ?? "") }
    }

    private func availability() throws(CatalogueError) -> [SourceID: Availability] {
        var out: [SourceID: Availability] = [:]
        try view.scan(.meta, prefix: [MetaKey.availability]) { (key, value) throws(CatalogueError) in
            let word = String(decoding: value(), as: UTF8.self)
            guard let value = Availability(rawValue: word) else {
                throw StoreFailure.corrupt("A switch has an unknown position")
            }
            out[SourceID(String(decoding: key.dropFirst(), as: UTF8.self))] = value
            return true
        }
        return out
    }

    func quarantine(_ filter: QuarantineFilter) throws(CatalogueError) -> [QuarantinedRecord] {
        var out: [QuarantinedRecord] = []
        func take(_ number: Int64, _ entry: StoredReject) throws(CatalogueError) {
            var listed = entry.listed(number)
            guard filter.accepts(listed) else { return }
            if filter.withRaw { listed.reject.raw = try view.get(.quarantine, RejectKey.raw(number)) ?? [] }
            out.append(listed)
        }
        if !filter.ids.isEmpty {
            for number in Set(filter.ids).sorted() where out.count < filter.limit {
                if let entry = try reject(number) { try take(number, entry) }
            }
            return out
        }
        let start = RejectKey.reject(max(0, filter.after))
        try view.scan(.quarantine, prefix: [RejectKey.reject], from: start) { (key, value) throws(CatalogueError) in
            let bytes = value()
            try take(
                RejectKey.number(of: key),
                try decoding("A reject") { () throws(MalformedBytes) in try StoredReject(bytes) })
            return out.count < filter.limit
        }
        return out
    }

    /// Runs as the store knows them: the last of every interface and the open ones, newer than any history.
    func recentRuns(of interface: InterfaceID?) throws(CatalogueError) -> [RunRecord] {
        try states().compactMap(\.lastRun).filter { interface == nil || $0.interface == interface }
    }

    func totals() throws(CatalogueError) -> Totals {
        guard let bytes = try view.get(.meta, [MetaKey.totals]) else { return Totals() }
        return try decoding("The totals") { () throws(MalformedBytes) in try Totals(bytes) }
    }
}
