// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel

/// Records, findings and errors as stable text for golden files: sorted, without times and revisions.
enum GoldenText {
    static func records(_ batches: [SourceBatch]) -> String {
        var lines = ["{", "  \"records\": ["]
        lines.append(batches.flatMap(\.records).map { indent(licence($0), 4) }.joined(separator: ",\n"))
        lines.append("  ],")
        lines.append("  \"rejects\": [")
        lines.append(batches.flatMap(\.rejects).map { "    " + reject($0) }.joined(separator: ",\n"))
        lines.append("  ],")
        let gone = batches.flatMap(\.tombstones).map { "[" + $0.key.parts.map(quoted).joined(separator: ", ") + "]" }
        lines.append("  \"gone\": [\(gone.joined(separator: ", "))],")
        lines.append("  \"resume\": \(batches.last?.resume.map { quoted($0.rawValue) } ?? "null")")
        lines.append("}")
        return lines.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
    }

    static func finding(_ finding: SourceFinding) -> String {
        switch finding {
        case .records(let licences):
            "{\n  \"finding\": \"records\",\n  \"records\": [\n"
                + licences.map { indent(licence($0), 4) }.joined(separator: ",\n") + "\n  ]\n}\n"
        case .none(let evidence): "{\n  \"finding\": \"none\",\n  \"evidence\": \(quoted(evidence))\n}\n"
        case .notInForce(let status): "{\n  \"finding\": \"notInForce\",\n  \"status\": \(quoted(status.rawValue))\n}\n"
        case .refused(let code): "{\n  \"finding\": \"refused\",\n  \"code\": \(quoted(code))\n}\n"
        }
    }

    /// Code and place only.
    static func error(_ error: SourceError) -> String {
        var place = error.diagnostic.place
        place.run = nil
        return "\(error.diagnostic.code)\n\(place.words)\n"
    }

    private static func reject(_ reject: Reject) -> String {
        "{ \"code\": \(quoted(reject.reason.code)), \"at\": \(quoted(reject.reason.place.path ?? "")), \"key\": "
            + (reject.key.map { "[" + $0.parts.map(quoted).joined(separator: ", ") + "]" } ?? "null")
            + ", \"holders\": \(reject.holders.count), \"type\": \(reject.typeCode.map { quoted($0.rawValue) } ?? "null") }"
    }

    private static func licence(_ licence: Licence) -> String {
        var pairs: [(String, String)] = []
        func put(_ name: String, _ value: String?) { if let value { pairs.append((name, quoted(value))) } }
        pairs.append(("key", "[" + licence.key.parts.map(quoted).joined(separator: ", ") + "]"))
        put("type", licence.typeCode.rawValue)
        put("identifier", licence.identifier?.raw)
        put("number", licence.number?.raw)
        let holders = licence.holders.map { holder in
            "{ \"kind\": \(quoted(holder.kind.rawValue)), \"code\": \(quoted(holder.code))"
                + (holder.name.map { ", \"name\": \(quoted($0))" } ?? "") + " }"
        }
        pairs.append(("holders", "[" + holders.joined(separator: ", ") + "]"))
        put("authority_code", licence.issuingAuthority?.code)
        put("authority_name", licence.issuingAuthority?.name)
        put("authority_region", licence.issuingAuthority?.region)
        put("issued_on", licence.issuedOn?.description)
        put("valid_from", licence.validity.from?.description)
        switch licence.validity.until {
        case .absent: break
        case .openEnded: put("valid_until", "open")
        case .day(let day): put("valid_until", day.description)
        }
        put("status", licence.status.rawValue)
        put("trust_grade", licence.trustGrade?.rawValue)
        if case .declared(let version) = licence.provenance.sourceVersion { pairs.append(("version", String(version))) }
        let face = licence.faceFields.map { "\(quoted($0.name)): \(quoted($0.value))" }
        pairs.append(("face", face.isEmpty ? "{}" : "{ " + face.joined(separator: ", ") + " }"))
        return "{\n" + pairs.map { "  \(quoted($0.0)): \($0.1)" }.joined(separator: ",\n") + "\n}"
    }

    private static func indent(_ text: String, _ width: Int) -> String {
        let blanks = String(repeating: " ", count: width)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { blanks + $0 }.joined(separator: "\n")
    }

    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            default:
                if scalar.value < 32 {
                    out += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}
