// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Diagnostics
import Foundation
import Synchronization

/// A token that says itself until when it holds, under a keyed digest: nothing has to be kept of it.
struct CityToken {
    /// A fresh token; two of one moment differ.
    static func issue(_ secrets: CitySecrets, now: Timestamp, seconds: Int) -> String {
        let expires = String(now.milliseconds + Int64(seconds) * 1000, radix: 36)
        let text = expires + "." + hexadecimal(secureRandomBytes(6))
        return text + "." + mac(text, secrets)
    }

    static func holds(_ token: String?, _ secrets: CitySecrets, now: Timestamp) -> Bool {
        let parts = (token ?? "").split(separator: ".").map(String.init)
        guard parts.count == 3, same(parts[2], mac(parts[0] + "." + parts[1], secrets)),
            let expires = Int64(parts[0], radix: 36)
        else { return false }
        return now.milliseconds < expires
    }

    private static func mac(_ text: String, _ secrets: CitySecrets) -> String {
        String(SHA256.hmac(Array(("token " + text).utf8), key: Array(secrets.key.utf8)).description.prefix(32))
    }
}

/// Login, then token: a POST of user and password to a path is answered with a token that holds for a while.
///
/// The login's body is JSON or a form with the two fields; its answer is
/// `{"code":"0","data":{"token":"…","expiresIn":seconds}}`, and a wrong password is HTTP 200 with the code `A0201`, as
/// such systems have it. The token is then looked for in a header (behind `word`), in a query parameter, or in the body.
struct LoginDoor: AccessRule {
    var path = "/auth/login"
    var user = "username"
    var password = "password"
    /// The header that carries the token.
    var header: String? = "X-Token"
    var word = ""
    /// The query parameter that carries it, when no header does.
    var parameter: String?
    /// The field of a JSON body that carries it, when neither does.
    var field: String?
    /// Seconds a token holds.
    var lifetime = 1800

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        if request.path == path { return .answered(login(request, secrets, now)) }
        var given = header.flatMap { request.headers[$0.lowercased()] } ?? parameter.flatMap { request.query[$0] }
        if let field { given = given ?? request.jsonFields[field] }
        if !word.isEmpty { given = given.flatMap { $0.hasPrefix(word) ? String($0.dropFirst(word.count)) : nil } }
        return CityToken.holds(given, secrets, now: now) ? .admitted : .refused
    }

    private func login(_ request: CityRequest, _ secrets: CitySecrets, _ now: Timestamp) -> CityReply {
        let fields = request.jsonFields.merging(request.formFields) { json, _ in json }
        guard request.method == "POST", same(fields[user], secrets.user), same(fields[password], secrets.key) else {
            return jsonReply(#"{"code":"A0201","msg":"用户名或密码错误","data":null}"#)
        }
        let token = CityToken.issue(secrets, now: now, seconds: lifetime)
        return jsonReply(#"{"code":"0","msg":"ok","data":{"token":"\#(token)","expiresIn":\#(lifetime)}}"#)
    }
}

/// OAuth 2 client credentials (RFC 6749, 4.4): the user is the client's id, the source's key its secret.
///
/// Credentials are taken from HTTP basic or from the body; the token from `Authorization: Bearer`.
struct OAuthDoor: AccessRule {
    var path = "/oauth/token"
    /// Seconds a token holds.
    var lifetime = 3600
    /// The scope that is granted; a request for another is refused.
    var scope: String?

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        if request.path == path { return .answered(token(request, secrets, now)) }
        guard let given = request.headers["authorization"], given.hasPrefix("Bearer ") else { return .refused }
        return CityToken.holds(String(given.dropFirst(7)), secrets, now: now) ? .admitted : .refused
    }

    private func token(_ request: CityRequest, _ secrets: CitySecrets, _ now: Timestamp) -> CityReply {
        let form = request.formFields
        guard request.method == "POST", form["grant_type"] == "client_credentials" else {
            return jsonReply(#"{"error":"unsupported_grant_type"}"#, status: 400)
        }
        let basic = "Basic " + base64("\(secrets.user):\(secrets.key)")
        let isClient =
            same(request.headers["authorization"], basic)
            || (same(form["client_id"], secrets.user) && same(form["client_secret"], secrets.key))
        guard isClient else { return jsonReply(#"{"error":"invalid_client"}"#, status: 401) }
        if let scope, let asked = form["scope"], asked != scope {
            return jsonReply(#"{"error":"invalid_scope"}"#, status: 400)
        }
        let token = CityToken.issue(secrets, now: now, seconds: lifetime)
        return jsonReply(#"{"access_token":"\#(token)","token_type":"Bearer","expires_in":\#(lifetime)}"#)
    }
}

private func jsonReply(_ text: String, status: Int = 200) -> CityReply {
    var reply = CityReply(status: status, "application/json; charset=utf-8", Array(text.utf8))
    reply.headers.append(("Cache-Control", "no-store"))
    return reply
}
