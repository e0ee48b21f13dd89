// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import LicenceModel
import Synchronization

/// `licgate catalogue verify`: every record can be read, and every way of looking it up leads to it.
struct VerifyOperation {
    let context: GatewayContext
    let output: OperationOutput

    /// Exit code 0 when everything holds, 1 when something does not.
    func perform() async throws(CatalogueError) -> Int32 {
        let ids = Mutex<[CatalogueID]>([])
        try await context.catalogue.visitAll { entry in ids.withLock { $0.append(entry.id) } }
        var wrong = 0
        for id in ids.withLock({ $0 }) {
            if Task.isCancelled { return stopped() }
            guard let entry = try await context.catalogue.entry(id) else {
                wrong += 1
                output(.problem("[catalogue.corrupt] record \(id) is listed and cannot be read."))
                continue
            }
            for path in try await missingPaths(to: entry) {
                wrong += 1
                output(.problem("[catalogue.corrupt] record \(id) is not found by its \(path)."))
            }
        }
        let count = ids.withLock { $0.count }
        output(.text("\(grouped(count)) records read, \(grouped(wrong)) faults."))
        output(.json((["records": .number(count), "faults": .number(wrong)] as JSONValue).rendered()))
        return wrong == 0 ? 0 : 1
    }

    private func stopped() -> Int32 {
        output(.problem("The verification was stopped before its end: it says nothing."))
        return 2
    }

    private func missingPaths(to entry: CatalogueEntry) async throws(CatalogueError) -> [String] {
        var missing: [String] = []
        let licence = entry.licence
        var queries: [(String, CatalogueQuery)] = licence.holders.map {
            ("holder", .holder($0.reference, licence.typeCode))
        }
        if let identifier = licence.identifier { queries.append(("identifier", .identifier(identifier.raw))) }
        if let number = licence.number { queries.append(("number", .number(number, licence.typeCode))) }
        for (name, query) in queries {
            let found = try await context.catalogue.entries(matching: query, limit: 1000)
            if !found.truncated, !found.entries.contains(where: { $0.id == entry.id }) { missing.append(name) }
        }
        return missing
    }
}
