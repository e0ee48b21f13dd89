// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import SourceDocument
import Testing

/// SplitMix64: the same seed, the same documents.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func upTo(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

    mutating func cuts(_ length: Int) -> [Int] { (0..<upTo(6)).map { _ in upTo(length + 1) }.sorted() }

    /// A seed for this run: from the environment to repeat one, else a new one, and printed either way.
    static func seed(_ name: String) -> UInt64 {
        let given = ProcessInfo.processInfo.environment["SOURCE_DOCUMENT_SEED"].flatMap(UInt64.init)
        let seed = given ?? UInt64.random(in: 0...UInt64.max)
        print("seed of \(name): SOURCE_DOCUMENT_SEED=\(seed)")
        return seed
    }
}

/// Writes random documents that are right.
struct DocumentWriter {
    var dice: Dice

    mutating func blank() -> String { ["", "", "", " ", "\n", "\t ", "\r\n"][dice.upTo(7)] }

    mutating func string() -> String {
        let pieces = [
            "a", "id", "证照", "𠮷", "\\n", "\\\"", "\\u8bc1", "\\ud83d\\ude00", "]", "}", "{", "[", ",", ":", "\\\\", " ",
            "0123456789",
        ]
        return "\"" + (0..<dice.upTo(8)).map { _ in pieces[dice.upTo(pieces.count)] }.joined() + "\""
    }

    mutating func json(_ depth: Int) -> String {
        switch dice.upTo(depth > 0 ? 8 : 5) {
        case 0: return ["true", "false", "null"][dice.upTo(3)]
        case 1, 2: return ["0", "-1", "12", "0.5", "1e3", "-2.5E-3", "123456789012345678"][dice.upTo(7)]
        case 3, 4: return string()
        case 5:
            let items = (0..<dice.upTo(5)).map { _ in blank() + json(depth - 1) + blank() }
            return "[" + (items.isEmpty ? blank() : items.joined(separator: ",")) + "]"
        default:
            let members = (0..<dice.upTo(6)).map { index in
                blank() + "\"k\(index)\(["", "\\u0061", "名"][dice.upTo(3)])\"" + blank() + ":" + blank()
                    + json(depth - 1) + blank()
            }
            return "{" + (members.isEmpty ? blank() : members.joined(separator: ",")) + "}"
        }
    }

    mutating func xml(_ depth: Int) -> String {
        let name = ["a", "b", "名", "p:c"][dice.upTo(4)]
        let attributes = ["", " x='1'", " x=\"a>b\" y='&lt;&quot;'", " p:z='证'"][dice.upTo(4)]
        if dice.upTo(6) == 0 { return "<\(name)\(attributes)/>" }
        let content = (0..<dice.upTo(4)).map { _ in
            switch dice.upTo(depth > 0 ? 6 : 4) {
            case 0: return "text ]] > &amp; 证"
            case 1: return "<![CDATA[<x>&]]]]>"
            case 2: return "<!-- <c> -->\n  "
            case 3: return "<?pi <x> ?>&#x8bc1;"
            default: return xml(depth - 1)
            }
        }
        return "<\(name)\(attributes)>\(content.joined())</\(name)>"
    }
}

