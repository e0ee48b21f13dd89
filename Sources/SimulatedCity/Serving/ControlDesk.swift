// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// The control endpoint: shows and sets switches, on loopback, for whoever shows the token.
///
/// `GET /state` · `POST /faults/<id>/<name>?requests=N` (`none` switches off) · `POST /advance/<id>`, which changes a
/// share of the source's records.
struct ControlDesk: Sendable {
    let token: String
    let books: [SourceID: SourceBook]
    let listeners: [SourceID: LoopbackListener]
    let drop: DropWriter?

    func answer(_ request: CityRequest) -> CityReply {
        guard request.headers["authorization"] == "Bearer " + token else {
            return reply(401, #"{"error":"show the token printed at start: Authorization: Bearer …"}"#)
        }
        let parts = request.path.split(separator: "/").map(String.init)
        if request.method == "GET", parts == ["state"] { return reply(200, state()) }
        guard request.method == "POST", parts.count >= 2, let book = books[SourceID(parts[1])] else {
            return reply(404, #"{"error":"GET /state, POST /faults/<id>/<name>, POST /advance/<id>"}"#)
        }
        switch parts[0] {
        case "advance" where parts.count == 2:
            let done = book.advance()
            return written(book) ?? reply(done ? 200 : 409, state())
        case "faults" where parts.count == 3:
            let fault = CityFault(rawValue: parts[2])
            guard fault != nil || parts[2] == "none" else {
                let names = CityFault.allCases.map(\.rawValue).joined(separator: ", ")
                return reply(404, #"{"error":"no such switch; there are: none, \#(names)"}"#)
            }
            book.set(fault, requests: request.query["requests"].flatMap { Int($0) })
            listeners[book.profile.id]?.setListening(fault != .down)
            return written(book) ?? reply(200, state())
        default: return reply(404, #"{"error":"no such action"}"#)
        }
    }

    private func written(_ book: SourceBook) -> CityReply? {
        guard listeners[book.profile.id] == nil, let drop else { return nil }
        do throws(CityError) {
            try drop.write()
            return nil
        } catch {
            return reply(500, #"{"error":"the drop folder cannot be written"}"#)
        }
    }

    private func state() -> String {
        let lines = books.values.sorted { $0.profile.number < $1.profile.number }.map { book in
            let served = book.served
            return #"{"source":"\#(book.profile.id)","records":\#(book.count),"generation":\#(book.generation),"#
                + #""fault":"\#(book.fault?.rawValue ?? "none")","requests":\#(served.requests),"#
                + #""pages":\#(served.pages),"served_records":\#(served.records),"served_bytes":\#(served.bytes)}"#
        }
        return "{\"sources\":[" + lines.joined(separator: ",") + "]}\n"
    }

    private func reply(_ status: Int, _ text: String) -> CityReply {
        CityReply(status: status, "application/json; charset=utf-8", Array(text.utf8))
    }
}
