// SPDX-License-Identifier: Apache-2.0
import Foundation
import LicenceModel

/// What faces of the city's systems have in common: reading what was asked, writing JSON.
extension CityRequest {
    /// The plain values of a JSON body as text, numbers too, whatever object they stand in.
    var words: [String: String] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) else { return [:] }
        var words: [String: String] = [:]
        Self.gather(object, into: &words)
        return words
    }

    private static func gather(_ value: Any, into words: inout [String: String]) {
        guard let object = value as? [String: Any] else { return }
        for (name, value) in object {
            if let text = value as? String {
                words[name] = text
            } else if let number = value as? NSNumber {
                words[name] = number.stringValue
            } else {
                gather(value, into: &words)
            }
        }
    }
}

extension CityReply {
    /// JSON under its usual content type.
    static func json(_ text: String, status: Int = 200) -> CityReply {
        CityReply(status: status, "application/json; charset=utf-8", Array(text.utf8))
    }

    /// A finished page of JSON, in the wrong character set while that switch is on.
    static func json(_ bytes: [UInt8], _ fault: CityFault?) -> CityReply {
        CityReply("application/json; charset=utf-8", fault == .wrongCharset ? gb18030(bytes) ?? [] : bytes)
    }
}

extension SourceBook {
    /// What look-ups bring, after the switch had its say.
    func found(_ records: [CityRecord], _ fault: CityFault?) -> [CityRecord] {
        if fault == .empty { return [] }
        let records = fault == .unknownStatusCode ? Self.withStrangeStatus(records, profile) : records
        count(records: records.count)
        return records
    }

    /// A page as its owner has set it: no caller gets more at once.
    func pageSize(_ asked: String?) -> Int {
        let most = max(1, profile.pageSize)
        return max(1, min(most, asked.flatMap { Int($0) } ?? most))
    }

    /// The positions of records changed from one time to another, in milliseconds since 1970, both inclusive.
    func window(sinceMilliseconds since: String?, until: String?) -> (low: Int, high: Int) {
        window(
            since: since.flatMap { Int64($0) }.map { CityDates.moment(-(-$0 / 1000)) },
            until: until.flatMap { Int64($0) }.map { CityDates.moment($0 / 1000) })
    }
}

extension CityDates {
    /// Seconds since 1970 as `yyyyMMddHHmmss` in UTC+8.
    static func packed(_ seconds: Int64) -> String { moment(seconds).filter { $0.isASCII && $0.isNumber } }

    /// `yyyyMMddHHmmss` as `moment` writes it; anything else as it is.
    static func unpacked(_ text: String?) -> String? {
        guard let text, text.utf8.count == 14 else { return text }
        let digits = Array(text)
        func part(_ from: Int, _ to: Int) -> String { String(digits[from..<to]) }
        return "\(part(0, 4))-\(part(4, 6))-\(part(6, 8)) \(part(8, 10)):\(part(10, 12)):\(part(12, 14))"
    }

    /// Seconds since 1970 as `yyyy-MM-ddTHH:mm:ssZ`, in UTC.
    static func universal(_ seconds: Int64) -> String { moment(seconds - 28_800, separator: "T") + "Z" }

    /// An ISO 8601 time with `Z` or `+08:00` as `moment` writes it.
    static func local(_ text: String?) -> String? {
        guard let text, text.hasSuffix("Z"), let seconds = seconds(text) else { return text }
        return moment(seconds + 28_800)
    }
}

extension TextBuffer {
    /// `"name":number,`.
    mutating func member(_ name: String, number: Int64) { raw("\"\(name)\":\(number),") }

    /// A record's own fields as an object under `name`.
    mutating func object(_ name: String, _ fields: [FaceField]) {
        raw("\"\(name)\":{")
        for field in fields { member(field.name, field.value) }
        close("},")
    }

    /// `{"a":"b",…}` of fields.
    static func object(_ fields: [FaceField]) -> String {
        var out = TextBuffer()
        out.raw("{")
        for field in fields { out.member(field.name, field.value) }
        out.close("}")
        return String(decoding: out.bytes, as: UTF8.self)
    }
}
