// SPDX-License-Identifier: Apache-2.0

/// One value beside the records.
struct EnvelopeValue: Sendable {
    var path: SamplePath
    var node: SampleNode
    var plain: String { NameBook.plain(path.last) }
}

/// What an answer says beside its records: its status, its total, where it goes on.
struct Envelope: Sendable {
    var status: [EnvelopeValue] = []
    var total: EnvelopeValue?
    var hasMore: EnvelopeValue?
    var token: EnvelopeValue?
    var next: EnvelopeValue?
    var page: EnvelopeValue?
    var offset: EnvelopeValue?
    var size: EnvelopeValue?

    static let statusNames: Set<String> = [
        "code", "status", "statuscode", "resultcode", "retcode", "returncode", "errcode", "errorcode", "success",
        "issuccess", "succeed", "ret", "rc", "rtncode", "rspcode", "respcode", "rescode", "result", "state", "flag",
        "jgdm", "fhdm", "errno",
    ]
    static let totalNames: Set<String> = [
        "total", "totalcount", "totalnum", "totalnumber", "totalrecords", "totalrecord", "totalelements", "totalrows",
        "totalrow", "totalsize", "recordcount", "recordtotal", "totalhits", "zs", "zts", "zjls", "count", "rowcount",
        "totalresults",
    ]
    static let moreNames: Set<String> = ["hasmore", "hasnext", "hasnextpage", "more", "morepages", "ismore"]
    static let tokenNames: Set<String> = [
        "cursor", "nextcursor", "nexttoken", "pagetoken", "nextpagetoken", "continuation", "continuationtoken",
        "scrollid", "nextmarker", "marker", "endcursor", "nextkey",
    ]
    static let nextNames: Set<String> = [
        "next", "nextlink", "nextpage", "nextpageurl", "nexturl", "odatanextlink", "nexthref",
    ]
    static let pageNames: Set<String> = [
        "page", "pageno", "pagenum", "pagenumber", "pageindex", "currentpage", "current", "curpage", "dqym", "ym",
    ]
    static let offsetNames: Set<String> = ["offset", "start", "skip", "startindex", "startrow", "begin", "ksh"]
    static let sizeNames: Set<String> = [
        "size", "pagesize", "limit", "rows", "perpage", "pagerows", "mys", "myts", "top", "num", "count", "ps",
        "maxresults", "rowsperpage",
    ]

    static func read(_ root: SampleNode, without list: ListCandidate) -> Envelope {
        var values: [EnvelopeValue] = []
        collect(root, SamplePath(), list, &values, depth: 0)
        var out = Envelope()
        let scalars = values.filter { $0.node.isScalar }
        out.status = scalars.filter { statusNames.contains($0.plain) && isCode($0.node) }
        let numbers = scalars.filter { Int($0.node.text) != nil }
        let totals = numbers.filter { totalNames.contains($0.plain) && (Int($0.node.text) ?? -1) >= list.records.count }
        out.total = totals.first { $0.plain.hasPrefix("total") } ?? totals.first
        out.hasMore = scalars.first { moreNames.contains($0.plain) && flags.contains($0.node.text.lowercased()) }
        out.token = scalars.first { tokenNames.contains($0.plain) && !isAddress($0.node.text) }
        out.next = scalars.first { nextNames.contains($0.plain) && (isAddress($0.node.text) || $0.node.kind == .null) }
        if out.token == nil, out.next == nil {
            out.token = scalars.first {
                nextNames.contains($0.plain) && $0.node.kind == .text && !$0.node.text.isEmpty
                    && Int($0.node.text) == nil
            }
        }
        out.page = numbers.first { pageNames.contains($0.plain) }
        out.offset = numbers.first { offsetNames.contains($0.plain) }
        out.size = numbers.first { sizeNames.contains($0.plain) && $0.path != out.total?.path }
        return out
    }

    static let flags: Set<String> = ["true", "false", "1", "0", "y", "n"]

    private static func isCode(_ node: SampleNode) -> Bool {
        let text = node.text
        return !text.isEmpty && text.count <= 16 && !text.contains(" ") && node.kind != .null
    }

    static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("http://") || text.hasPrefix("https://") || (text.hasPrefix("/") && text.count > 1)
            || text.hasPrefix("?")
    }

    private static func collect(
        _ node: SampleNode, _ path: SamplePath, _ list: ListCandidate, _ out: inout [EnvelopeValue], depth: Int
    ) {
        guard depth < 24, out.count < 200, path != list.path || path.steps.isEmpty && !list.isList && depth == 0 else {
            return
        }
        if path == list.path, !list.path.steps.isEmpty || list.isList { return }
        if let inner = node.inner.first { return collect(inner, path, list, &out, depth: depth + 1) }
        switch node.kind {
        case .object:
            guard !(path == list.path && !list.isList) else { return }
            // Breadth first: what is further out is read first.
            for (name, child) in node.members where child.isScalar {
                out.append(EnvelopeValue(path: path.appending(name), node: child))
            }
            for (name, child) in node.members where !child.isScalar {
                collect(child, path.appending(name), list, &out, depth: depth + 1)
            }
        default: break
        }
    }
}
