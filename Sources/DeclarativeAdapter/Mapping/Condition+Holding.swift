// SPDX-License-Identifier: Apache-2.0
internal import SourceDocument

extension Condition {
    /// Whether the source itself says something, instead of only saying nothing.
    ///
    /// HTTP 204 says it too; 200 alone says nothing.
    var isSpecific: Bool {
        if let status, status != 200 { return true }
        return tests.contains { if case .empty = $0.kind { false } else { true } }
    }

    /// Whether every part holds in an envelope or a record.
    func holds(in node: DocumentNode?, status: Int?) -> Bool {
        if let wanted = self.status, wanted != status { return false }
        return tests.allSatisfy { test in node.map { test.holds(in: $0) } ?? false }
    }
}

extension EnvelopeTest {
    func holds(in node: DocumentNode) -> Bool {
        let found = path.first(in: node)
        switch kind {
        case .equals(let text): return found?.scalarText == text
        case .contains(let text):
            guard let value = found?.scalarText else { return false }
            return Substring(value).range(ofText: text) != nil
        case .empty: return found?.isEmptyOrNull ?? true
        }
    }
}