@Suite struct `Random documents` {
    /// The tree in Foundation's terms.
    static func plain(_ node: DocumentNode) throws -> Any {
        switch node.kind {
        case .object:
            return Dictionary(uniqueKeysWithValues: try node.children.map { ($0.name ?? "", try plain($0)) })
        case .array: return try node.children.map(plain)
        case .string: return node.scalarText ?? ""
        case .null: return NSNull()
        case .number, .bool:
            let text = "[\(node.scalarText ?? "")]"
            let array = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any]
            return try #require(array?.first)
        case .element, .attribute, .text: return "?"
        }
    }

    @Test func `JSON means what Foundation says it means, whatever the cuts`() throws {
        var writer = DocumentWriter(dice: Dice(state: Dice.seed("random JSON")))
        for round in 0..<400 {
            let records = (0..<writer.dice.upTo(6)).map { _ in writer.json(4) }
            let text =
                writer.blank() + "{\"a\":\(writer.json(3)),\"data\":[\(records.joined(separator: ","))],\"z\":"
                + writer.json(2) + "}" + writer.blank()
            let outcome = try read(text)
            #expect(outcome.error == nil && outcome.rejects.isEmpty, "round \(round)")
            #expect(outcome.texts == records.map { $0 }, "round \(round)")
            for (record, tree) in zip(records, outcome.trees) {
                let theirs = try JSONSerialization.jsonObject(with: Data("[\(record)]".utf8)) as? NSArray
                #expect(theirs == [try Self.plain(tree)] as NSArray, "round \(round)")
            }
            let cut = try read(text, cuts: writer.dice.cuts(text.utf8.count))
            #expect(cut == outcome, "round \(round)")
        }
    }

    @Test func `spoilt JSON is never better than Foundation finds it, and cuts do not matter`() throws {
        var writer = DocumentWriter(dice: Dice(state: Dice.seed("spoilt JSON")))
        var refused = 0
        for round in 0..<1500 {
            let records = (0..<writer.dice.upTo(4)).map { _ in writer.json(3) }
            var bytes = Array("{\"data\":[\(records.joined(separator: ","))],\"z\":\(writer.json(1))}".utf8)
            for _ in 0...writer.dice.upTo(2) {
                let at = writer.dice.upTo(bytes.count)
                switch writer.dice.upTo(4) {
                case 0: bytes.remove(at: at)
                case 1: bytes.insert(Array(",:{}[]\"\\0a".utf8)[writer.dice.upTo(10)], at: at)
                case 2: bytes[at] = UInt8(writer.dice.upTo(256))
                default: bytes.swapAt(at, writer.dice.upTo(bytes.count))
                }
                if bytes.isEmpty { break }
            }
            let whole = try read(bytes)
            let cut = try read(bytes, cuts: writer.dice.cuts(bytes.count))
            #expect(
                cut.error == whole.error && (whole.error != nil || cut == whole),
                "round \(round): \(String(decoding: bytes, as: UTF8.self)) \(whole) | \(cut)")
            // Foundation refuses numbers beyond its range; JSON has no range.
            let text = String(decoding: bytes, as: UTF8.self)
            if whole.error == nil, whole.rejects.isEmpty, text.contains(/[0-9][eE][+\-]?[0-9]{3}/) { continue }
            if whole.error == nil, whole.rejects.isEmpty {
                #expect(
                    (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil,
                    "round \(round): \(String(decoding: bytes, as: UTF8.self))")
            } else {
                refused += 1
            }
        }
        #expect(refused > 500, "hardly anything was spoilt")
    }

    @Test func `XML records are exact slices that mean the same alone, whatever the cuts`() throws {
        var writer = DocumentWriter(dice: Dice(state: Dice.seed("random XML")))
        for round in 0..<300 {
            let records = (0..<writer.dice.upTo(6)).map { _ in writer.xml(3) }
            let text =
                "<?xml version='1.0'?>\n<R xmlns:p='urn:p'><h>\(writer.xml(2))</h>\n<L>"
                + records.map { "<p:I>\($0)</p:I>\n" }.joined() + "</L></R>\n"
            let spaces = ["p": "urn:p"]
            let outcome = try read(text, .xml, at: "/R/L/p:I", namespaces: spaces)
            #expect(outcome.error == nil && outcome.rejects.isEmpty, "round \(round): \(outcome)")
            #expect(outcome.texts == records.map { "<p:I>\($0)</p:I>" }, "round \(round)")
            let cut = try read(text, .xml, at: "/R/L/p:I", cuts: writer.dice.cuts(text.utf8.count), namespaces: spaces)
            #expect(cut == outcome, "round \(round)")
            for tree in outcome.trees {
                let offset = tree.position.offset
                #expect(Array(text.utf8)[offset...].starts(with: tree.raw), "round \(round)")
            }
        }
    }

    @Test func `spoilt XML never crashes, and cuts do not matter to what is kept`() throws {
        var writer = DocumentWriter(dice: Dice(state: Dice.seed("spoilt XML")))
        for round in 0..<600 {
            var bytes = Array(
                "<R xmlns:p='urn:p'><L>\((0..<3).map { _ in "<I>\(writer.xml(2))</I>" }.joined())</L></R>".utf8)
            for _ in 0...writer.dice.upTo(2) {
                let at = writer.dice.upTo(bytes.count)
                if writer.dice.upTo(2) == 0 { bytes.remove(at: at) } else { bytes[at] = UInt8(writer.dice.upTo(256)) }
            }
            let whole = try read(bytes, .xml, at: "/R/L/I")
            let cut = try read(bytes, .xml, at: "/R/L/I", cuts: writer.dice.cuts(bytes.count))
            #expect((cut.error == nil) == (whole.error == nil), "round \(round): \(whole) \(cut)")
            if whole.error == nil { #expect(cut == whole, "round \(round)") }
        }
    }
}
