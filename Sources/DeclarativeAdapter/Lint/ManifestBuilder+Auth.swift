// SPDX-License-Identifier: Apache-2.0
internal import Cryptography
internal import Diagnostics
internal import SourceDocument

extension ManifestBuilder {
    /// The steps of `auth`, in order; none for `kind: none`.
    mutating func authentication(_ top: Block) -> [AuthStep] {
        let blocks = top.blocks("auth")
        var steps: [AuthStep] = []
        for block in blocks {
            guard let kind = block.text("kind") else { continue }
            checkKeys(block, kind)
            if kind == "none", blocks.count > 1 {
                conflict(block, "kind", "`none` stands beside other ways", "Remove it.")
            }
            if let step = step(block, kind, top) { steps.append(step) }
        }
        checkTogether(blocks)
        return steps
    }

    private static let keys: [String: (needed: [String], more: [String])] = [
        "none": ([], []), "header": (["name", "value"], []), "query": (["name", "value"], []),
        "basic": (["user", "password"], []), "bearer": (["value"], []), "body": ([], []),
        "oauth2": (
            ["path", "client_id", "client_secret"], ["base_url", "credentials_in", "scope", "lifetime", "renew_before"]
        ),
        "login": (
            ["path", "status", "token", "put"],
            [
                "base_url", "method", "headers", "body", "format", "expires_in", "expires_unit", "lifetime",
                "renew_before",
            ]
        ),
        "signature": (
            ["algorithm", "encoding", "key", "canonical"],
            ["put", "key_encoding", "timestamp", "nonce", "body_digest", "join", "query_form", "check"]
        ),
    ]

    private mutating func checkKeys(_ block: Block, _ kind: String) {
        let (needed, more) = Self.keys[kind] ?? ([], [])
        for key in needed where !block.has(key) { need(block, key, "`kind: \(kind)` needs it") }
        for key in block.written.keys.sorted()
        where key != "kind" && key != "confirm" && !needed.contains(key) && !more.contains(key) {
            conflict(block, key, "`\(key)` has no meaning with `kind: \(kind)`", "Remove it.")
        }
    }

    private mutating func step(_ block: Block, _ kind: String, _ top: Block) -> AuthStep? {
        func secret(_ key: String) -> String { block.template(key)?.placeholders.first?.name ?? "" }
        switch kind {
        case "header": return .header(name: block.text("name") ?? "", secret: secret("value"))
        case "query": return .query(name: block.text("name") ?? "", secret: secret("value"))
        case "bearer": return .bearer(secret: secret("value"))
        case "basic": return block.template("user").map { .basic(user: $0, secret: secret("password")) }
        case "body": return .body
        case "oauth2": return oauth(block, top).map { .login($0) }
        case "login": return login(block, top).map { .login($0) }
        case "signature": return signature(block).map { .signature($0) }
        default: return nil
        }
    }

    // MARK: - Tokens

    private mutating func oauth(_ block: Block, _ top: Block) -> LoginPlan? {
        checkLoginAddress(block, top)
        guard let path = block.template("path"), let id = block.template("client_id"),
            let secret = block.template("client_secret")?.placeholders.first,
            let token = try? RecordPath("$.access_token", language: .jsonPath),
            let type = try? RecordPath("$.token_type", language: .jsonPath),
            let expires = try? RecordPath("$.expires_in", language: .jsonPath)
        else { return nil }
        func literal(_ text: String) -> Template { Template(source: text, pieces: [.literal(text)]) }
        var fields = [RequestPlan.Entry(name: "grant_type", value: literal("client_credentials"))]
        if let scope = block.text("scope") { fields.append(RequestPlan.Entry(name: "scope", value: literal(scope))) }
        let inBody = block.text("credentials_in") == "body"
        if inBody {
            fields.append(RequestPlan.Entry(name: "client_id", value: id))
            fields.append(
                RequestPlan.Entry(
                    name: "client_secret", value: Template(source: secret.text, pieces: [.placeholder(secret)])))
        }
        let bearer = Template(
            source: "Bearer ${token}", pieces: [.literal("Bearer "), .placeholder(Placeholder(kind: .token))])
        return LoginPlan(
            request: RequestPlan(
                method: "POST", path: path, query: [], headers: [],
                body: BodyPlan(kind: .form, template: nil, fields: fields, action: nil)),
            baseURL: block.text("base_url"),
            client: inBody ? nil : LoginPlan.Client(user: id, secret: secret.name ?? ""),
            document: DocumentPlan.anything, status: [], token: token, tokenType: type, expiresIn: expires,
            expiresUnit: 1000, lifetime: block.duration("lifetime"),
            renewBefore: block.duration("renew_before") ?? .seconds(60),
            put: [AuthPut(place: .header, name: "Authorization", value: bearer)])
    }

