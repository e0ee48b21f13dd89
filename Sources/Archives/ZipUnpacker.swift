// SPDX-License-Identifier: Apache-2.0

/// zip (PKWARE APPNOTE), read from front to back: every member is unpacked and checked, one is handed out.
///
/// The directory at the end has to name the very members that came, so that a cut archive and one that shows different
/// things to different readers are both refused.
struct ZipUnpacker: Unpacking {
    private enum State {
        case header
        case deflated(Inflater)
        case stored(left: UInt64)
        case descriptor
        case ended
    }

    let wanted: MemberPattern?
    let limits: ArchiveLimits
    private var state = State.header
    private var member = ZipMember()
    private var members: [ZipMember] = []
    private var listed = 0
    private var found = false
    private var hands = false
    private var sum = Checksum()
    private var size: UInt64 = 0

    init(wanted: MemberPattern?, limits: ArchiveLimits) {
        self.wanted = wanted
        self.limits = limits
    }

    mutating func step(_ input: inout PackedInput, _ meter: inout ContentMeter) throws(Fault) -> Unpacked {
        switch state {
        case .header: return try header(&input)
        case .deflated(let inflater):
            let (bytes, ended) = try meter.inflate(inflater, &input)
            take(bytes)
            if ended { try closeData(input) }
            if hands, !bytes.isEmpty { return .content(bytes) }
            return ended || !bytes.isEmpty || !input.isEmpty ? .goOn : .needsMore
        case .stored(let left):
            let count = Int(min(left, UInt64(min(input.count, meter.room))))
            let bytes = Array(input.slice(0..<count))
            input.drop(count)
            try meter.add(count, packed: input.used)
            take(bytes)
            state = .stored(left: left - UInt64(count))
            if left == UInt64(count) { try closeData(input) }
            if hands, !bytes.isEmpty { return .content(bytes) }
            return left == UInt64(count) || count > 0 ? .goOn : .needsMore
        case .descriptor: return try descriptor(&input)
        case .ended:
            guard input.isEmpty else { throw Fault(.trailing) }
            return .needsMore
        }
    }

    mutating func finish(_ input: inout PackedInput) throws(Fault) {
        guard case .ended = state else { throw Fault(.truncated) }
        guard found else { throw Fault(.memberMissing) }
    }

    // MARK: - Headers

    private mutating func header(_ input: inout PackedInput) throws(Fault) -> Unpacked {
        guard input.count >= 4 else { return .needsMore }
        let mark = input.number(0, 4)
        let length: Int
        switch mark {
        case 0x0403_4B50: length = 30
        case 0x0201_4B50: length = 46
        case 0x0606_4B50: length = 56
        case 0x0706_4B50: length = 20
        case 0x0605_4B50: length = 22
        default:
            guard input.used > 0 else { throw Fault(.notThis, "the bytes do not start as a zip archive does") }
            throw Fault(mark == 0x0806_4B50 ? .notSupported : .corrupt)
        }
        guard input.count >= length else { return .needsMore }
        switch mark {
        case 0x0403_4B50: return try open(&input)
        case 0x0201_4B50: return try list(&input)
        case 0x0605_4B50: return try end(&input)
        default:
            input.drop(length)
            return .goOn
        }
    }

    private mutating func open(_ input: inout PackedInput) throws(Fault) -> Unpacked {
        guard listed == 0 else { throw Fault(.directory) }
        let nameLength = Int(input.number(26, 2))
        let extraLength = Int(input.number(28, 2))
        guard nameLength <= limits.nameBytes else { throw Fault(.memberName, "a member's name is too long") }
        guard input.count >= 30 + nameLength + extraLength else { return .needsMore }
        guard members.count < limits.members else { throw Fault(.tooManyMembers) }
        member = ZipMember(
            name: Array(input.slice(30..<(30 + nameLength))), at: UInt64(input.used), flags: input.number(6, 2),
            method: input.number(8, 2), sum: UInt32(truncatingIfNeeded: input.number(14, 4)),
            packed: input.number(18, 4), size: input.number(22, 4))
        member.widen(input, 30 + nameLength, extraLength, local: true)
        guard let name = ZipMember.safeName(member.name) else { throw Fault(.memberName) }
        guard !member.isEncrypted else { throw Fault(.notSupported, "a member is encrypted") }
        input.drop(30 + nameLength + extraLength)
        member.dataAt = input.used
        sum = Checksum()
        size = 0
        hands = !name.hasSuffix("/") && (wanted?.fits(name) ?? true)
        if hands {
            guard !found else { throw Fault(.memberAmbiguous) }
            found = true
        }
        switch member.method {
        case 0:
            guard !member.hasDescriptor else { throw Fault(.notSupported, "a stored member does not say its size") }
            state = .stored(left: member.packed)
            if member.packed == 0 { try closeData(input) }
        case 8: state = .deflated(Inflater(.bare))
        default: throw Fault(.notSupported, "a member is packed with a method other than deflate")
        }
        return .goOn
    }

