// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit

extension TextForm {
    /// Whether a text has this form; forms that need more than the text itself (licence types) accept its shape only.
    func accepts(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        switch self {
        case .kebab: return isKebab(bytes)
        case .region: return bytes.count == 6 && bytes.allSatisfy(isDigit)
        case .cron: return (try? CronExpression.parse(text).get()) != nil
        case .downtime: return text == "none" || DowntimeWindow(text) != nil
        case .hours: return hourRange(text) != nil
        case .url: return isConfigReference(text) || BaseAddress(text) != nil
        case .uri: return !text.isEmpty && !bytes.contains { $0 <= 32 }
        case .recordPath, .listPath, .envelopePath: return !text.isEmpty
        case .dateFormat: return DateFormat(text) != nil
        case .licenceType:
            return !bytes.isEmpty && bytes.count <= 64 && bytes.allSatisfy { isAlphanumeric($0) || $0 == 45 }
        case .holderKind: return bytes.count == 3 && bytes.allSatisfy(isDigit)
        case .secretReference:
            guard case .success(let template) = Template.parse(text), template.pieces.count == 1 else { return false }
            return template.placeholders.first?.kind == .secret
        case .secretName:
            return !bytes.isEmpty && bytes.count <= 64
                && bytes.allSatisfy { isAlphanumeric($0) || [45, 46, 95].contains($0) }
        case .filePattern:
            return !text.isEmpty && bytes.count <= 128 && !bytes.contains(47) && text != ".." && text != "."
        case .tableFile:
            return text.hasSuffix(".csv") && bytes.count <= 128 && bytes.count > 4 && bytes.first != 46
                && bytes.allSatisfy { isAlphanumeric($0) || [45, 46, 95].contains($0) }
        case .token:
            return !bytes.isEmpty && bytes.count <= 64
                && bytes.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-.^_`|~".utf8.contains($0) }
        case .prefix:
            guard let first = bytes.first, isLetter(first), bytes.count <= 32 else { return false }
            return bytes.allSatisfy { isAlphanumeric($0) || $0 == 95 || $0 == 45 }
        case .conformanceNumber:
            return text.count == 3 && text.hasPrefix("C") && (1...13).contains(Int(text.dropFirst()) ?? 0)
        case .zone: return zoneMinutes(text) != nil
        case .dialectName, .vocabularyName:
            return !bytes.isEmpty && bytes.count <= 64 && bytes.allSatisfy { isAlphanumeric($0) || $0 == 95 }
        }
    }

    /// The code of the finding when a text has not this form.
    var code: String {
        switch self {
        case .cron: "manifest.bad_cron"
        case .downtime: "manifest.bad_downtime"
        case .hours: "manifest.bad_hours"
        case .url: "manifest.bad_url"
        case .dateFormat: "manifest.bad_date_format"
        case .secretReference: "manifest.secret_literal"
        case .recordPath, .listPath, .envelopePath: "manifest.bad_path"
        case .licenceType: "manifest.unknown_licence_type"
        default: "manifest.bad_text"
        }
    }
}

/// `HH:MM-HH:MM` as minutes from midnight.
func hourRange(_ text: String) -> Range<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { part -> Int? in
        let numbers = part.split(separator: ":", omittingEmptySubsequences: false)
        guard numbers.count == 2, numbers.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(isDigit) }),
            let hour = Int(numbers[0]), let minute = Int(numbers[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
    guard ends.count == 2, let from = ends[0], let until = ends[1], from < until else { return nil }
    return from..<until
}

/// `+08:00` as minutes east of UTC.
func zoneMinutes(_ text: String) -> Int? {
    if text == "Z" { return 0 }
    let bytes = Array(text.utf8)
    guard bytes.count == 6, bytes[0] == 43 || bytes[0] == 45, bytes[3] == 58,
        [1, 2, 4, 5].allSatisfy({ isDigit(bytes[$0]) })
    else { return nil }
    let hours = Int(bytes[1] - 48) * 10 + Int(bytes[2] - 48)
    let minutes = Int(bytes[4] - 48) * 10 + Int(bytes[5] - 48)
    guard minutes < 60, hours * 60 + minutes <= 840 else { return nil }
    return (bytes[0] == 43 ? 1 : -1) * (hours * 60 + minutes)
}

/// True for exactly one `${config:name}`.
func isConfigReference(_ text: String) -> Bool {
    guard case .success(let template) = Template.parse(text), template.pieces.count == 1 else { return false }
    return template.placeholders.first?.kind == .config
}

/// Reads `10s`, `250ms`, `5m`, `48h`, `7d`.
func parseDuration(_ text: String) -> Duration? {
    guard let (number, unit) = splitUnit(text) else { return nil }
    let factors: [String: Int64] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let factor = factors[unit], number <= 1_000_000_000 else { return nil }
    return .milliseconds(Int64(number) * factor)
}

/// Reads `512B`, `64KiB`, `8MiB`, `1GiB`.
func parseBytes(_ text: String) -> Int? {
    guard let (number, unit) = splitUnit(text) else { return nil }
    let shifts = ["B": 0, "KiB": 10, "MiB": 20, "GiB": 30]
    guard let shift = shifts[unit], number <= 1 << 32 else { return nil }
    return number << shift
}

private func splitUnit(_ text: String) -> (Int, String)? {
    let digits = text.utf8.prefix(while: isDigit)
    guard !digits.isEmpty, digits.count <= 12, let number = Int(String(decoding: digits, as: UTF8.self)) else {
        return nil
    }
    return (number, String(decoding: text.utf8.dropFirst(digits.count), as: UTF8.self))
}

func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

private func isKebab(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, (97...122).contains(first), bytes.count <= 64, bytes.last != 45 else { return false }
    return zip(bytes, bytes.dropFirst()).allSatisfy { !($0 == 45 && $1 == 45) }
        && bytes.allSatisfy { isDigit($0) || (97...122).contains($0) || $0 == 45 }
}