    private mutating func login(_ block: Block, _ top: Block) -> LoginPlan? {
        checkLoginAddress(block, top)
        let isXML = block.text("format") == "xml"
        let document = DocumentPlan(
            format: isXML ? .xml : .json, charset: nil,
            namespaces: Dictionary(top.pairs("namespaces").map { ($0.key, $0.value) }) { $1 })
        let request = request(block, allowed: .account, defaultMethod: "POST")
        let status = layers(block["status"], document)
        let token = envelopePath(block, "token", document)
        let expires = envelopePath(block, "expires_in", document)
        if block.has("expires_unit"), !block.has("expires_in") {
            conflict(block, "expires_unit", "`expires_unit` has no meaning without `expires_in`", "Remove it.")
        }
        let put = puts(block)
        if !put.isEmpty, !put.contains(where: { $0.place == .body || $0.holds(.token) }) {
            conflict(block, "put", "no value of `put` holds `${token}`", "Write it as `value: \"${token}\"`.")
        }
        for (one, inner) in zip(put, block.blocks("put")) {
            for kind in [Placeholder.Kind.signature, .timestamp, .nonce, .bodyDigest] where one.holds(kind) {
                conflict(
                    inner, "value", "`${\(kind.rawValue)}` belongs to a signature", "Put it in the signature's block.")
            }
        }
        guard let request, let token else { return nil }
        return LoginPlan(
            request: request, baseURL: block.text("base_url"), client: nil, document: document, status: status,
            token: token, tokenType: nil, expiresIn: expires,
            expiresUnit: block.text("expires_unit") == "milliseconds" ? 1 : 1000, lifetime: block.duration("lifetime"),
            renewBefore: block.duration("renew_before") ?? .seconds(60), put: put)
    }

    private mutating func checkLoginAddress(_ block: Block, _ top: Block) {
        guard let address = block.text("base_url").flatMap({ BaseAddress($0) }) else { return }
        if !address.isSecure, !address.isLoopback {
            findings.add(
                "manifest.insecure_url", at: block.spot("base_url"), "the login is plain `http` and not on loopback",
                "Use `https`; a password may not cross a network in the clear.")
        }
        if top.boolean("simulated") == true, !address.isLoopback {
            findings.add(
                "manifest.simulated_elsewhere", at: block.spot("base_url"),
                "a simulated source has a login that is not on loopback",
                "Use a loopback address, or remove `simulated`.")
        }
    }

    mutating func puts(_ block: Block) -> [AuthPut] {
        block.blocks("put").compactMap { put in
            guard let place = put.text("in").flatMap({ AuthPut.Place(rawValue: $0) }) else { return nil }
            for key in ["name", "value"] {
                if place == .body, put.has(key) {
                    conflict(put, key, "with `in: body` the templates hold the value themselves", "Remove it.")
                }
                if place != .body, !put.has(key) { need(put, key, "`in: \(place.rawValue)` needs it") }
            }
            return AuthPut(
                place: place, name: put.text("name") ?? "",
                value: put.template("value") ?? Template(source: "", pieces: []))
        }
    }

    // MARK: - Several steps

    private mutating func checkTogether(_ blocks: [Block]) {
        var headers: Set<String> = []
        var (logins, signatures) = (0, 0)
        for block in blocks {
            let kind = block.text("kind") ?? ""
            if kind == "login" || kind == "oauth2" { logins += 1 }
            if kind == "signature" { signatures += 1 }
            if logins > 1, kind == "login" || kind == "oauth2" {
                conflict(block, "kind", "a source has one login", "Keep one.")
            }
            if signatures > 1, kind == "signature" {
                conflict(block, "kind", "a source has one signature", "Keep one.")
            }
            var names: [(String, Spot)] = []
            switch kind {
            case "header": names = [(block.text("name") ?? "", block.spot("name"))]
            case "basic", "bearer", "oauth2": names = [("Authorization", block.spot("kind"))]
            default:
                names = block.blocks("put").filter { $0.text("in") == "header" }.map {
                    ($0.text("name") ?? "", $0.spot("name"))
                }
            }
            for (name, spot) in names where !name.isEmpty && !headers.insert(name.lowercased()).inserted {
                findings.add(
                    "manifest.conflict", at: spot, "the header `\(shown(name))` is set twice", "Keep one of them.")
            }
        }
    }
}
