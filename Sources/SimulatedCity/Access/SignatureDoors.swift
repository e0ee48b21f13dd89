// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Diagnostics
import Synchronization

/// Remembers nonces for as long as their timestamps are taken, so that none is taken twice.
final class NonceMemory: Sendable {
    /// Beyond it nothing more is let in, until some have become old.
    static let most = 200_000
    private let seen = Mutex<[String: Int64]>([:])

    /// True for a nonce that was not seen within the last `window` seconds.
    func isFresh(_ nonce: String, now: Timestamp, window: Int64) -> Bool {
        let second = now.milliseconds / 1000
        return seen.withLock { seen in
            if seen.count >= Self.most { seen = seen.filter { second - $0.value <= 2 * window } }
            if let last = seen[nonce], second - last <= 2 * window { return false }
            guard seen.count < Self.most, nonce.utf8.count <= 128 else { return false }
            seen[nonce] = second
            return true
        }
    }
}

/// The `x-tif-*` headers of provincial gateways: the digest of
/// timestamp + token + nonce + timestamp, in hexadecimal.
///
/// Settings and secrets: `x-tif-paasid` is the user, the token is the source's key. The timestamp counts seconds and may
/// be 300 s off; a nonce is taken once.
struct TifDoor: AccessRule {
    var digest = MessageDigest.sha256
    var window: Int64 = 300
    private let nonces = NonceMemory()

    init(_ digest: MessageDigest = .sha256, window: Int64 = 300) { (self.digest, self.window) = (digest, window) }

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        guard let stamp = request.headers["x-tif-timestamp"], let nonce = request.headers["x-tif-nonce"],
            isWithin(stamp, 1000, window, now), same(request.headers["x-tif-paasid"], secrets.user),
            let bytes = try? digest.digest(Array((stamp + secrets.key + nonce + stamp).utf8)),
            same(request.headers["x-tif-signature"]?.lowercased(), hexadecimal(bytes)),
            nonces.isFresh(secrets.key + nonce, now: now, window: window)
        else { return .refused }
        return .admitted
    }
}

/// `X-App-Id`, `X-Timestamp` in milliseconds, `X-Nonce`, and `X-Signature`: HMAC-SHA256 in base64 over
/// app id, timestamp, nonce and body, with line feeds between.
struct SignedBody: AccessRule {
    var window: Int64 = 300
    private let nonces = NonceMemory()

    init(window: Int64 = 300) { self.window = window }

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        guard let stamp = request.headers["x-timestamp"], let nonce = request.headers["x-nonce"],
            isWithin(stamp, 1, window, now), same(request.headers["x-app-id"], secrets.user)
        else { return .refused }
        let message = Array("\(secrets.user)\n\(stamp)\n\(nonce)\n".utf8) + request.body
        guard let mac = try? MessageDigest.sha256.hmac(message, key: Array(secrets.key.utf8)),
            same(request.headers["x-signature"], BinaryText.base64.text(mac)),
            nonces.isFresh(secrets.key + nonce, now: now, window: window)
        else { return .refused }
        return .admitted
    }
}

/// Everything in the query: `appId`, `timestamp` in seconds, `nonce`, and `sign`: HMAC-SM3 in hexadecimal over method,
/// path, the other parameters sorted by name, and the SM3 digest of the body, with line feeds between.
///
/// Path and parameters are signed percent-encoded, as they came.
struct SignedQuery: AccessRule {
    var window: Int64 = 300
    private let nonces = NonceMemory()

    init(window: Int64 = 300) { self.window = window }

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        guard let stamp = request.query["timestamp"], let nonce = request.query["nonce"],
            isWithin(stamp, 1000, window, now), same(request.query["appId"], secrets.user),
            let bodyDigest = try? MessageDigest.sm3.digest(request.body)
        else { return .refused }
        let parts = request.target.split(separator: "?", maxSplits: 1)
        let pairs = (parts.count == 2 ? parts[1] : "").split(separator: "&").filter { !$0.hasPrefix("sign=") }
        let sorted = pairs.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        let query = sorted.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "&")
        let message = "\(request.method)\n\(parts.first ?? "/")\n\(query)\n\(hexadecimal(bodyDigest))"
        guard let mac = try? MessageDigest.sm3.hmac(Array(message.utf8), key: Array(secrets.key.utf8)),
            same(request.query["sign"], hexadecimal(mac)),
            nonces.isFresh(secrets.key + nonce, now: now, window: window)
        else { return .refused }
        return .admitted
    }
}

/// Whether a timestamp, written in units of so many milliseconds, is near enough to now.
private func isWithin(_ text: String, _ unit: Int64, _ window: Int64, _ now: Timestamp) -> Bool {
    guard let number = Int64(text), (0...(1 << 42)).contains(number) else { return false }
    return abs(number * unit - now.milliseconds) <= window * 1000
}
