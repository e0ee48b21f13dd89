// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import SourceDocument

extension ManifestBuilder {
    /// A request out of a block with `method`, `path`, `query`, `headers` and `body`.
    mutating func request(_ block: Block, allowed: PlaceholderSet, defaultMethod: String) -> RequestPlan? {
        let method = block.text("method") ?? defaultMethod
        if method != "POST", block.has("body") {
            conflict(block, "body", "a \(method) has no body", "Say `method: POST` or remove the body.")
        }
        let query = entries(block, "query")
        let headers = entries(block, "headers")
        for pair in block.pairs("headers") { checkHeader(pair.key, pair.value, pair.spot) }
        let body = block.block("body").flatMap { bodyPlan($0, allowed) }
        guard let path = block.template("path") else { return nil }
        if !path.source.hasPrefix("/") {
            findings.add(
                "manifest.bad_text", at: block.spot("path"), "a path begins with `/`", "Write it below the base URL.")
        }
        if path.source.contains("?") || path.source.contains("#") {
            findings.add(
                "manifest.bad_text", at: block.spot("path"), "a query stands in the path", "Put it into `query`.")
        }
        warnOfPersonalValues(path, block.spot("path"))
        for pair in block.pairs("query") {
            if let template = try? Template.parse(pair.value).get() { warnOfPersonalValues(template, pair.spot) }
        }
        return RequestPlan(method: method, path: path, query: query, headers: headers, body: body)
    }

    private func entries(_ block: Block, _ key: String) -> [RequestPlan.Entry] {
        block.pairs(key).compactMap { pair in
            (try? Template.parse(pair.value).get()).map { RequestPlan.Entry(name: pair.key, value: $0) }
        }
    }

    private mutating func checkHeader(_ name: String, _ value: String, _ spot: Spot) {
        let sensitive = ["authorization", "cookie", "token", "secret", "password", "api-key", "apikey", "app-key"]
        let lower = name.lowercased()
        guard sensitive.contains(where: lower.contains), !value.contains("${secret:"), !value.contains("${token}")
        else { return }
        findings.add(
            "manifest.secret_literal", at: spot, "the header `\(shown(name))` looks like a secret written out",
            "Write `${secret:name}` and put the value where secrets are kept.")
    }

    private mutating func warnOfPersonalValues(_ template: Template, _ spot: Spot) {
        guard let personal = template.placeholders.first(where: \.kind.isPersonal) else { return }
        findings.add(
            "manifest.personal_value_in_url", at: spot, "`\(personal.text)` stands in an address",
            "Ask the owner for a POST: addresses are logged by every proxy on the way.", severity: .warning,
            consequence: "Works, but somebody's log will hold it")
    }

    private mutating func bodyPlan(_ block: Block, _ allowed: PlaceholderSet) -> BodyPlan? {
        guard let kind = block.text("kind").flatMap(BodyPlan.Kind.init(rawValue:)) else { return nil }
        if kind == .form {
            if !block.has("fields") { need(block, "fields", "`kind: form` needs them") }
            if block.has("template") { conflict(block, "template", "a form has `fields`, no template", "Remove it.") }
        } else {
            if !block.has("template") { need(block, "template", "`kind: \(kind.rawValue)` needs it") }
            if block.has("fields") { conflict(block, "fields", "only a form has `fields`", "Remove them.") }
        }
        if block.has("action"), kind != .soap11, kind != .soap12 {
            conflict(block, "action", "only SOAP has an action", "Remove it.")
        }
        let plan = BodyPlan(
            kind: kind, template: block.template("template"), fields: entries(block, "fields"),
            action: block.text("action"))
        // A body may carry its own signature wherever one is made at all.
        let fitting = allowed.allowed + (allowed.allowed.contains(.token) ? [.signature] : [])
        for stranger in plan.placeholders where !fitting.contains(stranger.kind) {
            findings.add(
                "manifest.placeholder_not_here", at: block.spot(kind == .form ? "fields" : "template"),
                "`\(stranger.text)` has no value in this request",
                "Placeholders here: \(allowed.allowed.map { "${\($0.rawValue)\($0.isNamed ? ":name" : "")}" }.joined(separator: ", "))."
            )
        }
        if let template = plan.template { checkBody(template, kind, block.spot("template")) }
        return plan
    }

    /// A template must be a document of its kind whatever the values are.
    private mutating func checkBody(_ template: Template, _ kind: BodyPlan.Kind, _ spot: Spot) {
        guard kind != .form else { return }
        let sample = template.render { one in one.kind.isNumeric ? "1" : "a b" } ?? ""
        let text = kind == .json ? sample : "<body>\(sample)</body>"
        guard let problem = documentProblem(text, isJSON: kind == .json) else { return }
        findings.add(
            "manifest.bad_body", at: spot, "the template is no \(kind == .json ? "JSON" : "XML"): \(problem)",
            kind == .json
                ? "Placeholders of text stand inside quotes." : "Each prefix needs its `xmlns` in the template.")
    }

    private func documentProblem(_ text: String, isJSON: Bool) -> String? {
        do throws(DocumentError) {
            let path =
                isJSON ? StreamPath.whole : try StreamPath("/body", language: .xPath)
            let reader = try DocumentReader(format: isJSON ? .json : .xml, records: path)
            var events = try reader.feed(Array(text.utf8))
            events += try reader.finish().events
            for case .reject(let reject) in events { return reject.error.diagnostic.what }
            return nil
        } catch {
            return error.scope == .configuration ? nil : error.diagnostic.what
        }
    }
}