    private mutating func take(_ bytes: [UInt8]) {
        size += UInt64(bytes.count)
        bytes.withUnsafeBufferPointer { sum.add($0) }
    }

    private mutating func closeData(_ input: PackedInput) throws(Fault) {
        let packed = UInt64(input.used - member.dataAt)
        if member.hasDescriptor {
            member.packed = packed
            member.size = size
            state = .descriptor
            return
        }
        guard member.sum == sum.sum, member.size == size, member.packed == packed else { throw Fault(.checksum) }
        members.append(member)
        state = .header
    }

    /// What follows a member whose header did not know its sizes: in four spellings, all in use.
    private mutating func descriptor(_ input: inout PackedInput) throws(Fault) -> Unpacked {
        // The directory follows, so that as many bytes are always there.
        guard input.count >= 28 else { return .needsMore }
        let signed = input.number(0, 4) == 0x0807_4B50 ? 4 : 0
        for start in Set([signed, 0]).sorted(by: >) {
            for width in [4, 8] where input.number(start, 4) == UInt64(sum.sum) {
                guard input.number(start + 4, width) == member.packed,
                    input.number(start + 4 + width, width) == member.size
                else { continue }
                member.sum = sum.sum
                members.append(member)
                input.drop(start + 4 + 2 * width)
                state = .header
                return .goOn
            }
        }
        throw Fault(.checksum)
    }

    // MARK: - Directory

    private mutating func list(_ input: inout PackedInput) throws(Fault) -> Unpacked {
        let nameLength = Int(input.number(28, 2))
        let extraLength = Int(input.number(30, 2))
        let length = 46 + nameLength + extraLength + Int(input.number(32, 2))
        guard input.count >= length else { return .needsMore }
        guard listed < members.count else { throw Fault(.directory) }
        var entry = ZipMember(
            name: Array(input.slice(46..<(46 + nameLength))), at: input.number(42, 4), flags: input.number(8, 2),
            method: input.number(10, 2), sum: UInt32(truncatingIfNeeded: input.number(16, 4)),
            packed: input.number(20, 4), size: input.number(24, 4))
        entry.widen(input, 46 + nameLength, extraLength, local: false)
        let came = members[listed]
        guard entry.name == came.name, entry.at == came.at, entry.method == came.method, entry.sum == came.sum,
            entry.packed == came.packed, entry.size == came.size
        else { throw Fault(.directory) }
        listed += 1
        input.drop(length)
        return .goOn
    }

    private mutating func end(_ input: inout PackedInput) throws(Fault) -> Unpacked {
        let length = 22 + Int(input.number(20, 2))
        guard input.count >= length else { return .needsMore }
        let declared = Int(input.number(10, 2))
        guard listed == members.count, declared == listed || declared == 0xFFFF else { throw Fault(.directory) }
        input.drop(length)
        state = .ended
        return .goOn
    }
}

/// What a header says of one member.
struct ZipMember {
    var name: [UInt8] = []
    /// Offset of its local header.
    var at: UInt64 = 0
    var flags: UInt64 = 0
    var method: UInt64 = 0
    var sum: UInt32 = 0
    var packed: UInt64 = 0
    var size: UInt64 = 0
    var dataAt = 0

    var isEncrypted: Bool { flags & 0x2041 != 0 }
    var hasDescriptor: Bool { flags & 8 != 0 }

    /// Takes sizes of 64 bits out of the extra field where the short ones are full.
    mutating func widen(_ input: PackedInput, _ from: Int, _ length: Int, local: Bool) {
        var here = from
        let full: UInt64 = 0xFFFF_FFFF
        while here + 4 <= from + length {
            let kind = input.number(here, 2)
            let end = here + 4 + Int(input.number(here + 2, 2))
            guard end <= from + length else { return }
            if kind == 1 {
                var next = here + 4
                func wide() -> UInt64? {
                    guard next + 8 <= end else { return nil }
                    defer { next += 8 }
                    return input.number(next, 8)
                }
                if size == full, let value = wide() { size = value }
                if packed == full, let value = wide() { packed = value }
                if !local, at == full, let value = wide() { at = value }
            }
            here = end
        }
    }

    /// The name with `/` between folders; nil when it would leave the archive's folder.
    static func safeName(_ bytes: [UInt8]) -> String? {
        var plain: [UInt8] = []
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            guard byte >= 0x20 else { return nil }
            plain.append(byte == 0x5C ? 0x2F : byte)
            at += 1
            // The second byte of a character of GBK may look like a backslash.
            if !isUTF8, byte >= 0x81, at < bytes.count {
                plain.append(bytes[at])
                at += 1
            }
        }
        let parts = plain.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.isEmpty, !parts.contains(where: { $0.elementsEqual([0x2E, 0x2E]) }),
            !(first.count == 2 && first.last == 0x3A)
        else { return nil }
        return String(decoding: plain, as: UTF8.self)
    }
}
