// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import SourceDocument
internal import Transport

extension SourceError {
    /// A failed exchange in the words of this layer, with what the program does next.
    init(_ error: TransportError, place: Place) {
        let recovery: Recovery =
            switch error.code {
            case .cancelled: .cancelled
            case .tlsUntrusted, .tlsNameMismatch, .tlsClientCertificate, .redirectRefused, .redirectLoop, .urlRefused,
                .headerRefused, .misuse:
                .fixConfiguration
            default: error.isRetriable ? .retry(after: nil) : .stopRun
            }
        var diagnostic = error.diagnostic
        diagnostic.place = diagnostic.place.within(place)
        switch error.code {
        case .cancelled: diagnostic.code = Code.cancelled.rawValue
        case .nameUnresolved, .connectRefused, .connectTimeout, .tlsHandshake, .reset:
            diagnostic.code = Code.unreachable.rawValue
        case .totalTimeout, .stalled: diagnostic.code = Code.timedOut.rawValue
        case .redirectRefused: diagnostic.code = Code.foreignLink.rawValue
        default: break
        }
        self.init(diagnostic, recovery: recovery)
    }

    /// A document that cannot be read.
    init(_ error: DocumentError, place: Place, httpStatus: Int? = nil) {
        var diagnostic = error.diagnostic
        diagnostic.place = diagnostic.place.within(place)
        let recovery: Recovery =
            error.mayPass
            ? .retry(after: nil) : error.scope == .configuration ? .fixConfiguration : .stopRun
        self.init(diagnostic, recovery: recovery, httpStatus: httpStatus)
    }

    /// An HTTP status that is not the one hoped for.
    init(status: Int, retryAfter: Duration?, place: Place) {
        switch status {
        case 401:
            self.init(
                .unauthenticated, "HTTP 401: the source does not let us in", place: place,
                remedy: "Check the secret that `auth` names; it may have expired", recovery: .fixConfiguration,
                httpStatus: status)
        case 403:
            self.init(
                .forbidden, "HTTP 403: the source refuses this request", place: place,
                remedy: "Ask the source's owner to grant this interface to our account", recovery: .fixConfiguration,
                httpStatus: status)
        case 408:
            self.init(
                .timedOut, "HTTP 408: the source gave up waiting", place: place,
                remedy: "It is tried again; ask for smaller pages if it stays", recovery: .retry(after: retryAfter),
                httpStatus: status)
        case 429:
            self.init(
                .throttled, "HTTP 429: the source asks us to slow down", place: place,
                remedy: "It is tried again later; lower `limits.requests_per_second` if it stays",
                recovery: .retry(after: retryAfter), httpStatus: status)
        case 500...599:
            self.init(
                .unavailable, "HTTP \(status): the source cannot answer now", place: place,
                remedy: "It is tried again; tell the source's owner if it stays", recovery: .retry(after: retryAfter),
                httpStatus: status)
        default:
            self.init(
                .unexpectedStatus, "HTTP \(status) is not an answer the manifest declares", place: place,
                remedy: "Check path and query in the manifest; if this means \"none\", declare it in `not_found`",
                recovery: .fixConfiguration, httpStatus: status)
        }
    }
}

/// Reads `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
enum RetryAfter {
    static func read(_ text: String?, now: Timestamp) -> Duration? {
        guard let text else { return nil }
        if let seconds = Int64(text), seconds >= 0 { return .seconds(min(seconds, 86_400)) }
        guard let date = httpDate(text) else { return nil }
        return max(.zero, min(date - now, .seconds(86_400)))
    }

    /// A rate limit's reset: seconds to wait, or a moment in seconds since 1970.
    static func reset(_ text: String?, now: Timestamp) -> Duration? {
        guard let text, let number = Int64(text), number >= 0 else { return nil }
        let seconds = number > 1_000_000_000 ? number - now.milliseconds / 1000 : number
        return .seconds(max(0, min(seconds, 86_400)))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func httpDate(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(of: String(words[2])), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let parts = words[4].split(separator: ":").compactMap { Int64($0) }
        guard parts.count == 3, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]), (0...60).contains(parts[2])
        else { return nil }
        let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
        return Timestamp(seconds: Timestamp.days(fromCivil: year, month + 1, day) * 86_400 + seconds)
    }
}
