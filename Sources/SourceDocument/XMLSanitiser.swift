// SPDX-License-Identifier: Apache-2.0

/// Finds bytes that would make libxml2 give up the whole document, and puts a harmless one in their place.
///
/// The caller rejects the record the place lies in; offsets do not change, as one byte stands for one.
struct XMLSanitiser {
    /// An offset in the document and what was wrong there.
    struct Fault {
        var code: DocumentError.Code
        var at: Int
    }

    /// More than this and it is the document, not a record, that is wrong.
    static let most = 10_000

    /// What was found and not yet attributed, in order.
    var faults: [Fault] = []
    /// Bytes checked so far.
    private var passed = 0

    /// Checks whole characters; answers how many bytes they take and, if any had to be replaced, a clean copy.
    mutating func check(_ bytes: UnsafeBufferPointer<UInt8>, atEnd: Bool) -> (used: Int, clean: [UInt8]?) {
        guard let base = bytes.baseAddress else { return (0, nil) }
        var clean: [UInt8]?
        var at = 0
        let count = bytes.count
        while at < count {
            if count - at >= 8 {
                let word = Words.load(base, at)
                if (word | ((word &- (Words.ones &* 0x20)) & ~word)) & Words.highBits == 0 {
                    at += 8
                    continue
                }
            }
            let byte = base[at]
            if byte >= 0x20 && byte < 0x80 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                at += 1
                continue
            }
            let length = byte < 0x20 ? 0 : UTF8Check.length(base, at, count)
            if length < 0, !atEnd { break }
            if length <= 0 {
                faults.append(Fault(code: byte < 0x20 ? .controlCharacter : .undecodable, at: passed + at))
                if clean == nil { clean = Array(bytes) }
                clean?[at] = 0x3F
            }
            at += max(length, 1)
        }
        passed += at
        return (at, clean)
    }
}
