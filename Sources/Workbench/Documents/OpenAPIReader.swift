// SPDX-License-Identifier: Apache-2.0

/// OpenAPI 3.x and Swagger 2.0, JSON or YAML; `$ref` within the document only.
struct OpenAPIReader {
    let root: SampleNode
    let names: NameBook
    /// Swagger 2 says body, host and types elsewhere.
    let isSwagger: Bool

    init(_ bytes: [UInt8], names: NameBook) throws(WorkbenchError) {
        if let error = InterfaceDocument.tooLarge(bytes) { throw error }
        self.names = names
        root = try OpenAPIReader.tree(bytes)
        let version = (root.member("openapi") ?? root.member("swagger"))?.text ?? ""
        isSwagger = root.member("swagger") != nil
        guard version.hasPrefix("3.") && !isSwagger || version.hasPrefix("2.") && isSwagger else {
            throw WorkbenchError(
                "workbench.document_unknown",
                version.isEmpty
                    ? "the document is neither OpenAPI nor Swagger: it has no `openapi` and no `swagger`"
                    : "the document's version is neither OpenAPI 3 nor Swagger 2",
                remedy: "Convert it to OpenAPI 3, or give a sample answer instead.")
        }
    }

    private static func tree(_ bytes: [UInt8]) throws(WorkbenchError) -> SampleNode {
        let text = String(decoding: bytes, as: UTF8.self)
        let first = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" }
        if first == "<" {
            throw InterfaceDocument.unreadable(
                "the document is XML or a web page", remedy: "A WSDL goes to `--wsdl`; else save the document itself.")
        }
        let root: SampleNode
        if first == "{" {
            var space = NamespaceBook()
            guard let read = SampleParser.document(bytes, isXML: false, &space, depth: 3) else {
                // Said with its place, as for a sample.
                do throws(WorkbenchError) { _ = try SampleParser.parse(bytes, charset: nil) } catch {
                    throw InterfaceDocument.unreadable(error)
                }
                throw InterfaceDocument.unreadable("the document is no JSON that can be read", remedy: "Save it anew.")
            }
            root = read
        } else {
            root = try YAMLTree.read(text)
        }
        guard root.kind == .object else {
            throw InterfaceDocument.unreadable(
                "the document is neither JSON nor YAML that can be read",
                remedy: "Its first level is made of names such as `openapi`, `info` and `paths`.")
        }
        return root
    }

    func operations() -> [DocumentedOperation] {
        var out: [DocumentedOperation] = []
        for (path, item) in (root.member("paths")?.members ?? []).prefix(2000) {
            let item = SchemaExample(root, isSwagger: isSwagger).resolved(item)
            for method in ["get", "post"] {
                guard let operation = item.member(method) else { continue }
                out.append(read(path, method, item, operation))
            }
        }
        return out
    }

    // MARK: - One operation

    private func read(_ path: String, _ method: String, _ item: SampleNode, _ operation: SampleNode)
        -> DocumentedOperation
    {
        let example = SchemaExample(root, isSwagger: isSwagger)
        let own = (operation.member("parameters")?.items ?? []).map { example.resolved($0) }
        // An operation's parameter stands for the path's of the same name.
        let shared = (item.member("parameters")?.items ?? []).map { example.resolved($0) }.filter { one in
            !own.contains {
                $0.member("name")?.text == one.member("name")?.text && $0.member("in")?.text == one.member("in")?.text
            }
        }
        let parameters = shared + own
        func sent(_ place: String) -> [String] {
            parameters.filter { $0.member("in")?.text == place }.map { parameter in
                let name = parameter.member("name")?.text ?? ""
                return RequestSample.encoded(name) + "=" + RequestSample.encoded(example.text(parameter, name))
            }
        }
        let query = sent("query")
        let base = server(operation, item)
        let url =
            (base.hasSuffix("/") ? String(base.dropLast()) : base) + path
            + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        let form = sent("formData")
        let body =
            form.isEmpty
            ? requestBody(operation, parameters.first { $0.member("in")?.text == "body" }, example)
            : form.joined(separator: "&")
        let response = answer(operation, example)
        let text = response.map { ExampleWriter.json($0) }
        return DocumentedOperation(
            name: "\(method.uppercased()) \(path)",
            request: RequestSample(method: method.uppercased(), url: url, body: body),
            authentication: signIn(operation, parameters),
            answer: text.map { Array($0.utf8) }, score: response.map(score) ?? 0,
            title: root.member("info")?.member("title")?.text.trimmed, missing: example.missing)
    }

