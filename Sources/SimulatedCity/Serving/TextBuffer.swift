// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Bytes of an answer in the making.
struct TextBuffer {
    var bytes: [UInt8] = []

    init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    mutating func raw(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// `"name":"value",` with what JSON asks to be escaped.
    mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        raw("\"")
        raw(name)
        raw("\":")
        json(value)
        raw(",")
    }

    mutating func json(_ value: String) {
        bytes.append(34)
        for byte in value.utf8 {
            switch byte {
            case 34, 92:
                bytes.append(92)
                bytes.append(byte)
            case 0..<32: raw("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(34)
    }

    /// Takes the comma off that stands before a closing brace.
    mutating func close(_ end: String) {
        if bytes.last == 44 { bytes.removeLast() }
        raw(end)
    }

    /// `<name>value</name>`; nothing without a value.
    mutating func element(_ name: String, _ value: String?) {
        guard let value else { return }
        raw("<\(name)>")
        xml(value)
        raw("</\(name)>")
    }

    mutating func xml(_ value: String) {
        for byte in value.utf8 {
            switch byte {
            case 38: raw("&amp;")
            case 60: raw("&lt;")
            case 62: raw("&gt;")
            default: bytes.append(byte)
            }
        }
    }

    /// A CSV field, quoted when it has to be.
    mutating func field(_ value: String, last: Bool = false) {
        if value.utf8.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }) {
            bytes.append(34)
            for byte in value.utf8 {
                if byte == 34 { bytes.append(34) }
                bytes.append(byte)
            }
            bytes.append(34)
        } else {
            raw(value)
        }
        raw(last ? "\n" : ",")
    }
}

/// UTF-8 to GB 18030 by the C library; nil when it cannot.
func gb18030(_ utf8: [UInt8]) -> [UInt8]? {
    guard let converter = iconv_open("GB18030", "UTF-8"), converter != UnsafeMutableRawPointer(bitPattern: -1) else {
        return nil
    }
    defer { iconv_close(converter) }
    var input = utf8.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: utf8.count * 2 + 16)
    let written: Int? = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            var (from, left) = (source.baseAddress, source.count)
            var (to, room) = (target.baseAddress, target.count)
            return iconv(converter, &from, &left, &to, &room) == -1 || left > 0 ? nil : target.count - room
        }
    }
    return written.map { output[0..<$0].map { UInt8(bitPattern: $0) } }
}
