// SPDX-License-Identifier: Apache-2.0

/// gzip: one stream after the other, each with its own checksum and length, which zlib compares.
struct GzipUnpacker: Unpacking {
    let streamsMax: Int
    private var inflater: Inflater?
    private var streams = 0

    init(streamsMax: Int) { self.streamsMax = streamsMax }

    mutating func step(_ input: inout PackedInput, _ meter: inout ContentMeter) throws(Fault) -> Unpacked {
        guard let inflater else { return try start(&input) }
        let (bytes, ended) = try meter.inflate(inflater, &input)
        if ended { self.inflater = nil }
        if !bytes.isEmpty { return .content(bytes) }
        return ended || !input.isEmpty ? .goOn : .needsMore
    }

    private mutating func start(_ input: inout PackedInput) throws(Fault) -> Unpacked {
        // Blocks of tapes were filled with zeros, and some programs still do it.
        if streams > 0 { while !input.isEmpty, input[0] == 0 { input.drop(1) } }
        guard input.count >= 2 else { return .needsMore }
        guard input[0] == 0x1F, input[1] == 0x8B else {
            throw streams == 0 ? Fault(.notThis, "the bytes do not start as gzip does") : Fault(.trailing)
        }
        streams += 1
        guard streams <= streamsMax else { throw Fault(.tooManyMembers) }
        inflater = Inflater(.gzip)
        return .goOn
    }

    mutating func finish(_ input: inout PackedInput) throws(Fault) {
        guard inflater == nil, streams > 0 else { throw Fault(.truncated) }
        guard input.isEmpty else { throw Fault(.trailing) }
    }
}

/// Deflate with or without zlib's wrapping, told apart by the first two bytes.
struct DeflateUnpacker: Unpacking {
    private var inflater: Inflater?
    private var hasEnded = false

    mutating func step(_ input: inout PackedInput, _ meter: inout ContentMeter) throws(Fault) -> Unpacked {
        guard !hasEnded else {
            guard input.isEmpty else { throw Fault(.trailing) }
            return .needsMore
        }
        guard let inflater else {
            guard input.count >= 2 else { return .needsMore }
            let isWrapped = input[0] & 0x0F == 8 && (Int(input[0]) << 8 | Int(input[1])) % 31 == 0
            inflater = Inflater(isWrapped ? .zlib : .bare)
            return .goOn
        }
        let (bytes, ended) = try meter.inflate(inflater, &input)
        hasEnded = ended
        if !bytes.isEmpty { return .content(bytes) }
        return input.isEmpty ? .needsMore : .goOn
    }

    mutating func finish(_ input: inout PackedInput) throws(Fault) {
        guard hasEnded else { throw Fault(.truncated) }
    }
}
