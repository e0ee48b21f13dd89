// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

extension PageWalker {
    /// The list has to be there: "not there" is not "empty".
    func checkList(_ answer: SourceClient.Answer, _ place: Place) throws(SourceError) {
        guard let end = answer.end, !end.recordsPathMatched else { return }
        if interface.document.format == .xml, end.list == .absent,
            ParentElement.exists(plan.records, in: end.envelope, interface)
        {
            return
        }
        throw shape(
            end.list == .scalar
                ? "something else stands where the list of records should be" : "the list of records is not there",
            Place(path: plan.records.text).within(place))
    }

    mutating func checkTotal(_ answer: SourceClient.Answer, _ place: Place) throws(SourceError) {
        guard let path = plan.total, let envelope = answer.envelope else { return }
        guard let text = path.first(in: envelope)?.scalarText, let total = Int(text), total >= 0 else {
            throw shape("the declared total is missing or no number", Place(path: path.text).within(place))
        }
        if let before = position.total, total < before {
            throw SourceError(
                .totalShrank, "the total fell from \(before) to \(total) while paging", place: place,
                consequence:
                    "Later pages have moved up, so records may have been skipped; the run takes up at its cursor",
                remedy: "It is tried again; if it stays, ask the owner for a stable list or pull at a quieter hour",
                recovery: .retry(after: nil))
        }
        position.total = total
    }

    /// The same page twice, judged by its records alone.
    mutating func checkLoop(_ mapped: [MappedEvent], _ place: Place) throws(SourceError) {
        guard !mapped.isEmpty, plan.pages.kind != .none else { return }
        let digests = mapped.map(\.digest)
        // An inclusive source ends by sending the last boundary once more.
        if plan.pages.kind == .keyset, digests.allSatisfy(position.boundary.contains) { return }
        let all = digests.flatMap(\.bytes)
        guard position.memory.isNew(page: SHA256.digest(all).bytes) else {
            throw loop("the same page", place)
        }
    }

    /// At the end, what came has to be what was declared.
    func checkEnd(_ place: Place) throws(SourceError) {
        guard let total = position.total, total != position.received else { return }
        if position.resumed, plan.pages.kind == .keyset { return }
        // What an operator left out cannot be counted; the run is not complete anyway.
        if position.hasHole { return }
        throw SourceError(
            .totalMismatch, "the source declared \(total) records and sent \(position.received)", place: place,
            consequence: "The pull is not complete; nothing is concluded from what is missing",
            remedy: "It is tried again; tell the source's owner if it stays", recovery: .retry(after: nil))
    }

    func shape(_ what: String, _ place: Place) -> SourceError {
        SourceError(
            .shape, what, place: place, consequence: "No record of this page was used",
            remedy: "Compare an answer with the manifest: the source's format may have changed", recovery: .stopRun)
    }

    func loop(_ what: String, _ place: Place) -> SourceError {
        SourceError(
            .pagingLoop, "\(what) came twice", place: place,
            consequence: "The pull stopped before it went round for ever",
            remedy: "Check `pages` in the manifest, then ask the source's owner", recovery: .stopRun)
    }

    func oneValue(_ place: Place) -> SourceError {
        SourceError(
            .pagingLoop, "a whole page has one cursor value, so the next page would begin where this one did",
            place: place, consequence: "The pull stopped before it skipped records or went round for ever",
            remedy: "Raise `pages.size` above the most records of one moment, or page by number, offset or token",
            recovery: .stopRun)
    }

    func wentBack(_ place: Place) -> SourceError {
        SourceError(
            .cursorWentBack, "the value the pull resumes from is lower than one before it", place: place,
            consequence: "Records could be skipped after an interruption, so the pull stopped",
            remedy:
                "Ask the source for ascending order, or declare `order: any` (only whole runs can then be resumed from)",
            recovery: .stopRun)
    }

    func tooManyPages(_ place: Place) -> SourceError {
        SourceError(
            .tooManyPages, "the pull took \(position.pages) pages, all that `limits.pages_per_run` allows",
            place: place,
            remedy: "Raise the limit if the source really is this large, or look for an endless list",
            recovery: .stopRun)
    }
}

/// The element around an XML list, which is all that is left of an empty one.
enum ParentElement {
    static func exists(_ path: StreamPath, in envelope: DocumentNode, _ plan: InterfacePlan) -> Bool {
        guard let slash = path.text.lastIndex(of: "/"), slash > path.text.startIndex else { return true }
        let parent = try? RecordPath(
            String(path.text[..<slash]), language: .xPath, namespaces: plan.document.namespaces)
        return parent?.first(in: envelope) != nil
    }
}
