// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Who may ask a source, and the requests by which a caller first gets a token.
///
/// Each verifies for real, in constant time, and a wrong caller gets the answer such a system gives. A profile says
/// `access:` and, where its manifest names a user, `settings: ["user": "licgate"]`; the secret is always the source's
/// `key` (`CitySecrets.key`).
///
/// | the source wants | rule | the manifest says |
/// |---|---|---|
/// | nothing | `OpenDoor()` | `{ kind: none }` |
/// | a key in a header | `HeaderKey(name:)` | `{ kind: header, name, value }` |
/// | a bearer token | `HeaderKey(name: "Authorization", word: "Bearer ")` | `{ kind: bearer, value }` |
/// | a key in the query | `QueryKey(name:)` | `{ kind: query, name, value }` |
/// | a key in the body | `BodyKey(name:)` | `{ kind: body }`, `${secret:…}` in the templates |
/// | user and password | `BasicDoor()` | `{ kind: basic, user, password }` |
/// | `x-tif-*` headers | `TifDoor()`, `TifDoor(.sm3)` | `{ kind: signature, algorithm: sha256, … }` |
/// | a signed body | `SignedBody()` | `{ kind: signature, algorithm: hmac_sha256, … }` |
/// | a signed query | `SignedQuery()` | `{ kind: signature, algorithm: hmac_sm3, … }` |
/// | a login first | `LoginDoor(…)` | `{ kind: login, … }` |
/// | OAuth 2 | `OAuthDoor(…)` | `{ kind: oauth2, … }` |
/// | our certificate | `mutualTLS: true` in the profile (`CityTLS`) | `{ kind: none }` and the block `tls` |
/// | several of these | `AllDoors(rules:)` | a list of blocks |
protocol AccessRule: Sendable {
    /// Admitted, refused (the face says how), or answered here because it was a request for a token.
    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict
}

/// What becomes of a request at the door.
enum AccessVerdict: Sendable {
    case admitted
    case refused
    case answered(CityReply)
}

/// Lets everybody in.
struct OpenDoor: AccessRule {
    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict { .admitted }
}

/// A key in a header, as it is or behind a word such as `Bearer `.
struct HeaderKey: AccessRule {
    let name: String
    var word = ""

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        same(request.headers[name.lowercased()], word + secrets.key) ? .admitted : .refused
    }
}

/// User and password, RFC 7617.
struct BasicDoor: AccessRule {
    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        let wanted = "Basic " + base64("\(secrets.user):\(secrets.key)")
        return same(request.headers["authorization"], wanted) ? .admitted : .refused
    }
}
