// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
public import DeclarativeAdapter
internal import Diagnostics
internal import LicenceModel

/// An answer with synthetic values in place of the real ones.
public struct Recording: Sendable {
    /// The answer's bytes, to be written.
    public var body: [UInt8]
    /// The file's ending: `json`, `ndjson`, `xml` or `csv`.
    public var ending: String
    /// The header lines a fixture needs.
    public var headers: String
    /// A question's code, replaced like every other value.
    public var question: String?
    /// How many different values were replaced.
    public var replaced: Int
    /// How many values stayed, because the manifest lists them or declares their field `not_personal`.
    public var kept: Int
    /// The values that were replaced, for the last look at every file before it is written.
    ///
    /// Personal: they are compared and never shown.
    let originals: Set<String>
}

/// Makes fixtures of live answers in which nobody real is left.
public struct Recorder: Sendable {
    private let policy: RecordingPolicy

    /// A recorder for one interface of a manifest.
    ///
    /// Throws: `workbench.no_interface`.
    public init(_ manifest: SourceManifest, interface: String) throws(WorkbenchError) {
        guard let policy = manifest.recordingPolicy(interface) else {
            throw WorkbenchError(
                "workbench.no_interface", "the manifest has no interface of that name",
                remedy: "Interfaces: \(manifest.interfaceNames.prefix(20).joined(separator: ", ")).")
        }
        self.policy = policy
    }

