// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import LicenceModel

/// The control endpoint: shows and sets switches, on loopback, for whoever shows the token.
///
/// `GET /state` · `GET /ledger/<id>` · `POST /faults/<id>/<name>?requests=N` (`none` switches off) ·
/// `POST /advance/<id>` · `POST /windows/on`, `/quotas/on`, `/personalities/on` and `off`. `<id>` is a source, a source
/// and one of its interfaces (`<id>/<interface>`), or `all`.
struct ControlDesk: Sendable {
    let token: String
    let houses: [SourceID: SourceHouse]
    let state: CityState

    func answer(_ request: CityRequest) -> CityReply {
        guard request.headers["authorization"] == "Bearer " + token else {
            return reply(401, #"{"error":"show the token printed at start: Authorization: Bearer …"}"#)
        }
        let parts = request.path.split(separator: "/").map(String.init)
        guard let action = parts.first else { return unknown() }
        let rest = Array(parts.dropFirst())
        switch (request.method, action) {
        case ("GET", "state"): return reply(200, stateText(rest.first))
        case ("GET", "ledger"): return ledger(rest, entries: request.query["entries"] != nil)
        case ("POST", "faults"): return faults(rest, requests: request.query["requests"].flatMap { Int($0) })
        case ("POST", "advance"): return advance(rest)
        case ("POST", "windows"), ("POST", "quotas"), ("POST", "personalities"): return live(action, rest)
        default: return unknown()
        }
    }

    private func unknown() -> CityReply {
        reply(
            404,
            #"{"error":"GET /state, /ledger/<id>; POST /faults/<id>/<name>, /advance/<id>, /windows/on, /quotas/on, "#
                + #"/personalities/on; <id>: a source, <source>/<interface>, or all"}"#)
    }

    // MARK: Whom a path means

    /// The houses, and for one interface alone its book; nil when there is none of that name.
    private func meant(_ path: [String]) -> [(house: SourceHouse, book: SourceBook?)]? {
        if path == ["all"] { return sorted.map { ($0, nil) } }
        guard let first = path.first, let house = houses[SourceID(first)] else { return nil }
        switch path.count {
        case 1: return [(house, nil)]
        case 2: return house.books.first { $0.profile.interface == path[1] }.map { [(house, $0)] }
        default: return nil
        }
    }

    private var sorted: [SourceHouse] { houses.values.sorted { $0.number < $1.number } }

    // MARK: Actions

    private func faults(_ path: [String], requests: Int?) -> CityReply {
        guard let name = path.last, let meant = meant(Array(path.dropLast())) else { return unknown() }
        let fault = CityFault(rawValue: name)
        guard fault != nil || name == "none" else {
            let names = CityFault.allCases.map(\.rawValue).joined(separator: ", ")
            return reply(404, #"{"error":"no such switch; there are: none, \#(names)"}"#)
        }
        return done(path) { () throws(CityError) in
            for (house, book) in meant {
                if let book, house.books.count > 1 {
                    book.set(fault, requests: requests)
                } else {
                    try house.set(fault, requests: requests)
                }
            }
            return true
        }
    }

    private func advance(_ path: [String]) -> CityReply {
        guard let meant = meant(path) else { return unknown() }
        return done(path) { () throws(CityError) in
            var some = false
            for (house, book) in meant {
                if let book, house.books.count > 1 {
                    some = book.advance() || some
                } else {
                    some = try house.advance() || some
                }
            }
            return some
        }
    }

    private func live(_ action: String, _ path: [String]) -> CityReply {
        guard let word = path.last, word == "on" || word == "off" else { return unknown() }
        let isOn = word == "on"
        if path.count > 1, action == "personalities", path != ["all", word] {
            guard let meant = meant(Array(path.dropLast())) else { return unknown() }
            for (house, book) in meant { for each in book.map({ [$0] }) ?? house.books { each.setPersonality(isOn) } }
            return reply(200, stateText(path.first))
        }
        guard path.count == 1 || path.first == "all" else { return unknown() }
        state.change { life in
            switch action {
            case "windows": life.windows = isOn
            case "quotas": life.quotas = isOn
            default: life.personalities = isOn
            }
        }
        return reply(200, stateText(nil))
    }

    private func done(_ path: [String], _ body: () throws(CityError) -> Bool) -> CityReply {
        do throws(CityError) {
            return reply(try body() ? 200 : 409, stateText(path.first))
        } catch {
            return reply(500, #"{"error":"the drop folder cannot be written"}"#)
        }
    }

    // MARK: Texts

    private func stateText(_ only: String?) -> String {
        let life = state.life
        let chosen = sorted.filter { only == nil || only == "all" || $0.id.rawValue == only }.flatMap(\.books)
        let lines = chosen.map { book in
            let served = book.served
            let troubles = served.troubles.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
            return #"{"source":"\#(book.profile.id)","interface":"\#(book.profile.interface)","#
                + #""records":\#(book.count),"generation":\#(book.generation),"#
                + #""fault":"\#(book.fault?.rawValue ?? "none")","personality":"\#(book.personality.rawValue)","#
                + #""requests":\#(served.requests),"pages":\#(served.pages),"served_records":\#(served.records),"#
                + #""served_bytes":\#(served.bytes),"troubles":{\#(troubles.joined(separator: ","))}}"#
        }
        return "{\"windows\":\(life.windows),\"quotas\":\(life.quotas),\"personalities\":\(life.personalities),"
            + "\"now\":\"\(state.clock.now)\",\"sources\":[\n" + lines.joined(separator: ",\n") + "\n]}\n"
    }

    /// What a right reader must hold: counts and a digest, or every key with its digest, tab-separated.
    private func ledger(_ path: [String], entries: Bool) -> CityReply {
        guard let meant = meant(path.isEmpty ? ["all"] : path) else { return unknown() }
        let books = meant.flatMap { house, book in book.map { [$0] } ?? house.books }
        var out = TextBuffer()
        for book in books {
            let ledger = book.ledger()
            let name = "\(book.profile.id)\t\(book.profile.interface)\t"
            guard entries else {
                out.raw("\(name)\(ledger.entries.count)\t\(ledger.spoiled.count)\t\(ledger.digest)\n")
                continue
            }
            for entry in ledger.entries { out.raw("\(name)\(entry.key.joined)\t\(entry.digest)\n") }
            for key in ledger.spoiled { out.raw("\(name)\(key.joined)\tspoiled\n") }
        }
        return CityReply("text/tab-separated-values; charset=utf-8", out.bytes)
    }

    private func reply(_ status: Int, _ text: String) -> CityReply {
        CityReply(status: status, "application/json; charset=utf-8", Array(text.utf8))
    }
}
