// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import SourceDocument

/// What must hold for every input whatever: used by the fuzz targets, and by the test that replays their corpora.
///
/// Each check answers nil, or the promise that was broken.
enum DocumentPromises {
    /// What is compared between two readings.
    struct Reading: Equatable {
        var records: [DocumentNode] = []
        var raws: [[UInt8]] = []
        var rejects: [DocumentError] = []
        var envelope: DocumentNode?
        var error: DocumentError?
    }

    static func limits() -> DocumentLimits {
        var limits = DocumentLimits()
        limits.recordBytes = 2000
        limits.textBytes = 500
        limits.envelopeBytes = 2000
        limits.nodesPerRecord = 200
        limits.records = 500
        return limits
    }

    static func reading(
        _ bytes: ArraySlice<UInt8>, _ format: DocumentFormat, _ path: StreamPath, _ charset: CharsetDeclaration,
        step: Int
    ) -> Reading {
        var reading = Reading()
        func take(_ events: [DocumentEvent]) {
            for event in events {
                switch event {
                case .record(let record):
                    reading.records.append(record.node)
                    reading.raws.append(record.raw)
                    touch(record)
                case .reject(let reject):
                    reading.rejects.append(reject.error)
                    _ = reject.error.description
                }
            }
        }
        do throws(DocumentError) {
            let reader = try DocumentReader(
                format: format, records: path, charset: charset, limits: limits())
            var at = bytes.startIndex
            while at < bytes.endIndex {
                let end = min(at + step, bytes.endIndex)
                take(try reader.feed(bytes[at..<end]))
                at = end
            }
            let end = try reader.finish()
            take(end.events)
            reading.envelope = end.envelope
        } catch {
            reading.error = error
        }
        return reading
    }

    /// Walks every node of a record, so that a wrong offset shows.
    private static func touch(_ record: DocumentRecord) {
        var queue = [record.node]
        while let node = queue.popLast() {
            _ = node.scalarText
            _ = node.isEmptyOrNull
            _ = node.raw.count
            _ = node.position
            queue += node.children + node.attributes
        }
        if let last = record.node.children.last { _ = record.place(of: last).words }
    }

    static func check(
        _ bytes: [UInt8], _ format: DocumentFormat, _ path: StreamPath, charset: CharsetDeclaration = .init()
    ) -> String? {
        guard let first = bytes.first else { return nil }
        let body = bytes.dropFirst()
        let whole = reading(body, format, path, charset, step: Int.max >> 1)
        let split = reading(body, format, path, charset, step: Int(first % 16) + 1)
        if (whole.error == nil) != (split.error == nil) { return "cuts decide whether the document is whole" }
        if whole.error == nil, whole != split { return "cuts change what is read" }
        if format == .json, charset == .init(), let broken = oracle(Array(body), whole) { return broken }
        return nil
    }

    /// What we read, Foundation reads too; it refuses more only for great numbers and for bytes before the text.
    private static func oracle(_ body: [UInt8], _ reading: Reading) -> String? {
        guard reading.error == nil, reading.rejects.isEmpty, !body.contains(0x65), !body.contains(0x45) else {
            return nil
        }
        guard !body.contains(0), body.first.map({ $0 < 0x80 }) == true else { return nil }
        let theirs = try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
        return theirs == nil ? "we read what Foundation refuses" : nil
    }

    static func checkPath(_ bytes: [UInt8]) -> String? {
        guard let first = bytes.first else { return nil }
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        let language: PathLanguage = first % 2 == 0 ? .jsonPath : .xPath
        do throws(DocumentError) {
            let path = try RecordPath(text, language: language, namespaces: ["p": "urn:p"])
            if path.text != text { return "a path does not keep its text" }
        } catch {
            guard let column = error.place.column else { return "a path error without a column" }
            if column < 1 || column > text.utf8.count + 1 { return "a column outside the path" }
        }
        do throws(DocumentError) { _ = try StreamPath(text, language: language, namespaces: ["p": "urn:p"]) } catch {
            if error.place.column == nil { return "a path error without a column" }
        }
        return nil
    }

    /// The checks by the name of their fuzz target.
    static func check(_ target: String, _ bytes: [UInt8]) -> String? {
        do throws(DocumentError) {
            switch target {
            case "json":
                return check(bytes, .json, try StreamPath("$.data[*].i", language: .jsonPath)) ?? jsonAtRoot(bytes)
            case "ndjson": return check(bytes, .ndjson, .whole)
            case "xml": return check(bytes, .xml, try StreamPath("/r/*/i", language: .xPath))
            case "csv": return check(bytes, .csv(CSVDialect()), .whole)
            case "charset": return try checkCharset(bytes)
            case "path": return checkPath(bytes)
            case "embedded": return checkEmbedded(bytes)
            case "multipart": return checkMultipart(bytes)
            default: return "no such target"
            }
        } catch { return error.description }
    }

    /// Texts inside: what is read in single quotes is read in double ones too, and every node has its place.
    private static func checkEmbedded(_ bytes: [UInt8]) -> String? {
        guard let first = bytes.first, let host = try? DocumentNode(json: "\"\"") else { return nil }
        let syntaxes: [EmbeddedSyntax] = [.json, .singleQuotedJSON, .xml, .text]
        let syntax = syntaxes[Int(first) % syntaxes.count]
        let rest = Array(bytes.dropFirst())
        func read(_ bytes: [UInt8], _ syntax: EmbeddedSyntax) -> Result<DocumentNode, EmbeddedFault> {
            do throws(EmbeddedFault) {
                return .success(try DocumentNode(embedded: bytes, syntax, limits: limits(), in: host))
            } catch { return .failure(error) }
        }
        switch read(rest, syntax) {
        case .failure(let fault):
            if let position = fault.position, position.line < 1 || position.column < 1 || position.offset > rest.count {
                return "a fault stands outside the text"
            }
        case .success(let node):
            var queue = [node]
            while let next = queue.popLast() {
                _ = next.scalarText
                _ = next.path
                _ = next.position
                queue += next.children + next.attributes
            }
            guard syntax == .singleQuotedJSON, let json = try? DocumentNode.json(singleQuoted: rest) else { return nil }
            guard case .success(let same) = read(json, .json), same == node else { return "the two spellings differ" }
            let pairs = try? DocumentNode(pairsOf: node, name: "n", value: "v", limits: limits(), in: host)
            if let pairs, pairs.kind != .object { return "names and values became something else" }
        }
        return nil
    }

    private static func checkMultipart(_ bytes: [UInt8]) -> String? {
        guard let first = bytes.first else { return nil }
        let start = first % 2 == 0 ? "" : "; start=\"<r>\""
        let root = try? MultipartRelated.root(
            of: Array(bytes.dropFirst()), contentType: "multipart/related; boundary=b" + start, most: 1000)
        return (root?.bytes.count ?? 0) > 1000 ? "more came out than the limit allows" : nil
    }

    private static func jsonAtRoot(_ bytes: [UInt8]) -> String? { check(bytes, .json, .whole) }

    private static func checkCharset(_ bytes: [UInt8]) throws(DocumentError) -> String? {
        guard bytes.count > 1 else { return nil }
        let charsets: [DocumentCharset?] = [nil, .utf8, .utf16LE, .utf16BE, .gbk, .gb18030]
        let charset = CharsetDeclaration(override: charsets[Int(bytes[0]) % charsets.count])
        let rest = Array(bytes[1...])
        if bytes[0] & 0x80 == 0 { return check(rest, .json, .whole, charset: charset) }
        return check(rest, .xml, try StreamPath("/r/i", language: .xPath), charset: charset)
    }
}
