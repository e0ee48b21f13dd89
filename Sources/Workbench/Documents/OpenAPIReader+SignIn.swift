// SPDX-License-Identifier: Apache-2.0

extension OpenAPIReader {
    /// How the document says one signs in.
    func signIn(_ operation: SampleNode, _ parameters: [SampleNode]) -> ProposalInput.Authentication {
        let wanted = (operation.member("security") ?? root.member("security"))?.items
        let schemes =
            (isSwagger ? root.member("securityDefinitions") : root.member("components")?.member("securitySchemes"))?
            .members ?? []
        // `{}` among the choices says that it also goes without; who asks for persons' records signs in.
        let name = wanted?.first { !$0.members.isEmpty }?.members.first?.name
        if let name, let scheme = schemes.first(where: { $0.name == name })?.node {
            return read(SchemaExample(root, isSwagger: isSwagger).resolved(scheme))
        }
        // Many documents describe the key as a parameter like any other.
        let key = parameters.first { parameter in
            let plain = NameBook.plain(parameter.member("name")?.text ?? "")
            return parameter.member("in")?.text == "header"
                && (plain == "authorization" || RequestPlanner.credentials.contains { plain.contains($0) })
        }
        if let key = key?.member("name")?.text {
            return NameBook.plain(key) == "authorization" ? .said("a header `\(key)`") : .header(key)
        }
        return wanted?.isEmpty == true ? ProposalInput.Authentication.none : .unknown
    }

    private func read(_ scheme: SampleNode) -> ProposalInput.Authentication {
        let place = scheme.member("name")?.text ?? ""
        let word = scheme.member("scheme")?.text.lowercased()
        switch (scheme.member("type")?.text, scheme.member("in")?.text, word) {
        case ("apiKey", "header", _):
            // `Authorization: Bearer …` is often described as a bare key.
            return NameBook.plain(place) == "authorization" ? .said("a header `\(place)`") : .header(place)
        case ("apiKey", "query", _): return .query(place)
        case ("apiKey", "cookie", _): return .said("a cookie `\(place)`")
        case ("basic", _, _), ("http", _, "basic"): return .basic
        case ("http", _, "bearer"): return .bearer
        case ("oauth2", _, _): return oauth2(scheme)
        case (let type?, _, _): return .said("`\(type)`\(word.map { " `\($0)`" } ?? "")")
        case (nil, _, _): return .unknown
        }
    }

    private func oauth2(_ scheme: SampleNode) -> ProposalInput.Authentication {
        let flow =
            isSwagger
            ? (scheme.member("flow")?.text == "application" ? scheme : nil)
            : scheme.member("flows")?.member("clientCredentials")
        guard let flow, let url = flow.member("tokenUrl")?.text, !url.isEmpty else {
            return .said("OAuth 2 without client credentials")
        }
        let token = RequestSample(url: url)
        return .oauth2(
            path: token.path, origin: token.origin, scope: flow.member("scopes")?.members.map(\.name).first)
    }
}
