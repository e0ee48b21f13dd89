// SPDX-License-Identifier: Apache-2.0

/// As much of DER as two numbers and two octet strings need; strict, without recursion.
enum DER {
    /// One element: tag, length, content.
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        if content.count < 128 {
            length = [UInt8(content.count)]
        } else {
            var rest = content.count
            while rest > 0 {
                length.insert(UInt8(rest & 0xFF), at: 0)
                rest >>= 8
            }
            length.insert(0x80 | UInt8(length.count), at: 0)
        }
        return [tag] + length + content
    }

    /// A number that is not negative, from its bytes.
    static func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var content = Array(bytes.drop { $0 == 0 })
        if content.isEmpty || content[0] >= 0x80 { content.insert(0, at: 0) }
        return element(0x02, content)
    }

    /// Reads elements one after the other.
    struct Reader {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        var isAtEnd: Bool { rest.isEmpty }

        /// The content of the next element when it has this tag and a length in its shortest form.
        mutating func element(_ tag: UInt8) -> ArraySlice<UInt8>? {
            var bytes = rest
            guard bytes.popFirst() == tag, let first = bytes.popFirst() else { return nil }
            var length = Int(first)
            if first >= 0x80 {
                let count = Int(first & 0x7F)
                guard (1...4).contains(count), bytes.count >= count, bytes.first != 0 else { return nil }
                length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
                guard length >= 128 else { return nil }
                bytes = bytes.dropFirst(count)
            }
            guard bytes.count >= length else { return nil }
            rest = bytes.dropFirst(length)
            return bytes.prefix(length)
        }

        /// A number of at most 32 bytes that is not negative, padded to 32.
        mutating func coordinate() -> [UInt8]? {
            guard let content = element(0x02), let first = content.first, first < 0x80 else { return nil }
            // A leading zero only where the next byte would read as a sign.
            if first == 0, content.count > 1, content[content.startIndex + 1] < 0x80 { return nil }
            let bytes = content.drop { $0 == 0 }
            guard bytes.count <= 32 else { return nil }
            return [UInt8](repeating: 0, count: 32 - bytes.count) + bytes
        }
    }
}
