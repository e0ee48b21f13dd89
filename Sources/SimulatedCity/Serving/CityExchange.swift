// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A request as a simulated source sees it.
struct CityRequest: Sendable {
    var method: String
    var path: String
    var query: [String: String]
    /// By lower-case name.
    var headers: [String: String]
    var body: [UInt8]
    /// Path and query as they came over the wire, which is what callers sign.
    var target = ""

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The plain values of a JSON body, those of `head` and `data` inside it too.
    var jsonFields: [String: String] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else { return [:] }
        var fields: [String: String] = [:]
        for (key, value) in object {
            if let inner = value as? [String: Any] {
                for (key, value) in inner { fields[key] = value as? String }
            } else {
                fields[key] = value as? String
            }
        }
        return fields
    }

    /// The text of the first element of this local name, whatever its prefix.
    func element(_ name: String) -> String? {
        for opening in ["<\(name)>", ":\(name)>"] {
            guard let start = text.range(of: opening) else { continue }
            guard let end = text.range(of: "</", range: start.upperBound..<text.endIndex) else { return nil }
            let raw = String(text[start.upperBound..<end.lowerBound])
            return raw.replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
                .replacingOccurrences(of: "&quot;", with: "\"").replacingOccurrences(of: "&amp;", with: "&")
        }
        return nil
    }
}

/// What a simulated source answers, and how it sends it.
struct CityReply: Sendable {
    /// How the bytes leave.
    enum Delivery: Sendable {
        case whole
        /// The head promises everything, the body ends in its middle.
        case cut
        /// Eleven parts, a pause in milliseconds before each.
        case drip(Int)
        /// Nothing at all: the connection is reset.
        case reset
    }
    var status = 200
    var contentType: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]
    var delivery = Delivery.whole

    init(status: Int = 200, _ contentType: String, _ body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}