    /// The recording of an answer; `question` is the code that was asked with.
    ///
    /// Throws: `workbench.sample_…` when the answer is not of the declared format, `workbench.value_survives` when a
    /// value would be left: nothing is to be written then.
    public func record(
        _ bytes: [UInt8], contentType: String?, question: String? = nil,
        chance: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws(WorkbenchError) -> Recording {
        let text = try decoded(bytes, contentType)
        _ = try SampleParser.parse(Array(text.utf8), charset: nil)
        var failure: WorkbenchError?
        for _ in 0..<8 {
            let recording = try attempt(text, question, chance)
            do throws(WorkbenchError) {
                try check(recording.body, recording.originals)
                return recording
            } catch {
                failure = error
            }
        }
        throw failure ?? WorkbenchError("workbench.value_survives", "a value would be left", remedy: "Report this.")
    }

    /// Refuses a file in which a replaced value is left.
    public func check(_ file: [UInt8], against recording: Recording) throws(WorkbenchError) {
        try check(file, recording.originals)
    }

    // MARK: - Steps

    private func decoded(_ bytes: [UInt8], _ contentType: String?) throws(WorkbenchError) -> String {
        let label = policy.charset ?? contentType.flatMap(Recorder.charset) ?? TextEncoding.declared(bytes) ?? "UTF-8"
        guard let utf8 = TextEncoding.convert(bytes, from: label, to: "UTF-8"),
            let text = String(validating: utf8, as: UTF8.self)
        else {
            throw WorkbenchError(
                "workbench.sample_unreadable", "the answer is not in the character set it says (\(label.prefix(20)))",
                remedy: "Say the right one as `charset` in the manifest.")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    static func charset(_ contentType: String) -> String? {
        for part in contentType.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0].trimmed.lowercased() == "charset" {
                return pair[1].trimmed.filter { $0 != "\"" }
            }
        }
        return nil
    }

    private func attempt(
        _ text: String, _ question: String?, _ chance: any RandomNumberGenerator & Sendable
    ) throws(WorkbenchError) -> Recording {
        var values: [String: [String]] = [:]
        _ = rewritten(text) { met in
            values[met.path, default: []].append(met.text.trimmed)
            return met.text
        }
        let dates = values.compactMapValues { DateFinding.of($0.filter { !$0.isEmpty }, isNumber: false)?.formats }
        var people = Pseudonymiser(chance: chance, dates: dates)
        var kept = 0
        let asked = question.map { people.value($0, path: "question", ordered: false, isNumber: false) }
        let body = rewritten(text) { met in
            guard !policy.keeps(met.text.trimmed, at: met.path) else {
                kept += 1
                return met.text
            }
            return people.value(
                met.text, path: met.path, ordered: policy.ordered.contains(met.path), isNumber: met.isNumber)
        }
        // A value that is kept somewhere is public there; it is no proof against the rest of the file.
        let keptTexts = Set(values.flatMap { path, texts in texts.filter { policy.keeps($0, at: path) } })
        let charset = policy.charset ?? "UTF-8"
        guard let bytes = TextEncoding.convert(Array(body.utf8), from: "UTF-8", to: charset) else {
            throw WorkbenchError(
                "workbench.sample_unreadable", "the recording cannot be written in the manifest's character set",
                remedy: "Report this.")
        }
        let type = policy.format == "xml" ? "text/xml" : policy.format == "csv" ? "text/csv" : "application/json"
        return Recording(
            body: bytes, ending: policy.format,
            headers: "Content-Type: \(type)" + (policy.charset == nil ? "; charset=utf-8" : "") + "\n", question: asked,
            replaced: people.count.count, kept: kept, originals: people.replaced.subtracting(keptTexts))
    }

    private func rewritten(_ text: String, _ replace: (MetValue) -> String) -> String {
        withoutActuallyEscaping(replace) { replace in
            switch policy.format {
            case "xml": return ValueRewriter.xml(Recorder.declaredAsUTF8(text, keep: policy.charset != nil), replace)
            case "csv":
                return ValueRewriter.csv(CSVRows.read(text, policy.delimiter), delimiter: policy.delimiter, replace)
            default: return ValueRewriter.json(text, replace)
            }
        }
    }

    /// An XML declaration says the character set the file is written in.
    private static func declaredAsUTF8(_ text: String, keep: Bool) -> String {
        guard !keep, text.hasPrefix("<?xml"), let end = text.firstRange(ofText: "?>") else { return text }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text[end.upperBound...]
    }

    /// No replaced value may stand anywhere: longer ones not even inside others, shorter ones not by themselves.
    private func check(_ file: [UInt8], _ originals: Set<String>) throws(WorkbenchError) {
        guard let utf8 = TextEncoding.convert(file, from: policy.charset ?? "UTF-8", to: "UTF-8") else { return }
        let text = String(decoding: utf8, as: UTF8.self)
        let tokens = Set(text.split { !$0.isLetter && !$0.isNumber }.map(String.init))
        for original in originals {
            let isLong = original.count >= 10 || (original.count >= 4 && !original.utf8.allSatisfy { $0 < 128 })
            let survives =
                isLong ? text.contains(substring: original) : original.count >= 4 && tokens.contains(original)
            guard !survives else {
                throw WorkbenchError(
                    "workbench.value_survives", "a value of the live answer would stand in a file",
                    consequence: "Nothing was written",
                    remedy: "Declare its field `not_personal` if it says nothing of a person, or report this.")
            }
        }
    }
}

extension String {
    /// Whether a text stands inside, by bytes.
    func contains(substring: String) -> Bool {
        let text = Array(utf8), wanted = Array(substring.utf8)
        guard let first = wanted.first, text.count >= wanted.count else { return wanted.isEmpty }
        var at = 0
        while at <= text.count - wanted.count {
            guard let next = text[at...].firstIndex(of: first), next <= text.count - wanted.count else { return false }
            if text[next..<next + wanted.count].elementsEqual(wanted) { return true }
            at = next + 1
        }
        return false
    }
}

/// A table's cells as text, quotes undone.
enum CSVRows {
    static func read(_ text: String, _ delimiter: Character) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell = ""
        var quoted = false
        var characters = Array(text)[...]
        while let character = characters.popFirst() {
            if quoted {
                if character == "\"" {
                    if characters.first == "\"" { cell.append(characters.removeFirst()) } else { quoted = false }
                } else {
                    cell.append(character)
                }
            } else if character == "\"" && cell.isEmpty {
                quoted = true
            } else if character == delimiter {
                row.append(cell)
                cell = ""
            } else if character.isNewline {
                row.append(cell)
                rows.append(row)
                row = []
                cell = ""
            } else {
                cell.append(character)
            }
        }
        if !cell.isEmpty || !row.isEmpty { rows.append(row + [cell]) }
        return rows
    }
}
