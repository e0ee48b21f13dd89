// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel
import Sync

/// `licgate quarantine replay` and `purge`, in whichever process writes.
struct QuarantineOperation {
    let context: GatewayContext
    let output: OperationOutput

    /// Maps rejects again with today's manifests; exit code 0 when every one maps now, 1 otherwise.
    func replay(_ ids: [Int64], source: String?) async throws(CatalogueError) -> Int32 {
        if let source, context.directory.source(SourceID(source)) == nil {
            output(.problem(Selection.noSource(source, context.directory.all.map { $0.describe().id.rawValue }).text))
            return 2
        }
        var replayed = 0
        var met: Set<Int64> = []
        var still: [String: Int] = [:]
        var after: Int64 = 0
        while true {
            let filter = QuarantineFilter(
                ids: ids, source: source.map { SourceID($0) }, withRaw: true, after: after, limit: 200)
            let page = try await context.catalogue.quarantine(filter)
            guard let last = page.last else { break }
            if Task.isCancelled { break }
            for record in page {
                met.insert(record.id)
                switch remap(record) {
                case .success(let licence):
                    do throws(CatalogueError) {
                        try await context.catalogue.resolve(record.id, .replayed(licence))
                        replayed += 1
                    } catch {
                        // A page of a running sync may have ended its stay meanwhile.
                        guard error.code == .notFound else { throw error }
                    }
                case .failure(let error): still[error.code.rawValue, default: 0] += 1
                }
            }
            after = last.id
        }
        try await context.catalogue.sync()
        let unknown = ids.filter { !met.contains($0) }
        for id in unknown { output(.problem(Self.noReject(id).text)) }
        let left = still.values.reduce(0, +)
        output(.text("\(grouped(replayed)) replayed, \(grouped(left)) still cannot be read."))
        for (code, count) in still.sorted(by: { $0.key < $1.key }) { output(.text("  \(code)  \(grouped(count))")) }
        if left > 0 {
            output(.text("Mend the manifest they belong to (`licgate quarantine show ID` says where), then replay."))
        }
        output(.json((["replayed": .number(replayed), "unreadable": .number(left)] as JSONValue).rendered()))
        return left == 0 && unknown.isEmpty ? 0 : 1
    }

    private static func noReject(_ id: Int64) -> Diagnostic {
        Diagnostic(
            code: "catalogue.not_found", what: "no open reject has the id \(id)",
            remedy: "`licgate quarantine list` shows those there are")
    }

    private func remap(_ record: QuarantinedRecord) -> Result<Licence, SourceError> {
        guard let source = context.directory.source(record.reject.interface.source) else {
            return .failure(
                SourceError(
                    .configuration, "its source is not in service", place: record.reject.reason.place,
                    remedy: "Put the source back under `sources:`", recovery: .fixConfiguration))
        }
        return source.remap(record.reject)
    }

    /// Gives rejects up; the note says why and stays in the history.
    func purge(_ ids: [Int64], note: String) async throws(CatalogueError) -> Int32 {
        var given = 0
        var code: Int32 = 0
        for id in Set(ids).sorted() {
            do throws(CatalogueError) {
                try await context.catalogue.resolve(id, .purged(note: note))
                given += 1
            } catch {
                guard error.code == .notFound else { throw error }
                output(.problem(Self.noReject(id).text))
                code = 1
            }
        }
        try await context.catalogue.sync()
        output(.text("\(grouped(given)) given up: \(note)"))
        return code
    }
}
