// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import LicenceModel
internal import SourceDocument

/// One value's way from the bytes of an answer into a licence.
package struct FieldExplanation: Sendable {
    /// The field as the manifest names it, for example `key` or `holder.code`.
    package var field: String
    /// The path that gave the value; the first that was tried when none did.
    package var path: String
    /// The value as the source wrote it, which may be personal; nil when the rule found nothing or is a constant.
    package var raw: String?
    /// Where it stands in the answer, decoded to UTF-8: line, column and byte offset, the first two from 1.
    package var line: Int?
    package var column: Int?
    package var offset: Int?
    /// What was done with it, in order, in the manifest's words.
    package var steps: [String]
    /// What came out, which may be personal; nil for nothing.
    package var result: String?
    /// Why it could not be read: the finding's code.
    package var problem: String?
}

/// One record's way.
package struct RecordExplanation: Sendable {
    /// Its place in the list, from 1.
    package var ordinal: Int
    /// Where it begins.
    package var place: Place
    /// Its fields, in the order of the language.
    package var fields: [FieldExplanation]
    /// The licence that came out, when one did.
    package var licence: Licence?
    /// Why none did.
    package var problem: Diagnostic?
    /// True when the record says that it is gone.
    package var isGone: Bool
}

/// What an answer is to a manifest.
package struct AnswerExplanation: Sendable {
    /// Values beside the records that the manifest reads: what for, the path, and whether something is there.
    package var envelope: [(purpose: String, path: String, value: String?)]
    /// Whether the declared path led to records.
    package var listIsThere: Bool
    /// The records, as many as were asked for.
    package var records: [RecordExplanation]
    /// How many records the answer holds.
    package var count: Int
}

extension SourceManifest {
    /// Follows an answer's records through the mapping of one interface; nil when there is no such interface.
    ///
    /// Throws: what is wrong with the document.
    package func explain(
        _ bytes: [UInt8], interface name: String, contentType: String?, most: Int, fetchedAt: Timestamp
    ) throws(DocumentFault) -> AnswerExplanation? {
        guard let plan = interfaces.first(where: { $0.name == name }),
            let identity = plan.pull?.identity ?? plan.ways.identity ?? plan.find?.identity
        else { return nil }
        let list = plan.pull?.records ?? plan.ways.records ?? plan.find?.questions.first?.value.records ?? .whole
        var limits = DocumentLimits()
        limits.recordBytes = self.limits.recordBytes
        limits.totalBytes = self.limits.responseBytes
        do throws(DocumentError) {
            let reader = try AnswerReader(
                plan.document, records: list, contentType: contentType, limits: limits, place: Place())
            var events = try reader.feed(bytes)
            let end = try reader.finish()
            events += end.events
            if let problem = end.problem { throw problem }
            let mapper = RecordMapper(manifest: self, plan: plan, identity: identity)
            let explainer = RecordExplainer(mapper: mapper, cursor: plan.pull?.cursor)
            return AnswerExplanation(
                envelope: end.envelope.map { envelope(plan, $0) } ?? [],
                listIsThere: end.end?.recordsPathMatched ?? false,
                records: events.prefix(most).map { explainer.explain($0, fetchedAt: fetchedAt) },
                count: end.end?.records ?? events.count)
        } catch {
            throw DocumentFault(diagnostic: error.diagnostic)
        }
    }

    private func envelope(
        _ plan: InterfacePlan, _ envelope: DocumentNode
    ) -> [(purpose: String, path: String, value: String?)] {
        var out: [(purpose: String, path: String, value: String?)] = []
        func add(_ purpose: String, _ path: RecordPath?) {
            guard let path else { return }
            out.append((purpose, path.text, path.first(in: envelope)?.scalarText))
        }
        for layer in plan.status { add("status", layer.path) }
        add("total", plan.pull?.total)
        add("has_more", plan.pull?.hasMore)
        add("next page", plan.pull?.pages.token ?? plan.pull?.pages.next)
        return out
    }
}

/// A document that cannot be read, for rooms that do not see documents.
package struct DocumentFault: DiagnosedError {
    /// What is wrong.
    package let diagnostic: Diagnostic
}
