// SPDX-License-Identifier: Apache-2.0

/// Puts a source's switch before its face: the faults that no source knows of itself.
struct Dispatcher: Sendable {
    let book: SourceBook
    let face: any SourceFace
    let secrets: CitySecrets
    let slowPause: Int

    func answer(_ request: CityRequest) -> CityReply {
        let fault = book.faultOfNextRequest()
        var reply = plain(request, fault)
        switch fault {
        case .slow: reply.delivery = .drip(slowPause)
        case .truncated: reply.delivery = .cut
        case .reset: reply.delivery = .reset
        default: break
        }
        book.count(bytes: reply.body.count)
        return reply
    }

    private func plain(_ request: CityRequest, _ fault: CityFault?) -> CityReply {
        switch fault {
        case .htmlWith200: return CityReply("text/html; charset=utf-8", Array(Self.loginPage.utf8))
        case .unavailable:
            var reply = CityReply(status: 503, "text/plain; charset=utf-8", Array("维护中\n".utf8))
            reply.headers.append(("Retry-After", "2"))
            return reply
        case .unauthorised: return face.refuse()
        default: break
        }
        guard face.lets(in: request, secrets) else { return face.refuse() }
        return face.answer(request, book, fault)
    }

    static let loginPage = """
        <!DOCTYPE html><html><head><meta charset="utf-8"><title>统一身份认证</title></head>
        <body><form action="/login" method="post"><input name="username"><input name="password" type="password">
        <button>登录</button></form></body></html>

        """
}
