// SPDX-License-Identifier: Apache-2.0

/// Pseudo-JSON whose texts stand in single quotes, turned into JSON; a decoder of its own, never a lenient mode.
///
/// Only the quotes differ: a double quote outside a text, a bare word, a comma too many are refused as they are in JSON.
/// Inside a text `\'` is a quote and a bare `"` is itself.
struct SingleQuotedJSON {
    private(set) var json: [UInt8] = []
    /// From this offset of the JSON on, so many bytes were added (or taken away).
    private var shifts: [(from: Int, by: Int)] = []

    static func plain(_ bytes: [UInt8]) throws(EmbeddedFault) -> SingleQuotedJSON {
        var out = SingleQuotedJSON()
        out.json.reserveCapacity(bytes.count + 16)
        var isInside = false
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            switch (isInside, byte) {
            case (_, 0x27):
                isInside.toggle()
                out.json.append(0x22)
            case (true, 0x22):
                out.json += [0x5C, 0x22]
                out.shift(1)
            case (true, 0x5C) where at + 1 < bytes.count && bytes[at + 1] == 0x27:
                out.json.append(0x27)
                out.shift(-1)
                at += 1
            case (true, 0x5C) where at + 1 < bytes.count:
                out.json += [byte, bytes[at + 1]]
                at += 1
            case (false, 0x22):
                throw EmbeddedFault(
                    .notJSON, detail: "a double quote stands where the manifest promises single ones",
                    position: EmbeddedReading.position(at, bytes))
            default: out.json.append(byte)
            }
            at += 1
        }
        guard !isInside else {
            throw EmbeddedFault(
                .truncated, detail: "a single quote is not closed", position: EmbeddedReading.position(at, bytes))
        }
        return out
    }

    private mutating func shift(_ by: Int) { shifts.append((json.count, (shifts.last?.by ?? 0) + by)) }

    /// A fault of the JSON, at its position in the bytes as they came.
    func moved(_ fault: EmbeddedFault, in bytes: [UInt8]) -> EmbeddedFault {
        guard let position = fault.position else { return fault }
        var fault = fault
        let by = shifts.last { $0.from <= position.offset }?.by ?? 0
        fault.position = EmbeddedReading.position(position.offset - by, bytes)
        return fault
    }
}

extension DocumentNode {
    /// Pseudo-JSON in single quotes as JSON.
    ///
    /// Throws: the place of a double quote outside a text, or of a text that is not closed.
    public static func json(singleQuoted bytes: [UInt8]) throws(EmbeddedFault) -> [UInt8] {
        try SingleQuotedJSON.plain(bytes).json
    }
}
