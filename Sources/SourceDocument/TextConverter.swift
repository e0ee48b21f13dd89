// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Turns UTF-16 or GB 18030 into UTF-8 piece by piece.
///
/// What cannot be decoded stays visible as bytes that are not UTF-8, so that the record it stands in is rejected and
/// keeps the trace: half a surrogate pair in its three-byte form, any other byte after a byte 0xFF.
final class TextConverter {
    private let charset: DocumentCharset
    private let handle: iconv_t?
    /// The beginning of a character whose end has not arrived.
    private var rest: [UInt8] = []
    private var output: [UInt8] = []
    private static let piece = 16 << 10

    init(_ charset: DocumentCharset) throws(CharsetDecoder.Refusal) {
        self.charset = charset
        guard charset == .gbk || charset == .gb18030 else {
            handle = nil
            return
        }
        // As the WHATWG has it: GBK is read by the decoder of GB 18030, which contains it.
        let opened = iconv_open("UTF-8", "GB18030")
        guard opened != iconv_t(bitPattern: -1) else {
            throw CharsetDecoder.Refusal(
                code: .charsetUnknown, detail: "this machine lacks the conversion table for GB 18030 (package libc6)")
        }
        handle = opened
    }

    deinit {
        if let handle { iconv_close(handle) }
    }

    func convert(_ bytes: UnsafeBufferPointer<UInt8>, atEnd: Bool, _ use: (UnsafeBufferPointer<UInt8>) -> Void) {
        var input = rest
        input.append(contentsOf: bytes)
        rest = []
        var at = 0
        while at < input.count {
            let end = min(at + TextConverter.piece, input.count)
            output.removeAll(keepingCapacity: true)
            let used = handle == nil ? pairs(input, at..<end) : iconv(input, at..<end)
            at += used
            if used == 0 {
                // The rest is the beginning of a character.
                if end < input.count { continue }
                if atEnd {
                    markUndecodable(input[at...])
                } else {
                    rest = Array(input[at...])
                }
                at = input.count
            }
            if !output.isEmpty { output.withUnsafeBufferPointer(use) }
        }
    }

    private func markUndecodable(_ bytes: ArraySlice<UInt8>) {
        output.append(0xFF)
        output.append(contentsOf: bytes.map { max($0, 0x80) })
    }

    /// Decodes UTF-16; returns how many bytes were used.
    private func pairs(_ input: [UInt8], _ range: Range<Int>) -> Int {
        func unit(_ at: Int) -> UInt32 {
            charset == .utf16LE
                ? UInt32(input[at]) | UInt32(input[at + 1]) << 8 : UInt32(input[at]) << 8 | UInt32(input[at + 1])
        }
        var at = range.lowerBound
        while at + 2 <= range.upperBound {
            var scalar = unit(at)
            var length = 2
            if scalar & 0xFC00 == 0xD800 {
                guard at + 4 <= range.upperBound else { break }
                let low = unit(at + 2)
                if low & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + ((scalar & 0x3FF) << 10) + (low & 0x3FF)
                    length = 4
                }
            }
            encode(scalar)
            at += length
        }
        return at - range.lowerBound
    }

    private func encode(_ scalar: UInt32) {
        if scalar < 0x80 {
            output.append(UInt8(scalar))
        } else if scalar < 0x800 {
            output.append(UInt8(0xC0 | scalar >> 6))
            output.append(UInt8(0x80 | scalar & 0x3F))
        } else {
            if scalar < 0x10000 {
                output.append(UInt8(0xE0 | scalar >> 12))
            } else {
                output.append(UInt8(0xF0 | scalar >> 18))
                output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            }
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// Decodes through the C library; returns how many bytes were used.
    private func iconv(_ input: [UInt8], _ range: Range<Int>) -> Int {
        var at = range.lowerBound
        var target = [UInt8](repeating: 0, count: TextConverter.piece)
        while at < range.upperBound {
            let (used, made, problem) = step(input, at..<range.upperBound, &target)
            output.append(contentsOf: target[..<made])
            at += used
            switch problem {
            case 0, E2BIG: continue
            case EILSEQ:
                markUndecodable(input[at...at])
                at += 1
            default: return at - range.lowerBound
            }
        }
        return at - range.lowerBound
    }

    private func step(
        _ input: [UInt8], _ range: Range<Int>, _ target: inout [UInt8]
    ) -> (used: Int, made: Int, problem: Int32) {
        input.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { sink in
                guard let start = source.baseAddress, let into = sink.baseAddress else { return (0, 0, EINVAL) }
                // iconv takes its source as mutable for historical reasons and does not write to it.
                var from: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(mutating: start + range.lowerBound)
                    .assumingMemoryBound(to: CChar.self)
                var to: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(into)
                    .assumingMemoryBound(to: CChar.self)
                var left = range.count
                var room = sink.count
                let result = Glibc.iconv(handle, &from, &left, &to, &room)
                let problem = result == -1 ? errno : 0
                return (range.count - left, sink.count - room, problem)
            }
        }
    }
}
