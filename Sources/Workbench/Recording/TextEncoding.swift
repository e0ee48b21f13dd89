// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Bytes to UTF-8 and back, through the C library's tables.
enum TextEncoding {
    /// The bytes in another character set; nil when they cannot be.
    static func convert(_ bytes: [UInt8], from: String, to: String) -> [UInt8]? {
        if from.lowercased() == to.lowercased() { return bytes }
        guard let converter = iconv_open(to, from), converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
        var written = 0
        let failed = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var inAt = source.baseAddress
                var inLeft = source.count
                var outAt = target.baseAddress
                var outLeft = target.count
                let result = iconv(converter, &inAt, &inLeft, &outAt, &outLeft)
                written = target.count - outLeft
                return result == -1 || inLeft > 0
            }
        }
        return failed ? nil : output.prefix(written).map { UInt8(bitPattern: $0) }
    }

    /// The character set that bytes say they are in: a byte order mark, or XML's declaration.
    static func declared(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { return "UTF-16" }
        let head = String(decoding: bytes.prefix(200), as: UTF8.self)
        guard head.hasPrefix("<?xml") || head.hasPrefix("\u{FEFF}<?xml"),
            let mark = head.firstRange(ofText: "encoding=")
        else { return nil }
        let rest = head[mark.upperBound...].dropFirst()
        return String(rest.prefix { $0 != "\"" && $0 != "'" })
    }
}
