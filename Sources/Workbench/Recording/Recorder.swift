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
    /// The values that were replaced and the fields they stood in, for the last look at every file before it is written.
    ///
    /// Personal: they are compared and never shown; names of fields may be.
    let originals: [String: String]
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
    /// Throws: `workbench.sample_…` when the answer is not of the declared format, `workbench.not_recordable` when values
    /// lie where none can be replaced, `workbench.value_survives` when one would be left: nothing is to be written then.
    public func record(
        _ bytes: [UInt8], contentType: String?, question: String? = nil,
        chance: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws(WorkbenchError) -> Recording {
        if let wrapping = policy.wrapping {
            throw WorkbenchError(
                "workbench.not_recordable",
                "the values lie inside what `\(wrapping)` opens, where none can be replaced",
                consequence: "Nothing was written",
                remedy: "Write this fixture by hand, of made-up values.")
        }
        let text = try decoded(bytes, contentType)
        // The text is UTF-8 by now, whatever its first line still says.
        _ = try SampleParser.parse(Array(text.utf8), charset: "utf-8")
        var failure: WorkbenchError?
        for _ in 0..<8 {
            let recording = try attempt(text, question, chance)
            do throws(WorkbenchError) {
                try check(recording.body, against: recording)
                return recording
            } catch {
                failure = error
            }
        }
        throw failure ?? WorkbenchError("workbench.value_survives", "a value would be left", remedy: "Report this.")
    }

    /// Refuses a file in which a replaced value is left: the answer, what comes out of it, or the question.
    public func check(_ file: [UInt8], against recording: Recording) throws(WorkbenchError) {
        let charset = file == recording.body ? policy.charset ?? "UTF-8" : "UTF-8"
        guard let utf8 = TextEncoding.convert(file, from: charset, to: "UTF-8") else {
            throw SurvivorCheck.refusal(nil)
        }
        let text = String(decoding: utf8, as: UTF8.self)
        // Values are compared as they are meant, too: escapes must not hide one.
        var values: [String] = []
        let isAnswer = file == recording.body
        let collect: (MetValue) -> String = { met in
            values.append(met.text)
            return met.text
        }
        if isAnswer { _ = rewritten(text, collect) } else { _ = ValueRewriter.json(text, collect) }
        try SurvivorCheck(text: text, values: values).look(for: recording.originals)
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
        var people = Pseudonymiser(chance: chance, dates: dates, taken: Set(values.values.joined()))
        var kept = 0
        let asked = question.map { people.value($0, path: "question", ordered: false, isNumber: false) }
        let body = rewritten(text) { met in
            guard !keeps(met.text.trimmed, at: met.path) else {
                kept += 1
                return met.text
            }
            return people.value(
                met.text, path: met.path, ordered: policy.ordered.contains(met.path), isNumber: met.isNumber)
        }
        // A value that is kept somewhere is public there; it is no proof against the rest of the file.
        let keptTexts = Set(values.flatMap { path, texts in texts.filter { keeps($0, at: path) } })
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
            replaced: people.count.count, kept: kept, originals: people.replaced.filter { !keptTexts.contains($0.key) })
    }

    /// A resident's number is nobody's sign, whatever its field was declared to be.
    private func keeps(_ text: String, at path: String) -> Bool {
        policy.keeps(text, at: path) && !SurvivorCheck.holdsResident(text)
    }

    private func rewritten(_ text: String, _ replace: (MetValue) -> String) -> String {
        withoutActuallyEscaping(replace) { replace in
            switch policy.format {
            case "xml": return ValueRewriter.xml(Recorder.declaredAsUTF8(text, keep: policy.charset != nil), replace)
            case "csv":
                return ValueRewriter.csv(
                    CSVRows.read(text, policy.delimiter, quote: policy.quote), delimiter: policy.delimiter,
                    quote: policy.quote, columns: policy.columns, replace)
            default: return ValueRewriter.json(text, replace)
            }
        }
    }

    /// An XML declaration says the character set the file is written in.
    private static func declaredAsUTF8(_ text: String, keep: Bool) -> String {
        guard !keep, text.hasPrefix("<?xml"), let end = text.firstRange(ofText: "?>") else { return text }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text[end.upperBound...]
    }
}
