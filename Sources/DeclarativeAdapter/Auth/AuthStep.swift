// SPDX-License-Identifier: Apache-2.0
internal import Cryptography
internal import SourceDocument

/// One way in which we show who we are; a source has up to four, applied in order.
enum AuthStep: Sendable {
    case header(name: String, secret: String)
    case query(name: String, secret: String)
    case basic(user: Template, secret: String)
    case bearer(secret: String)
    /// The key stands in the body's template; nothing is added.
    case body
    /// A token is asked for first; OAuth 2 is a login whose request and answer are fixed.
    case login(LoginPlan)
    case signature(SignaturePlan)

    /// Every placeholder that the configuration has to fill.
    var placeholders: [Placeholder] {
        func secret(_ name: String) -> Placeholder { Placeholder(kind: .secret, name: name) }
        switch self {
        case .body: return []
        case .header(_, let name), .query(_, let name), .bearer(let name): return [secret(name)]
        case .basic(let user, let name): return user.placeholders + [secret(name)]
        case .login(let plan):
            let base = plan.baseURL.flatMap { try? Template.parse($0).get() }?.placeholders ?? []
            let client = plan.client.map { $0.user.placeholders + [secret($0.secret)] } ?? []
            return plan.request.placeholders + base + client + plan.put.flatMap(\.value.placeholders)
        case .signature(let plan):
            return (plan.key.map { [secret($0)] } ?? []) + plan.canonical.flatMap(\.placeholders)
                + plan.put.flatMap(\.value.placeholders)
        }
    }
}

/// A value and where it goes.
struct AuthPut: Sendable, Hashable {
    enum Place: String, Sendable { case header, query, body }
    let place: Place
    let name: String
    let value: Template

    func holds(_ kind: Placeholder.Kind) -> Bool { value.placeholders.contains { $0.kind == kind } }
}

/// How a token is got, and where it goes.
struct LoginPlan: Sendable {
    /// Name and secret of HTTP basic, both form-encoded first, as RFC 6749, 2.3.1 has it.
    struct Client: Sendable {
        let user: Template
        let secret: String
    }
    let request: RequestPlan
    /// Where the login is, when it is not at the source's own base URL.
    let baseURL: String?
    let client: Client?
    let document: DocumentPlan
    let status: [StatusLayer]
    let token: RecordPath
    /// Where the answer says `bearer`, for OAuth 2.
    let tokenType: RecordPath?
    let expiresIn: RecordPath?
    /// Milliseconds of the unit of `expiresIn`.
    let expiresUnit: Int64
    let lifetime: Duration?
    let renewBefore: Duration
    let put: [AuthPut]
}

/// A signature over an ordered canonical text.
struct SignaturePlan: Sendable {
    struct Nonce: Sendable {
        enum Alphabet: String, Sendable { case hex, alphanumeric, digits }
        let length: Int
        let alphabet: Alphabet
    }
    struct BodyDigest: Sendable {
        let digest: MessageDigest
        let encoding: BinaryText
    }
    enum KeyEncoding: String, Sendable { case text, hex, base64 }
    enum QueryForm: String, Sendable { case encoded, decoded }

    let digest: MessageDigest
    /// True for an HMAC; false for a plain digest over a text that holds the key.
    let isKeyed: Bool
    let encoding: BinaryText
    /// The name of the key's secret.
    let key: String?
    let keyEncoding: KeyEncoding
    let timestamp: DateFormat?
    let nonce: Nonce?
    let bodyDigest: BodyDigest?
    let canonical: [Template]
    let join: String
    let queryForm: QueryForm
    let put: [AuthPut]

    func signs(_ kind: Placeholder.Kind) -> Bool {
        canonical.contains { template in template.placeholders.contains { $0.kind == kind } }
    }
}

extension [AuthStep] {
    var login: LoginPlan? {
        for case .login(let plan) in self { return plan }
        return nil
    }
    var signature: SignaturePlan? {
        for case .signature(let plan) in self { return plan }
        return nil
    }
    /// The steps that a login's own request takes: those that stand before it.
    var beforeLogin: [AuthStep] {
        Array(prefix { if case .login = $0 { false } else { true } })
    }
}

extension Placeholder.Kind {
    /// Values that are known only when a request is about to leave.
    var isLate: Bool { [.token, .timestamp, .nonce, .signature].contains(self) }
}
