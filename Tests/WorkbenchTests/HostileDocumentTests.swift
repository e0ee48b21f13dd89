// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Workbench

@Suite(.timeLimit(.minutes(3))) struct `A sample whose elements all have other names` {
    @Test func `is read in time`() {
        let text = "<r>" + (0..<60_000).map { "<e\($0)/>" }.joined() + "</r>"
        var names = NamespaceBook()
        let tree = SampleParser.document(Array(text.utf8), isXML: true, &names, depth: 0)
        #expect(tree?.members.first?.node.members.count == 60_000)
    }

    @Test func `keeps the order of its elements, and lists what comes again`() throws {
        var names = NamespaceBook()
        let text = "<r a='1'><x>1</x><y>2</y><x>3</x><z/><x>4</x></r>"
        let tree = SampleParser.document(Array(text.utf8), isXML: true, &names, depth: 0)
        let root = try #require(tree?.members.first?.node)
        #expect(root.members.map(\.name) == ["@a", "x", "y", "z"])
        #expect(root.member("x")?.items.map(\.text) == ["1", "3", "4"])
    }
}
