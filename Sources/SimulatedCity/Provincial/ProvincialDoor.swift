// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import LicenceModel

/// The one port of all provincial rows: finds the row a path belongs to.
struct ProvincialDoor: Sendable {
    private let rows: [String: Dispatcher]
    private let secrets: CitySecrets
    private let state: CityState

    init(_ books: [SourceBook], _ secrets: CitySecrets, _ state: CityState) {
        self.secrets = secrets
        self.state = state
        var rows: [String: Dispatcher] = [:]
        for book in books {
            guard let face = book.profile.face as? ProvincialFace else { continue }
            rows[face.row.path] = Dispatcher(book: book, face: face, secrets: secrets, state: state)
        }
        self.rows = rows
    }

    func answer(_ request: CityRequest) -> CityReply {
        if let row = rows[request.path] { return row.answer(request) }
        if request.path == "/ping" { return CityReply("application/json", Array(#"{"code":"0","message":"ok"}"#.utf8)) }
        // What else there is under a family's beginning are its ways to get a token.
        let family = request.path.split(separator: "/").first.flatMap { ProvincialFamily.all[String($0)] }
        if case .answered(let reply) = family?.access.check(request, secrets, now: state.clock.now) { return reply }
        return CityReply(status: 404, "application/json", Array(#"{"code":"404","message":"接口不存在"}"#.utf8))
    }
}
