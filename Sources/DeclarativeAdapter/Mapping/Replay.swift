// SPDX-License-Identifier: Apache-2.0
internal import SourceDocument

/// A record's bytes in a form that can be read again alone, years later.
///
/// JSON records are that already. An XML record needs the prefixes declared around it, so they are written into its start
/// tag; a CSV row needs its header, which is put before it.
enum Replay {
    static func bytes(_ record: DocumentRecord) -> [UInt8] { bytes(record.raw, record.surroundings) }

    static func bytes(_ raw: [UInt8], _ surroundings: RecordSurroundings) -> [UInt8] {
        switch surroundings.format {
        case .json, .ndjson: return raw
        case .xml: return withNamespaces(raw, surroundings.namespaces)
        case .csv(let dialect):
            guard dialect.names.isEmpty else { return raw + (raw.last == 10 ? [] : [10]) }
            let header = surroundings.columns.map { quoted($0, dialect) }
            return Array(header.joined(separator: [dialect.delimiter])) + [10] + raw + (raw.last == 10 ? [] : [10])
        }
    }

    /// Reads such bytes back as the one record they are.
    static func read(_ bytes: [UInt8], _ document: DocumentPlan, limits: DocumentLimits) throws(DocumentError)
        -> DocumentRecord?
    {
        let path: StreamPath
        var text = bytes
        if document.format == .xml {
            path = try StreamPath("/replay/*", language: .xPath)
            text = Array("<replay>".utf8) + bytes + Array("</replay>".utf8)
        } else {
            path = .whole
        }
        let reader = try DocumentReader(
            format: document.format, records: path, charset: CharsetDeclaration(override: .utf8), limits: limits)
        var events = try reader.feed(text)
        events += try reader.finish().events
        for case .reject(let rejected) in events { throw rejected.error }
        for case .record(let record) in events { return record }
        return nil
    }

    private static func withNamespaces(_ raw: [UInt8], _ namespaces: [String: String]) -> [UInt8] {
        guard !namespaces.isEmpty, raw.first == 60,
            let end = raw.firstIndex(where: { $0 == 62 || $0 == 47 || $0 <= 32 })
        else { return raw }
        let close = raw.firstIndex(of: 62) ?? raw.endIndex
        let tag = String(decoding: raw[..<close], as: UTF8.self)
        var out = Array(raw[..<end])
        for (prefix, uri) in namespaces.sorted(by: { $0.key < $1.key }) where prefix != "xml" {
            let name = prefix.isEmpty ? "xmlns" : "xmlns:\(prefix)"
            guard Substring(tag).range(ofText: "\(name)=") == nil else { continue }
            out += Array(" \(name)=\"\(XMLText.escape(uri))\"".utf8)
        }
        return out + raw[end...]
    }

    private static func quoted(_ name: String, _ dialect: CSVDialect) -> [UInt8] {
        let bytes = Array(name.utf8)
        guard dialect.isQuoted,
            bytes.contains(where: { $0 == dialect.delimiter || $0 == dialect.quote || $0 == 10 || $0 == 13 })
        else {
            return bytes
        }
        return [dialect.quote] + bytes.flatMap { $0 == dialect.quote ? [$0, $0] : [$0] } + [dialect.quote]
    }
}

/// Text inside XML.
enum XMLText {
    static func escape(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&apos;"
            default:
                // Characters XML 1.0 does not have cannot be sent in it at all.
                let value = scalar.value
                if value >= 32 || value == 9 || value == 10 || value == 13 { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }
}

/// Text inside a JSON string.
enum JSONText {
    static func escape(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                if scalar.value < 32 {
                    let hex = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out
    }
}

/// Text inside a query or a form.
enum PercentText {
    static func escape(_ text: String) -> String {
        var out: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if isAlphanumeric(byte) || [45, 46, 95, 126].contains(byte) {
                out.append(byte)
            } else {
                out += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
