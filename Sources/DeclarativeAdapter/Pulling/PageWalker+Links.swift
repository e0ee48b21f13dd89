// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import SourceDocument
internal import Transport

// Links.
extension PageWalker {
    mutating func followLink(
        _ answer: SourceClient.Answer, _ more: Bool?, _ place: Place
    ) throws(SourceError) -> Bool {
        let link: String?
        if let path = plan.pages.next {
            link = try pointer(path, answer, place)
        } else {
            link = LinkHeader.next(answer.headers.all("Link"))
        }
        guard more != false, let link, !link.isEmpty else { return true }
        guard position.memory.isNew(token: link) else { throw loop("the same link", place) }
        let origins = [position.link.flatMap(declaredOrigin), client.base].compactMap { $0 }
        let near = origins.first.flatMap { RequestWords.resolve(link, against: $0, current: place) }
        guard
            let url = near ?? client.base.flatMap({ RequestWords.resolve(link, against: $0, current: place) })
                ?? (declaredOrigin(link) == nil ? nil : link)
        else {
            throw SourceError(
                .foreignLink, "the next page is at another origin", place: place,
                consequence: "It was not asked, and our credentials were not sent there",
                remedy: "If that is right, declare it in `pages.link_origins`; it is then asked without credentials",
                recovery: .fixConfiguration)
        }
        position.link = url
        return false
    }

    /// The text that says where the next page is; nil when it is absent or null.
    ///
    /// Anything else is another shape: taken for the end, it would make a pull complete that is not.
    func pointer(_ path: RecordPath, _ answer: SourceClient.Answer, _ place: Place) throws(SourceError) -> String? {
        guard let node = answer.envelope.flatMap({ path.first(in: $0) }) else { return nil }
        if let text = node.scalarText { return text }
        guard node.isEmptyOrNull else {
            throw shape("something else stands where the next page is named", Place(path: path.text).within(place))
        }
        return nil
    }

    /// The declared other origin that an address belongs to.
    private func declaredOrigin(_ link: String) -> BaseAddress? {
        guard !link.utf8.contains(where: { $0 <= 32 || $0 >= 127 || $0 == 92 }),
            let address = BaseAddress(String(link.prefix { $0 != "?" && $0 != "#" }))
        else { return nil }
        return plan.pages.linkOrigins.lazy.compactMap { template in
            BaseAddress(template.render { $0.name.flatMap { client.settings.setting($0) } } ?? "")
        }.first { $0.isSameOrigin(address) }
    }

    /// Puts a link in a request's place; at another origin nothing of ours goes with it.
    func follow(_ link: String, _ prepared: inout PreparedRequest) {
        prepared.url = link
        let address = BaseAddress(String(link.prefix { $0 != "?" && $0 != "#" }))
        guard let base = client.base, address?.isSameOrigin(base) != true else { return }
        prepared = PreparedRequest(
            method: .get, url: link, headers: ["Accept": interface.document.format.accept], body: nil)
        prepared.isElsewhere = true
    }
}

/// The next link of a `Link` header (RFC 8288).
enum LinkHeader {
    static func next(_ values: [String]) -> String? {
        for value in values {
            var rest = Substring(value)
            // A comma may stand in an address and in quotes: only one after the parameters ends a link.
            while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
                let target = rest[rest.index(after: open)..<close]
                rest = rest[rest.index(after: close)...]
                var isQuoted = false
                let end = rest.firstIndex { character in
                    if character == "\"" { isQuoted.toggle() }
                    return character == "," && !isQuoted
                }
                let parameters = rest[..<(end ?? rest.endIndex)]
                if isNext(parameters) { return String(target) }
                rest = rest[parameters.endIndex...]
            }
        }
        return nil
    }

    /// Whether one of the relations is `next`; there may be several in one text.
    private static func isNext(_ parameters: Substring) -> Bool {
        parameters.split(separator: ";").contains { parameter in
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].filter({ !$0.isWhitespace }).lowercased() == "rel" else { return false }
            return pair[1].filter { $0 != "\"" }.lowercased().split(whereSeparator: \.isWhitespace).contains("next")
        }
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
