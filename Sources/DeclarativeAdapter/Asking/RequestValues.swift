// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import Transport

/// What the placeholders of one request stand for.
struct RequestValues {
    var values: [Placeholder.Kind: String] = [:]
    let settings: any AdapterSettings

    subscript(kind: Placeholder.Kind) -> String? {
        get { values[kind] }
        set { values[kind] = newValue }
    }

    func text(_ placeholder: Placeholder) -> String? {
        switch placeholder.kind {
        case .config: placeholder.name.flatMap { settings.setting($0) }
        case .secret: placeholder.name.flatMap { settings.secret($0)?.revealed }
        default: values[placeholder.kind]
        }
    }
}

/// A request with everything filled in.
struct PreparedRequest {
    var method: HTTPMethod
    var url: String
    var headers: HeaderFields
    var body: [UInt8]?
    var basic: ExchangeRequest.Basic?
    /// What it was made from, for the values that are known only when it leaves.
    var plan: RequestPlan?
    var values: RequestValues?
    var tokenNumber: Int?
    /// True for a declared link to another origin.
    var isElsewhere = false
}

extension RequestPlan {
    /// Fills a request in, all but who we are; `extra` are the query parameters that paging adds.
    func prepare(
        _ values: RequestValues, base: BaseAddress, format accept: String, extra: [(String, String)] = []
    ) -> PreparedRequest {
        var query = self.query.compactMap { entry in entry.value.render(values.text).map { (entry.name, $0) } }
        query += extra
        var headers = HeaderFields()
        if !self.headers.contains(where: { $0.name.lowercased() == "accept" }) { headers.append("Accept", accept) }
        for entry in self.headers {
            guard let text = entry.value.render(values.text) else { continue }
            if entry.value.placeholders.contains(where: { $0.kind == .secret || $0.kind.isPersonal }) {
                headers.append(entry.name, secret: Secret(text))
            } else {
                headers.append(entry.name, text)
            }
        }
        var url = base.url(path.renderPath(values))
        if !query.isEmpty {
            url += "?" + query.map { PercentText.escape($0.0) + "=" + PercentText.escape($0.1) }.joined(separator: "&")
        }
        let content = body?.render(values)
        for (name, text) in content?.headers ?? [] { headers.append(name, text) }
        return PreparedRequest(
            method: HTTPMethod(rawValue: method) ?? .get, url: url, headers: headers, body: content?.bytes, plan: self,
            values: values)
    }
}

extension Template {
    /// A path with every segment whose placeholder has no value left out: the first page has no token yet.
    fileprivate func renderPath(_ values: RequestValues) -> String {
        if let whole = render(values.text, escape: PercentText.escape) { return whole }
        let segments = source.split(separator: "/", omittingEmptySubsequences: true).compactMap { segment in
            (try? Template.parse(String(segment)).get())?.render(values.text, escape: PercentText.escape)
        }
        return "/" + segments.joined(separator: "/")
    }
}

extension BodyPlan {
    func render(_ values: RequestValues) -> (bytes: [UInt8], headers: [(String, String)]) {
        func filled(_ escape: (String) -> String) -> String {
            template?.render({ values.text($0) ?? "" }, escape: escape) ?? ""
        }
        switch kind {
        case .json: return (Array(filled(JSONText.escape).utf8), [("Content-Type", "application/json; charset=utf-8")])
        case .xml: return (Array(filled(XMLText.escape).utf8), [("Content-Type", "application/xml; charset=utf-8")])
        case .form:
            let pairs = fields.compactMap { entry in entry.value.render(values.text).map { (entry.name, $0) } }
            let text = pairs.map { PercentText.escape($0.0) + "=" + PercentText.escape($0.1) }.joined(separator: "&")
            return (Array(text.utf8), [("Content-Type", "application/x-www-form-urlencoded")])
        case .soap11:
            let text = BodyPlan.envelope("http://schemas.xmlsoap.org/soap/envelope/", filled(XMLText.escape))
            let action = [("SOAPAction", "\"\(self.action ?? "")\"")]
            return (Array(text.utf8), [("Content-Type", "text/xml; charset=utf-8")] + action)
        case .soap12:
            let text = BodyPlan.envelope("http://www.w3.org/2003/05/soap-envelope", filled(XMLText.escape))
            let action = self.action.map { "; action=\"\($0)\"" } ?? ""
            return (Array(text.utf8), [("Content-Type", "application/soap+xml; charset=utf-8\(action)")])
        }
    }

    private static func envelope(_ namespace: String, _ body: String) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"\(namespace)\"><soap:Body>"
            + body + "</soap:Body></soap:Envelope>"
    }
}
