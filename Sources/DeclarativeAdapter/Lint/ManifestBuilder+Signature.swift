// SPDX-License-Identifier: Apache-2.0
internal import Cryptography
internal import Diagnostics

extension ManifestBuilder {
    mutating func signature(_ block: Block) -> SignaturePlan? {
        guard let algorithm = block.text("algorithm"),
            let encoding = block.text("encoding").flatMap({ BinaryText(rawValue: $0) })
        else { return nil }
        let isKeyed = algorithm.hasPrefix("hmac_")
        let name = isKeyed ? String(algorithm.dropFirst(5)) : algorithm
        guard let digest = MessageDigest(rawValue: name) else { return nil }
        let inner = block.block("body_digest")
        let bodyDigest = inner?.text("algorithm").flatMap { MessageDigest(rawValue: $0) }.map { digest in
            SignaturePlan.BodyDigest(
                digest: digest, encoding: inner?.text("encoding").flatMap { BinaryText(rawValue: $0) } ?? .hex)
        }
        let nonce = block.block("nonce").flatMap { inner in
            inner.integer("length").map { length in
                SignaturePlan.Nonce(
                    length: length,
                    alphabet: inner.text("alphabet").flatMap { .init(rawValue: $0) } ?? .alphanumeric)
            }
        }
        let plan = SignaturePlan(
            digest: digest, isKeyed: isKeyed, encoding: encoding,
            key: block.template("key")?.placeholders.first?.name,
            keyEncoding: block.text("key_encoding").flatMap { .init(rawValue: $0) } ?? .text,
            timestamp: timestampFormat(block), nonce: nonce, bodyDigest: bodyDigest,
            canonical: block.texts("canonical").compactMap { try? Template.parse($0).get() },
            join: block.text("join") ?? "",
            queryForm: block.text("query_form").flatMap { .init(rawValue: $0) } ?? .encoded, put: puts(block))
        checkSignature(block, plan)
        if block.has("canonical"), block["canonical"] != nil, block["key"] != nil {
            for vector in block.blocks("check") { checkVector(vector, plan) }
        }
        return plan
    }

    private mutating func timestampFormat(_ block: Block) -> DateFormat? {
        guard let text = block.text("timestamp") else { return nil }
        let names = ["seconds": "epoch_s", "milliseconds": "epoch_ms"]
        if let format = DateFormat(names[text] ?? text) { return format }
        findings.add(
            "manifest.bad_date_format", at: block.spot("timestamp"), "`timestamp` is not a way to write a time",
            "Expected: `seconds`, `milliseconds`, or \(TextForm.dateFormat.words).")
        return nil
    }

    private mutating func checkSignature(_ block: Block, _ plan: SignaturePlan) {
        if !plan.isKeyed, block["canonical"] != nil, !plan.signs(.key) {
            conflict(
                block, "canonical", "anybody can compute this: a plain digest without `${key}` shows nothing",
                "Put `${key}` where the interface document has the key, or use `hmac_\(plan.digest.rawValue)`.")
        }
        if block.has("key_encoding"), !plan.isKeyed {
            conflict(block, "key_encoding", "only an HMAC reads its key as bytes", "Remove it.")
        }
        if plan.digest == .md5 {
            findings.add(
                "manifest.weak_digest", at: block.spot("algorithm"), "MD5 can be forged",
                "Ask the owner for SM3 or HMAC-SHA256.", severity: .warning,
                consequence: "Works, and protects little")
        }
        let sources: [(Placeholder.Kind, String, Bool)] = [
            (.timestamp, "timestamp", block.has("timestamp")), (.nonce, "nonce", block.has("nonce")),
            (.bodyDigest, "body_digest", block.has("body_digest")),
        ]
        for (kind, key, isThere) in sources {
            let isUsed = plan.signs(kind) || plan.put.contains { $0.holds(kind) }
            if isUsed, !isThere { need(block, key, "`${\(kind.rawValue)}` is used") }
            if !isUsed, isThere, kind == .bodyDigest {
                conflict(block, key, "`${body_digest}` is not used", "Use it in `canonical`, or remove the key.")
            }
        }
        if block.has("query_form"), !plan.signs(.sortedQuery) {
            conflict(block, "query_form", "`${sorted_query}` is not signed", "Remove it.")
        }
    }

    /// A worked example is computed; what comes out otherwise is a finding with the signed text.
    private mutating func checkVector(_ vector: Block, _ plan: SignaturePlan) {
        guard let key = vector.text("key"), let expected = vector.text("expect") else { return }
        let path = vector.text("path") ?? "/"
        let query = vector.text("query") ?? ""
        let address = WireAddress("http://localhost" + path + (query.isEmpty ? "" : "?" + query))
        let without = Set(plan.put.filter { $0.place == .query && $0.holds(.signature) }.map(\.name))
        let settings = Dictionary(vector.pairs("settings").map { ($0.key, $0.value) }) { $1 }
        let input = SigningInput(
            method: vector.text("method") ?? "GET", path: address.path,
            sortedQuery: address.sortedQuery(without: without, plan.queryForm),
            body: Array((vector.text("body") ?? "").utf8), timestamp: vector.text("timestamp") ?? "",
            nonce: vector.text("nonce") ?? "", token: vector.text("token") ?? "", key: Secret(key),
            setting: { settings[$0] })
        guard plan.keyBytes(input.key) != nil else {
            conflict(vector, "key", "this key is not \(plan.keyEncoding.rawValue)", "Correct it or `key_encoding`.")
            return
        }
        guard let text = try? plan.canonicalText(input), let found = try? plan.sign(input) else { return }
        guard found != expected else { return }
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        findings.add(
            "manifest.vector_mismatch", at: vector.spot("expect"), "this block gives `\(found)` for the example",
            "Compare the signed text with the interface document (⏎ is a line feed): "
                + "`\(parts.joined(separator: "⏎"))`.")
    }

