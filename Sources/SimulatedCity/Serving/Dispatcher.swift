// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel

/// Puts windows, quotas, habits and switches before an interface's face: the troubles that no source knows of itself.
struct Dispatcher: Sendable {
    let book: SourceBook
    let face: any SourceFace
    let secrets: CitySecrets
    let state: CityState

    func answer(_ request: CityRequest) -> CityReply {
        let (life, now) = (state.life, state.clock.now)
        let fault = book.faultOfNextRequest(life)
        var reply = closed(life, now) ?? plain(request, fault, now)
        switch fault {
        case .slow: reply.delivery = .drip(isHabit ? max(1, state.slowPause / 10) : state.slowPause)
        case .truncated: reply.delivery = .cut
        // On a port that many interfaces share, nobody can refuse connections for one of them alone.
        case .reset, .down: reply.delivery = .reset
        default: if drifts(life) { drift(&reply) }
        }
        book.count(bytes: reply.body.count)
        return reply
    }

    private var isHabit: Bool { book.fault == nil }

    // MARK: Closed

    private func closed(_ life: CityLife, _ now: Timestamp) -> CityReply? {
        if life.windows, let end = book.profile.downtime?.end(containing: now) {
            book.count(trouble: "window")
            return unavailable(503, after: max(1, (end.milliseconds - now.milliseconds) / 1000), "系统维护中")
        }
        let minute = (now.milliseconds / 60_000 + 480) % 1440
        if life.personalities, book.hasPersonality, book.personality == .nightlyDown,
            Personality.night(of: book.profile.number, seed: secrets.seed).contains(Int(minute))
        {
            book.count(trouble: "nightly_down")
            return unavailable(503, after: 300, "服务暂不可用")
        }
        let day = (now.milliseconds / 1000 + 28_800) / 86_400
        if life.quotas, book.exceedsQuota(day: day) {
            return unavailable(429, after: (day + 1) * 86_400 - 28_800 - now.milliseconds / 1000, "超出当日调用配额")
        }
        return nil
    }

    private func unavailable(_ status: Int, after seconds: Int64, _ words: String) -> CityReply {
        var reply = CityReply(status: status, "text/plain; charset=utf-8", Array((words + "\n").utf8))
        reply.headers.append(("Retry-After", String(seconds)))
        return reply
    }

    // MARK: Open

    private func plain(_ request: CityRequest, _ fault: CityFault?, _ now: Timestamp) -> CityReply {
        switch fault {
        case .htmlWith200: return CityReply("text/html; charset=utf-8", Array(Self.loginPage.utf8))
        case .unavailable: return unavailable(503, after: 2, "维护中")
        case .unauthorised: return face.refuse()
        default: break
        }
        switch book.profile.access.check(request, secrets, now: now) {
        case .admitted: return face.answer(request, book, fault)
        case .refused: return face.refuse()
        case .answered(let reply): return reply
        }
    }

    // MARK: Drift

    private func drifts(_ life: CityLife) -> Bool {
        life.personalities && book.hasPersonality && book.personality == .drifting && book.served.requests % 3 == 0
    }

    /// A field in the envelope, or an attribute of the root, that no document names.
    private func drift(_ reply: inout CityReply) {
        if reply.body.first == UInt8(ascii: "{"), reply.body.count > 2 {
            reply.body.insert(contentsOf: Array(#""_rev":"2","#.utf8), at: 1)
        } else if let name = reply.body.firstRange(of: Array("Envelope ".utf8)) {
            reply.body.insert(contentsOf: Array(#"rev="2" "#.utf8), at: name.upperBound)
        } else {
            return
        }
        book.count(trouble: "drifting")
    }

    static let loginPage = """
        <!DOCTYPE html><html><head><meta charset="utf-8"><title>统一身份认证</title></head>
        <body><form action="/login" method="post"><input name="username"><input name="password" type="password">
        <button>登录</button></form></body></html>

        """
}