    /// The address the operation's paths stand below, with the defaults of its variables.
    private func server(_ operation: SampleNode, _ item: SampleNode) -> String {
        if isSwagger {
            let schemes = root.member("schemes")?.items.map(\.text) ?? []
            let host = root.member("host")?.text ?? ""
            let path = root.member("basePath")?.text ?? ""
            let scheme = schemes.contains("https") ? "https" : schemes.first ?? "https"
            return (host.isEmpty ? InterfaceDocument.nowhere : scheme + "://" + host) + (path == "/" ? "" : path)
        }
        let servers = [operation, item, root].compactMap { $0.member("servers")?.items.first }
        guard let server = servers.first, var url = server.member("url")?.text else { return InterfaceDocument.nowhere }
        for (name, variable) in server.member("variables")?.members ?? [] {
            let value = (variable.member("default") ?? variable.member("enum")?.items.first)?.text ?? name
            while let range = url.firstRange(ofText: "{\(name)}") { url = url.replacing(range, value) }
        }
        if url.hasPrefix("http://") || url.hasPrefix("https://") { return url }
        if url.hasPrefix("//") { return "https:" + url }
        return InterfaceDocument.nowhere + (url.hasPrefix("/") ? url : "/" + url)
    }

    private func requestBody(_ operation: SampleNode, _ parameter: SampleNode?, _ example: SchemaExample) -> String? {
        if let schema = parameter?.member("schema") {
            return ExampleWriter.json(example.value(schema, "", forRequest: true))
        }
        guard let body = operation.member("requestBody").map({ example.resolved($0) }) else { return nil }
        if let json = content(body, example) {
            return ExampleWriter.json(example.value(json.schema, "", example: json.example, forRequest: true))
        }
        let form = body.member("content")?.members.first { $0.name.contains("form") }?.node.member("schema")
        guard let form else { return nil }
        return example.value(form, "", forRequest: true).members.map {
            RequestSample.encoded($0.name) + "=" + RequestSample.encoded($0.node.text)
        }.joined(separator: "&")
    }

    private func answer(_ operation: SampleNode, _ example: SchemaExample) -> SampleNode? {
        let responses = operation.member("responses")?.members ?? []
        let good = responses.filter { $0.name.hasPrefix("2") } + responses.filter { $0.name == "default" }
        for one in good {
            let response = example.resolved(one.node)
            if isSwagger {
                let given = response.member("examples")?.members.first { $0.name.contains("json") }?.node
                guard let schema = response.member("schema") ?? given else { continue }
                return example.value(schema, "", example: given)
            }
            if let found = content(response, example) {
                return example.value(found.schema, "", example: found.example)
            }
        }
        return nil
    }

    private func content(_ holder: SampleNode, _ example: SchemaExample) -> (schema: SampleNode, example: SampleNode?)?
    {
        let kinds = holder.member("content")?.members ?? []
        let json = kinds.first { $0.name.contains("json") } ?? kinds.first { $0.name == "*/*" }
        guard let json = json?.node else { return nil }
        let named = (json.member("examples")?.members.first?.node).map { example.resolved($0).member("value") }
        let given = json.member("example") ?? named ?? nil
        guard let schema = json.member("schema") ?? given else { return nil }
        return (schema, given)
    }

    private func score(_ node: SampleNode) -> Int {
        guard let best = ListFinder(names: names).candidates(node).first else { return 0 }
        let known = best.records.first?.members.count { names.isKnown($0.name) } ?? 0
        return known * 2 + (best.isList ? 3 : 0)
    }
}
