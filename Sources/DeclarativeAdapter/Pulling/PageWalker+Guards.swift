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
        let all = digests.flatMap { $0 }
        guard position.seenPages.insert(SHA256.digest(all).bytes).inserted else {
            throw loop("the same page", place)
        }
    }

    /// At the end, what came has to be what was declared.
    func checkEnd(_ place: Place) throws(SourceError) {
        guard let total = position.total, total != position.received else { return }
        if position.resumed, plan.pages.kind == .keyset { return }
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

/// The next link of a `Link` header (RFC 8288).
enum LinkHeader {
    static func next(_ values: [String]) -> String? {
        for value in values {
            for part in value.split(separator: ",") {
                guard let open = part.firstIndex(of: "<"), let close = part.firstIndex(of: ">"), open < close else {
                    continue
                }
                let parameters = part[part.index(after: close)...].lowercased().filter { $0 != " " && $0 != "\"" }
                if parameters.split(separator: ";").contains("rel=next") {
                    return String(part[part.index(after: open)..<close])
                }
            }
        }
        return nil
    }
}

/// Addresses, for messages and links.
enum RequestWords {
    /// The path of an address, without its query.
    static func path(_ url: String) -> String {
        guard let scheme = Substring(url).range(ofText: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let path = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        return String(path.prefix { $0 != "?" && $0 != "#" })
    }

    /// A link as an address of the same origin; nil when it leads elsewhere or cannot be understood.
    static func resolve(_ link: String, against base: BaseAddress, current: Place) -> String? {
        guard !link.utf8.contains(where: { $0 <= 32 || $0 >= 127 || $0 == 92 }) else { return nil }
        if link.hasPrefix("/"), !link.hasPrefix("//") { return base.origin + link }
        if link.hasPrefix("?") {
            let path = current.request?.split(separator: " ").last.map(String.init) ?? "/"
            return base.origin + path + link
        }
        let withoutQuery = String(link.prefix { $0 != "?" && $0 != "#" })
        guard let address = BaseAddress(withoutQuery), address.isSameOrigin(base) else { return nil }
        return link
    }
}
