// SPDX-License-Identifier: Apache-2.0

/// The request of a proposed interface, out of the one that brought the sample.
struct PlannedRequest: Sendable {
    var method = "GET"
    var path = "/"
    var query: [(name: String, value: String)] = []
    var body: (kind: String, template: String, action: String?)?
    /// `page_number`, `offset`, `cursor_token`, `keyset`, `next_link`, `none`.
    var pages = "none"
    var parameter: String?
    var sizeParameter: String?
    var size: Int?
    var first: Int?
    var pagesFinding = Finding(evidence: "", doubt: nil)
    /// True when the place of the cursor in the request is a guess.
    var cursorIsGuessed = false
    /// Names in the request whose values were left as they were.
    var kept: [String] = []
    /// Parts of the path that the gateway's configuration has to say.
    var settings: [(name: String, meaning: String)] = []
    /// The part of the path that holds what is asked about, which a manifest cannot say.
    var askedByPath: String?
    /// Names in the request that looked like credentials and became secrets.
    var secrets: [String] = []
}

/// Turns a request a person made into one with placeholders.
struct RequestPlanner {
    let request: RequestSample?
    let envelope: Envelope
    let records: Int
    let cursor: FieldProfile?
    let cursorIsTime: Bool
    let sourceID: String

    static let cursorNames: Set<String> = [
        "changedsince", "updatedsince", "modifiedsince", "since", "sequencefrom", "fromsequence", "fromseq", "gxxh",
        "lastseq", "minseq", "starttime", "begintime", "updatedfrom", "changedfrom", "changedafter", "updatedafter",
        "kssj", "startdate", "begindate", "from", "lastupdatetime", "updatetimestart", "starttimestamp", "after", "seq",
        "sequence", "gxsjq", "qssj", "fromtime", "timefrom", "lasttime", "updatefrom",
    ]
    static let untilNames: Set<String> = [
        "changeduntil", "updateduntil", "modifieduntil", "until", "to", "endtime", "updatedto", "changedto", "jssj",
        "enddate", "updatetimeend", "gxsjz", "jzsj", "totime", "timeto", "changedbefore", "updatedbefore",
    ]
    static let credentials = [
        "token", "secret", "password", "passwd", "signature", "sign", "appkey", "apikey", "accesskey", "accessid",
        "credential",
    ]

    /// Words of a change, and of a beginning or an end: together in a name they ask for what changed.
    private static let changeWords = [
        "seq", "updat", "modif", "chang", "version", "revision", "increment", "timestamp", "gxsj", "gxxh", "xgsj",
    ]
    private static let fromWords = ["from", "since", "after", "start", "begin", "min", "last", "gt"]
    private static let untilWords = ["until", "before", "end", "max"]

    static func asksFrom(_ plain: String) -> Bool {
        cursorNames.contains(plain) || ["fromno", "startno", "afterno", "lastno", "sinceno"].contains(plain)
            || changeWords.contains(where: plain.contains) && fromWords.contains(where: plain.contains)
    }

    static func asksUntil(_ plain: String) -> Bool {
        untilNames.contains(plain)
            || changeWords.contains(where: plain.contains)
                && (untilWords.contains(where: plain.contains) || plain.hasSuffix("to"))
    }

    /// Where a request asks for changes: the name and value of its parameter, and of the end of its window.
    static func changes(_ request: RequestSample?) -> (from: (name: String, value: String)?, until: String?) {
        let seen = (request?.query ?? []) + BodyTemplate.fields(request?.body)
        return (
            seen.first { asksFrom(NameBook.plain($0.name)) }, seen.first { asksUntil(NameBook.plain($0.name)) }?.name
        )
    }

    /// The usual name of a window's start, beside that of its end.
    static func start(for until: String?) -> String {
        guard let until else { return "changed_since" }
        for (end, start) in [
            ("until", "since"), ("end", "start"), ("End", "Start"), ("_to", "_from"), ("To", "From"),
            ("before", "after"), ("jssj", "kssj"), ("to", "from"),
        ] {
            if let range = until.lastRange(ofText: end) { return until.replacing(range, start) }
        }
        return "changed_since"
    }

    /// A document's path with something in place of each `{name}`.
    static func filled(_ path: String, _ value: (String) -> String) -> String {
        var out = ""
        var rest = Substring(path)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open] + value(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }

    /// A name as a setting: lower case, words apart.
    static func settingName(_ name: String) -> String {
        var out = ""
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 65...90: out += (out.isEmpty || out.hasSuffix("_") ? "" : "_") + String(scalar).lowercased()
            case 97...122, 48...57: out.unicodeScalars.append(scalar)
            default: if !out.isEmpty, !out.hasSuffix("_") { out += "_" }
            }
        }
        while out.hasSuffix("_") { out.removeLast() }
        return out.first?.isLetter == true ? out : "path_" + out
    }

    func pull() -> PlannedRequest {
        var plan = PlannedRequest()
        plan.method = request?.method ?? "GET"
        plan.path = RequestPlanner.filled(request?.path ?? "/") { name in
            let setting = RequestPlanner.settingName(name)
            plan.settings.append((setting, "what stands for `{\(name)}` in the path"))
            return "${config:\(setting)}"
        }
        var seen: [(name: String, value: String, inBody: Bool)] = []
        let fields = BodyTemplate.fields(request?.body)
        for pair in request?.query ?? [] { seen.append((pair.name, pair.value, false)) }
        for pair in fields { seen.append((pair.name, pair.value, true)) }
        let kind = pageKind(seen)
        plan.pages = kind.kind
        plan.pagesFinding = kind.finding
        var replaced: [(name: String, placeholder: String)] = []
        var hasCursor = false
        for one in seen {
            let plain = NameBook.plain(one.name)
            var placeholder: String?
            if one.name == kind.mover, let mover = movers[kind.kind] {
                placeholder = "${\(mover)}"
                if kind.kind == "page_number" {
                    plan.first = Int(one.value).flatMap { (0...1).contains($0) ? $0 : nil }
                }
                if !one.inBody { plan.parameter = one.name }
            } else if one.name == kind.sizeName {
                placeholder = "${page_size}"
                plan.size = Int(one.value)
                if !one.inBody { plan.sizeParameter = one.name }
            } else if isCursor(plain, one.name, kind), cursor != nil, !hasCursor {
                placeholder = "${cursor}"
                hasCursor = true
            } else if RequestPlanner.asksUntil(plain), cursorIsTime {
                placeholder = "${window_end}"
            } else if RequestPlanner.credentials.contains(where: { plain.contains($0) }) {
                let name = secretName(plain)
                plan.secrets.append(one.name)
                if one.inBody { placeholder = "${secret:\(name)}" } else { continue }
            }
            if let placeholder {
                if one.inBody {
                    replaced.append((one.name, placeholder))
                } else if one.name != plan.parameter && one.name != plan.sizeParameter {
                    plan.query.append((one.name, placeholder))
                }
            } else if one.inBody {
                plan.kept.append(one.name)
            } else if FieldProfile.proof(one.value) == .none, one.value.count <= 64 {
                plan.query.append((one.name, one.value))
                plan.kept.append(one.name)
            }
        }
        if let body = request?.body { plan.body = BodyTemplate.make(body, replaced, request) }
        if ["page_number", "offset"].contains(plan.pages), plan.size == nil {
            plan.size = envelope.size.flatMap { Int($0.node.text) } ?? max(1, records)
        }
        if movers[plan.pages] != nil, plan.parameter == nil,
            !replaced.contains(where: { $0.placeholder == "${\(movers[plan.pages] ?? "")}" })
        {
            plan.parameter =
                [
                    "page_number": "page", "offset": "offset",
                    "cursor_token": envelope.token.map { BodyTemplate.local($0.path.last) } ?? "cursor",
                ][plan.pages]
        }
        if cursor != nil, !hasCursor {
            plan.query.append((RequestPlanner.start(for: RequestPlanner.changes(request).until), "${cursor}"))
            plan.cursorIsGuessed = true
        }
        return plan
    }

    private let movers = ["page_number": "page", "offset": "offset", "cursor_token": "page_token"]

    private func secretName(_ plain: String) -> String {
        sourceID.split(separator: "-").joined(separator: "_") + "_" + plain
    }

    private func isCursor(
        _ plain: String, _ name: String, _ kind: (kind: String, mover: String?, sizeName: String?, finding: Finding)
    ) -> Bool {
        guard name != kind.mover else { return false }
        if RequestPlanner.changes(request).from?.name == name { return true }
        return cursor.map { $0.plain == plain } ?? false
    }

    private func pageKind(
        _ seen: [(name: String, value: String, inBody: Bool)]
    ) -> (kind: String, mover: String?, sizeName: String?, finding: Finding) {
        func first(_ names: Set<String>, numeric: Bool = true) -> String? {
            seen.first { names.contains(NameBook.plain($0.name)) && (!numeric || Int($0.value) != nil) }?.name
        }
        let size = first(Envelope.sizeNames)
        let page = first(Envelope.pageNames)
        let offset = first(Envelope.offsetNames)
        let token = first(Envelope.tokenNames.union(["token", "after"]), numeric: false)
        let doubt = "a sample cannot show how the last page looks, nor whether the size may be chosen"
        if let next = envelope.next,
            Envelope.isAddress(next.node.text) || (page == nil && offset == nil && envelope.token == nil)
        {
            return (
                "next_link", nil, size,
                Finding(evidence: "`\(next.path.last)` in the answer holds an address", doubt: doubt)
            )
        }
        if let found = envelope.token {
            return (
                "cursor_token", token, size,
                Finding(
                    evidence: "`\(found.path.last)` in the answer names the next page",
                    doubt: token == nil ? "the sample does not show by which parameter it is sent back" : doubt)
            )
        }
        if let page {
            return ("page_number", page, size, Finding(evidence: "the request counts pages by `\(page)`", doubt: doubt))
        }
        if let offset {
            return (
                "offset", offset, size, Finding(evidence: "the request counts records by `\(offset)`", doubt: doubt)
            )
        }
        if let field = envelope.page {
            return (
                "page_number", nil, nil,
                Finding(
                    evidence: "the answer says its page, `\(field.path.last)`",
                    doubt: "the sample does not show by which parameter a page is asked for")
            )
        }
        if let field = envelope.offset {
            return (
                "offset", nil, nil,
                Finding(
                    evidence: "the answer says where it starts, `\(field.path.last)`",
                    doubt: "the sample does not show by which parameter it is asked for")
            )
        }
        let total = envelope.total.flatMap { Int($0.node.text) }
        if let total, total > records {
            return (
                "page_number", nil, nil,
                Finding(
                    evidence: "\(records) of a total of \(total) came, so there are pages",
                    doubt: "the sample shows no page, offset or token: ask how the next page is asked for",
                    others: ["offset", "none"])
            )
        }
        if envelope.hasMore != nil {
            return (
                "page_number", nil, nil,
                Finding(
                    evidence: "the answer says whether there is more",
                    doubt: "the sample shows no page, offset or token: ask how the next page is asked for",
                    others: ["offset", "none"])
            )
        }
        return (
            "none", nil, nil,
            Finding(
                evidence: "nothing in request or answer speaks of pages",
                doubt: "one answer cannot show that there is no second one")
        )
    }
}
