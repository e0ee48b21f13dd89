// SPDX-License-Identifier: Apache-2.0

/// Where the records of a sample could be.
struct ListCandidate: Sendable {
    var path: SamplePath
    var records: [SampleNode]
    /// False for one object or element that stands alone.
    var isList: Bool
    /// Texts that had to be opened on the way: where, and what they hold.
    var openings: [(at: SamplePath, kind: String)]
    var score: Double
    var evidence: [String]
}

/// Finds the list of records by evidence: how many, how alike, how named, how deep.
struct ListFinder {
    let names: NameBook

    static let listNames: Set<String> = [
        "list", "datalist", "data", "items", "records", "record", "rows", "row", "result", "results", "content",
        "certdatas", "licensedatas", "certificates", "certificate", "licences", "licenses", "node", "dane", "entries",
        "objects", "resultlist", "certlist", "days", "elements", "values", "value",
    ]
    static let envelopeNames: Set<String> = [
        "code", "msg", "message", "status", "success", "total", "resultcode", "resultdesc", "errcode", "errmsg",
        "timestamp", "page", "size", "pagesize", "traceid", "accessid", "accesstoken", "text",
    ]

    /// The candidates, best first.
    func candidates(_ root: SampleNode) -> [ListCandidate] {
        var found: [ListCandidate] = []
        visit(root, SamplePath(), [], &found, depth: 0)
        return found.enumerated().sorted { ($0.element.score, -$0.offset) > ($1.element.score, -$1.offset) }.map(
            \.element)
    }

    private func visit(
        _ node: SampleNode, _ path: SamplePath, _ openings: [(at: SamplePath, kind: String)],
        _ found: inout [ListCandidate], depth: Int
    ) {
        guard depth < 24 else { return }
        if let inner = node.inner.first {
            return visit(inner, path, openings + [(path, node.innerKind)], &found, depth: depth + 1)
        }
        switch node.kind {
        case .list:
            let objects = node.items.filter { $0.kind == .object }
            if objects.count == node.items.count {
                found.append(candidate(path, objects, isList: true, openings))
            } else if node.items.count <= 64 {
                for (index, item) in node.items.enumerated() {
                    visit(item, path.appending(String(index)), openings, &found, depth: depth + 1)
                }
            }
        case .object:
            if node.members.count >= 2 { found.append(candidate(path, [node], isList: false, openings)) }
            for (name, child) in node.members { visit(child, path.appending(name), openings, &found, depth: depth + 1) }
        default: break
        }
    }

    private func candidate(
        _ path: SamplePath, _ records: [SampleNode], isList: Bool, _ openings: [(at: SamplePath, kind: String)]
    ) -> ListCandidate {
        var score = 0.0
        var evidence: [String] = []
        let scalars = Set(records.prefix(50).flatMap { $0.members.filter { $0.node.isScalar }.map(\.name) })
        let known = scalars.filter { names.isKnown($0) }.count
        if isList {
            score += 4 + min(4, Double(records.count) / 2)
            evidence.append("\(records.count) \(records.count == 1 ? "member" : "members") side by side")
        }
        score += min(6, Double(scalars.count) / 2)
        score += min(12, Double(known) * 2)
        if known > 0 { evidence.append("\(known) of \(scalars.count) names are known names of licence fields") }
        let name = NameBook.plain(path.last)
        if ListFinder.listNames.contains(name) {
            score += 2
            evidence.append("`\(path.last)` is a usual name for it")
        }
        if records.isEmpty { score -= 6 }
        if scalars.count <= 2, scalars.contains(where: { ["name", "key", "mc"].contains(NameBook.plain($0)) }),
            scalars.contains(where: { ["value", "val", "nr"].contains(NameBook.plain($0)) })
        {
            score -= 14
        }
        if !isList {
            let envelope = scalars.filter { ListFinder.envelopeNames.contains(NameBook.plain($0)) }.count
            score -= Double(envelope) * 3
            // A thing that holds a list of things is seldom the thing.
            if holdsRecords(records.first) { score -= 12 }
            if records.first?.members.allSatisfy({ $0.name.hasPrefix("@") }) == true { score -= 4 }
        }
        score -= Double(path.steps.count) * 0.3
        return ListCandidate(
            path: path, records: records, isList: isList, openings: openings, score: score, evidence: evidence)
    }

    private func holdsRecords(_ node: SampleNode?) -> Bool {
        guard let node else { return false }
        func has(_ node: SampleNode, _ depth: Int) -> Bool {
            guard depth < 6 else { return false }
            if let inner = node.inner.first {
                return has(inner, depth + 1) || inner.kind == .object && inner.members.count >= 4
            }
            if node.kind == .list { return node.items.contains { $0.kind == .object && $0.members.count >= 3 } }
            return node.members.contains {
                has($0.node, depth + 1)
                    || (depth < 2 && $0.node.kind == .object
                        && $0.node.members.filter { names.isKnown($0.name) }.count >= 5)
            }
        }
        return has(node, 0)
    }
}
