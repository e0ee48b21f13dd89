// SPDX-License-Identifier: Apache-2.0
internal import SourceDocument

/// What can be trusted of a JSON object that as a whole cannot: the members whose name stands once and whose value reads.
enum SoundMembers {
    private static let membersMax = 256

    /// An object of the sound members alone; nil when the bytes are no object at all.
    static func object(of raw: [UInt8]) -> [UInt8]? {
        var scanner = Scanner(bytes: raw)
        guard let members = scanner.members(), !members.isEmpty else { return nil }
        // A name with an escape could be any of the others spelt differently.
        guard !members.contains(where: { raw[$0.name].contains(92) }) else { return nil }
        var counts: [[UInt8]: Int] = [:]
        for member in members { counts[Array(raw[member.name]), default: 0] += 1 }
        let sound = members.filter { member in
            counts[Array(raw[member.name])] == 1 && reads(Array(raw[member.whole]))
        }
        guard !sound.isEmpty else { return nil }
        return [123] + sound.map { Array(raw[$0.whole]) }.joined(separator: [44]) + [125]
    }

    private static func reads(_ member: [UInt8]) -> Bool {
        do throws(DocumentError) {
            let reader = try DocumentReader(
                format: .json, records: .whole, charset: CharsetDeclaration(override: .utf8))
            var events = try reader.feed([123] + member + [125])
            events += try reader.finish().events
            return events.count == 1 && events.allSatisfy { if case .record = $0 { true } else { false } }
        } catch {
            return false
        }
    }

    private struct Member {
        /// The name without its quotes.
        var name: Range<Int>
        /// Name, colon and value.
        var whole: Range<Int>
    }

    /// Finds where members begin and end; checks nothing else.
    private struct Scanner {
        let bytes: [UInt8]
        var at = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func members() -> [Member]? {
            skipBlanks()
            guard take(123) else { return nil }
            var out: [Member] = []
            skipBlanks()
            while at < bytes.count, bytes[at] != 125, out.count < SoundMembers.membersMax {
                let start = at
                guard let name = string() else { return nil }
                skipBlanks()
                guard take(58), value() else { return nil }
                out.append(Member(name: name, whole: start..<at))
                skipBlanks()
                guard take(44) else { break }
                skipBlanks()
            }
            return at < bytes.count && bytes[at] == 125 ? out : nil
        }

        private mutating func skipBlanks() {
            while at < bytes.count, bytes[at] <= 32 { at += 1 }
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard at < bytes.count, bytes[at] == byte else { return false }
            at += 1
            return true
        }

        private mutating func string() -> Range<Int>? {
            guard take(34) else { return nil }
            let start = at
            while at < bytes.count, bytes[at] != 34 { at += bytes[at] == 92 ? 2 : 1 }
            guard at < bytes.count else { return nil }
            defer { at += 1 }
            return start..<at
        }

        /// Passes over one value: up to the comma or bracket that ends it at this level.
        private mutating func value() -> Bool {
            var depth = 0
            while at < bytes.count {
                switch bytes[at] {
                case 34:
                    guard string() != nil else { return false }
                    continue
                case 123, 91: depth += 1
                case 125, 93:
                    if depth == 0 { return true }
                    depth -= 1
                case 44: if depth == 0 { return true }
                default: break
                }
                at += 1
            }
            return false
        }
    }
}
