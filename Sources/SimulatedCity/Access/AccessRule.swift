// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Who may ask a source, and the requests by which a caller first gets a token.
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
        request.headers[name.lowercased()] == word + secrets.key ? .admitted : .refused
    }
}

/// User and password, RFC 7617.
struct BasicDoor: AccessRule {
    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        request.headers["authorization"] == "Basic " + base64("\(secrets.user):\(secrets.key)") ? .admitted : .refused
    }
}
