// SPDX-License-Identifier: Apache-2.0

/// One `${…}` of a template: from a closed set, never an expression.
struct Placeholder: Sendable, Hashable {
    /// What it stands for.
    enum Kind: String, Sendable, CaseIterable {
        case config
        case secret
        case cursor
        case windowEnd = "window_end"
        case page
        case pageSize = "page_size"
        case offset
        case pageToken = "page_token"
        case partition
        case holderCode = "holder_code"
        case holderKind = "holder_kind"
        case holderName = "holder_name"
        case licenceType = "licence_type"
        case number
        case identifier
        case purpose
        case matter
        case system
        case operatorAccount = "operator"
        case token
        case timestamp
        case nonce
        case key
        case method
        case path
        case sortedQuery = "sorted_query"
        case body
        case bodyDigest = "body_digest"
        case signature

        /// True for `config` and `secret`, which carry a name after a colon.
        var isNamed: Bool { self == .config || self == .secret }
        /// True for values about a person, which never stand in an address.
        var isPersonal: Bool {
            [.holderCode, .holderName, .number, .identifier, .operatorAccount].contains(self)
        }
        /// True for values that are written as they are, without escaping.
        var isNumeric: Bool { [.page, .pageSize, .offset, .timestamp].contains(self) }

        var words: String {
            switch self {
            case .config: "a setting of this source in `Config/`, by name"
            case .secret: "a secret, by name; never in a path or a query"
            case .cursor:
                "where this pull takes up, in the cursor's format; the query entry is left out when there is none"
            case .windowEnd: "the end of the window, fixed before the first request, in the cursor's format"
            case .page: "the page number"
            case .pageSize: "the page size"
            case .offset: "how many records were received so far"
            case .pageToken: "the last page's token; the query entry is left out on the first page"
            case .partition: "the partition that is pulled"
            case .holderCode: "the holder's code as asked"
            case .holderKind: "the kind of the holder's code, through `holder_kinds`"
            case .holderName: "the holder's name, when it was asked with one"
            case .licenceType: "the licence type asked about, through `licence_types`"
            case .number: "the licence number"
            case .identifier: "the licence identifier"
            case .purpose: "why it is asked, at most 200 characters"
            case .matter: "the service matter's code"
            case .system: "the system that asks"
            case .operatorAccount: "the operator's account in that system"
            case .token: "the token of `auth: { kind: login }`"
            case .timestamp: "the time of signing, as `timestamp` of the signature writes it"
            case .nonce: "the nonce of this request's signature"
            case .key: "the signing key itself; in `canonical` only, never sent"
            case .method: "the method, in capitals"
            case .path: "the path as it goes over the wire: with that of the base URL, percent-encoded"
            case .sortedQuery:
                "the query as it goes over the wire, percent-encoded (a blank is `%20`), the parameters that the "
                    + "signature puts there included and the one that carries `${signature}` left out; sorted by name, "
                    + "then value, byte by byte; `name=value` joined by `&`; empty without a query"
            case .body: "the body's bytes; empty without a body"
            case .bodyDigest: "the digest of the body's bytes, as `body_digest` says; without a body that of no bytes"
            case .signature: "the signature, written as `encoding` says"
            }
        }
    }

    var kind: Kind
    var name: String?

    var text: String { name.map { "${\(kind.rawValue):\($0)}" } ?? "${\(kind.rawValue)}" }
}

/// A text with placeholders, split once.
struct Template: Sendable, Hashable {
    /// A piece of a template.
    enum Piece: Sendable, Hashable {
        case literal(String)
        case placeholder(Placeholder)
    }
    /// Why a text is no template.
    enum Problem: Error, Sendable, Hashable {
        case unclosed
        case unknown(String)
        case needsName(String)
        case takesNoName(String)
    }

    let source: String
    let pieces: [Piece]

    var placeholders: [Placeholder] {
        pieces.compactMap { if case .placeholder(let one) = $0 { one } else { nil } }
    }

    /// True when there is nothing to fill in.
    var isLiteral: Bool { placeholders.isEmpty }

    static func parse(_ text: String) -> Result<Template, Problem> {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let start = rest.range(ofText: "${") {
            if start.lowerBound > rest.startIndex {
                pieces.append(.literal(String(rest[rest.startIndex..<start.lowerBound])))
            }
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { return .failure(.unclosed) }
            let inside = String(rest[start.upperBound..<end])
            let parts = inside.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let kind = Placeholder.Kind(rawValue: parts[0]) else { return .failure(.unknown(inside)) }
            if kind.isNamed {
                guard parts.count == 2, TextForm.secretName.accepts(parts[1]) else {
                    return .failure(.needsName(inside))
                }
                pieces.append(.placeholder(Placeholder(kind: kind, name: parts[1])))
            } else {
                guard parts.count == 1 else { return .failure(.takesNoName(inside)) }
                pieces.append(.placeholder(Placeholder(kind: kind, name: nil)))
            }
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        return .success(Template(source: text, pieces: pieces))
    }

    /// The text with every placeholder filled; nil when one has no value.
    func render(_ value: (Placeholder) throws -> String?, escape: (String) -> String = { $0 }) rethrows -> String? {
        var out = ""
        for piece in pieces {
            switch piece {
            case .literal(let text): out += text
            case .placeholder(let one):
                guard let text = try value(one) else { return nil }
                out += one.kind.isNumeric ? text : escape(text)
            }
        }
        return out
    }
}

extension Substring {
    /// The first place of a short text.
    func range(ofText text: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) {
                return index..<self.index(index, offsetBy: text.count)
            }
            index = self.index(after: index)
        }
        return nil
    }
}