    // MARK: - What the requests hold

    /// What the steps need in the requests' templates, and what stands there that no step gives.
    mutating func checkUses(of steps: [AuthStep], _ top: Block, _ interfaces: [Block]) {
        let blocks = top.blocks("auth")
        let shapes =
            top.values.filter { !["auth", "interfaces"].contains($0.key) }.map(\.value)
            + interfaces.map { Shape.block($0) }
        let signature = steps.signature
        let given: [(Placeholder.Kind, Bool, String)] = [
            (.token, steps.login != nil, "`auth: { kind: login, … }`"),
            (.timestamp, signature?.timestamp != nil, "`timestamp` in `auth: { kind: signature, … }`"),
            (.nonce, signature?.nonce != nil, "`nonce` in `auth: { kind: signature, … }`"),
            (.signature, signature != nil, "`auth: { kind: signature, … }`"),
        ]
        for (kind, isGiven, remedy) in given where !isGiven {
            for spot in shapes.flatMap({ Self.spots(of: "${\(kind.rawValue)}", in: $0, bodiesOnly: false) }) {
                findings.add(
                    "manifest.placeholder_not_here", at: spot, "nothing gives `${\(kind.rawValue)}` a value",
                    "Add \(remedy), or remove it.")
            }
        }
        func inBodies(_ text: String) -> Bool {
            shapes.contains { !Self.spots(of: text, in: $0, bodiesOnly: true).isEmpty }
        }
        for block in blocks {
            switch block.text("kind") {
            case "body" where !inBodies("${secret:"):
                conflict(
                    block, "kind", "no body template holds a secret",
                    "Write `${secret:name}` into the bodies, or choose another kind.")
            case "login":
                let isInBody = block.blocks("put").contains { $0.text("in") == "body" }
                if isInBody, !inBodies("${token}") {
                    conflict(
                        block, "put", "no body template holds `${token}`",
                        "Write it into the bodies, or put it in a header.")
                }
                if steps.signature?.signs(.token) == true, signatureStandsBeforeLogin(blocks) {
                    conflict(
                        block, "kind", "the signature before this login signs `${token}`",
                        "Let the login stand first.")
                }
            case "signature": if let signature { checkSent(block, signature, inBodies) }
            default: break
            }
        }
        if signature?.signs(.token) == true, steps.login == nil, let block = blocks.last {
            conflict(
                block, "canonical", "`${token}` is signed, and no login gives one",
                "Add `{ kind: login, … }` before it, or use `${key}`.")
        }
    }

    private func signatureStandsBeforeLogin(_ blocks: [Block]) -> Bool {
        let kinds = blocks.compactMap { $0.text("kind") }
        guard let signature = kinds.firstIndex(of: "signature"), let login = kinds.firstIndex(of: "login") else {
            return false
        }
        return signature < login
    }

    private mutating func checkSent(_ block: Block, _ plan: SignaturePlan, _ inBodies: (String) -> Bool) {
        let bodyHoldsIt = inBodies("${signature}")
        if !plan.put.contains(where: { $0.holds(.signature) }), !bodyHoldsIt {
            conflict(
                block, block.has("put") ? "put" : "kind", "the signature goes nowhere",
                "Put it: `{ in: header, name: x-signature, value: \"${signature}\" }`.")
        }
        if bodyHoldsIt, plan.signs(.body) || plan.signs(.bodyDigest) {
            conflict(
                block, "canonical", "the body is signed and holds its own signature",
                "Put the signature in a header or the query, or sign parts of the body instead.")
        }
        for kind in [Placeholder.Kind.timestamp, .nonce] where plan.signs(kind) {
            let isSent = plan.put.contains { $0.holds(kind) } || inBodies("${\(kind.rawValue)}")
            guard !isSent else { continue }
            conflict(
                block, "canonical", "`${\(kind.rawValue)}` is signed and not sent, so nobody can check it",
                "Add it to `put`.")
        }
    }

    /// Where a text stands; in bodies only, or anywhere.
    private static func spots(of text: String, in shape: Shape, bodiesOnly: Bool, inBody: Bool = false) -> [Spot] {
        switch shape {
        case .scalar(let value, let spot):
            return (!bodiesOnly || inBody) && Substring(value).range(ofText: text) != nil ? [spot] : []
        case .list(let members, _):
            return members.flatMap { spots(of: text, in: $0, bodiesOnly: bodiesOnly, inBody: inBody) }
        case .map(let pairs, _):
            return pairs.flatMap { spots(of: text, in: $0.value, bodiesOnly: bodiesOnly, inBody: inBody) }
        case .block(let block):
            return block.values.sorted { $0.key < $1.key }.flatMap {
                spots(of: text, in: $0.value, bodiesOnly: bodiesOnly, inBody: inBody || block.name == "body")
            }
        }
    }
}
