// SPDX-License-Identifier: Apache-2.0

/// WSDL 1.1 with its schemas; files it imports have to be given beside it.
struct WSDLReader {
    private let trees: [SampleNode]
    private let elements: [(name: String, node: SampleNode, space: String, qualified: Bool)]
    private let types: [String: SampleNode]
    let names: NameBook

    init(_ files: [[UInt8]], names: NameBook) throws(WorkbenchError) {
        self.names = names
        var trees: [SampleNode] = []
        for bytes in files.prefix(32) {
            if let error = InterfaceDocument.tooLarge(bytes) { throw error }
            let sample = try SampleParser.parse(bytes, charset: nil)
            guard sample.format == .xml, let root = sample.root.members.first else {
                throw WorkbenchError(
                    "workbench.document_unreadable", "the document is no XML", remedy: "Give the WSDL, and its schemas."
                )
            }
            var tree = root.node
            tree.members.append(("#root", SampleNode(kind: .text, text: WSDLReader.local(root.name))))
            trees.append(tree)
        }
        guard trees.contains(where: { $0.member("#root")?.text == "definitions" }) else {
            throw WorkbenchError(
                "workbench.document_unknown", "none of the documents is a WSDL 1.1",
                remedy: "Its root element is `definitions`; WSDL 2.0 (`description`) is not read.")
        }
        self.trees = trees
        var elements: [(name: String, node: SampleNode, space: String, qualified: Bool)] = []
        var types: [String: SampleNode] = [:]
        for schema in trees.flatMap(WSDLReader.schemas) {
            let space = schema.member("@targetNamespace")?.text ?? ""
            let qualified = schema.member("@elementFormDefault")?.text == "qualified"
            for element in WSDLReader.all(schema, "element") {
                elements.append((element.member("@name")?.text ?? "", element, space, qualified))
            }
            for kind in ["complexType", "simpleType"] {
                for type in WSDLReader.all(schema, kind) { types[type.member("@name")?.text ?? ""] = type }
            }
        }
        self.elements = elements
        self.types = types
    }

    func operations() -> [DocumentedOperation] {
        var out: [DocumentedOperation] = []
        let address =
            trees.flatMap { WSDLReader.deep($0, "address") }.compactMap { $0.member("@location")?.text }.first
            ?? "https://example.invalid/"
        for tree in trees {
            for binding in WSDLReader.all(tree, "binding")
            where binding.members.contains(where: { WSDLReader.local($0.name) == "operation" }) {
                let is12 =
                    tree.members.isEmpty
                    ? false : WSDLReader.deep(binding, "body").isEmpty == false && binding.soapVersion12
                for operation in WSDLReader.all(binding, "operation") {
                    guard let name = operation.member("@name")?.text, !out.contains(where: { $0.name == name }) else {
                        continue
                    }
                    let action = WSDLReader.all(operation, "operation").first?.member("@soapAction")?.text
                    out.append(read(name, action, address, is12))
                }
            }
        }
        return out
    }

    private func read(_ name: String, _ action: String?, _ address: String, _ is12: Bool) -> DocumentedOperation {
        let ports = trees.flatMap { WSDLReader.all($0, "portType") }.flatMap { WSDLReader.all($0, "operation") }
        let port = ports.first { $0.member("@name")?.text == name }
        let envelope = is12 ? "http://www.w3.org/2003/05/soap-envelope" : "http://schemas.xmlsoap.org/soap/envelope/"
        func wrapped(_ content: String) -> String {
            "<s:Envelope xmlns:s=\"\(envelope)\"><s:Body>\(content)</s:Body></s:Envelope>"
        }
        let input = message(port, "input").map { wrapped(example($0, isRequest: true)) }
        let output = message(port, "output").map { wrapped(example($0, isRequest: false)) }
        var score = 0
        if let output {
            var space = NamespaceBook()
            let tree = SampleParser.document(Array(output.utf8), isXML: true, &space, depth: 0)
            if let best = tree.flatMap({ ListFinder(names: names).candidates($0).first }) {
                score = (best.records.first?.members.count { names.isKnown($0.name) } ?? 0) * 2 + (best.isList ? 3 : 0)
            }
        }
        return DocumentedOperation(
            name: name,
            request: RequestSample(
                method: "POST", url: address, body: input, action: action?.isEmpty == false ? action : nil),
            authentication: .unknown, answer: score > 0 ? output.map { Array($0.utf8) } : nil, score: score, title: nil)
    }

    private func message(_ port: SampleNode?, _ way: String) -> String? {
        guard let wanted = port.flatMap({ WSDLReader.all($0, way).first })?.member("@message")?.text else { return nil }
        let messages = trees.flatMap { WSDLReader.all($0, "message") }
        let message = messages.first { $0.member("@name")?.text == WSDLReader.local(wanted) }
        return message.flatMap { WSDLReader.all($0, "part").first }?.member("@element")?.text
    }

    /// An element with example values, in its namespace.
    private func example(_ reference: String, isRequest: Bool) -> String {
        guard let found = elements.first(where: { $0.name == WSDLReader.local(reference) }) else { return "" }
        let prefix = found.space.isEmpty ? "" : "q:"
        let declared = found.space.isEmpty ? "" : " xmlns:q=\"\(found.space)\""
        let inner = content(found.node, found.qualified ? prefix : "", isRequest, 0)
        return "<\(prefix)\(found.name)\(declared)>\(inner)</\(prefix)\(found.name)>"
    }

    private func content(_ element: SampleNode, _ prefix: String, _ isRequest: Bool, _ depth: Int) -> String {
        guard depth < 10 else { return "" }
        let typeName = WSDLReader.local(element.member("@type")?.text ?? "")
        let type = WSDLReader.all(element, "complexType").first ?? types[typeName]
        guard let type else { return scalar(element.member("@name")?.text ?? "", typeName, isRequest) }
        var out = ""
        for child in WSDLReader.deep(type, "element").prefix(300) {
            var node = child
            if let reference = child.member("@ref")?.text,
                let found = elements.first(where: { $0.name == WSDLReader.local(reference) })
            {
                node = found.node
            }
            let name = node.member("@name")?.text ?? "item"
            let most = child.member("@maxOccurs")?.text ?? "1"
            let times = !isRequest && (most == "unbounded" || (Int(most) ?? 1) > 1) ? 2 : 1
            for _ in 0..<times {
                out += "<\(prefix)\(name)>\(content(node, prefix, isRequest, depth + 1))</\(prefix)\(name)>"
            }
        }
        return out
    }

    private func scalar(_ name: String, _ type: String, _ isRequest: Bool) -> String {
        let plain = NameBook.plain(name)
        switch type {
        case "int", "integer", "long", "short", "positiveInteger", "nonNegativeInteger", "unsignedInt":
            return Envelope.sizeNames.contains(plain)
                ? "100"
                : Envelope.totalNames.contains(plain) ? "1000" : Envelope.statusNames.contains(plain) ? "0" : "1"
        case "boolean": return "true"
        case "date": return "2026-01-31"
        case "dateTime": return "2026-01-31T08:00:00+08:00"
        default:
            return Envelope.statusNames.contains(plain)
                ? "0"
                : isRequest && Envelope.pageNames.contains(plain)
                    ? "1" : isRequest && Envelope.sizeNames.contains(plain) ? "100" : isRequest ? "0" : ""
        }
    }

    // MARK: - The tree

    static func local(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }

    static func all(_ node: SampleNode, _ name: String) -> [SampleNode] {
        node.members.filter { local($0.name) == name }.flatMap { $0.node.kind == .list ? $0.node.items : [$0.node] }
    }

    /// Every element of a name below, those inside one of them left out.
    static func deep(_ node: SampleNode, _ name: String, depth: Int = 0) -> [SampleNode] {
        guard depth < 24 else { return [] }
        var out: [SampleNode] = []
        for (key, child) in node.members {
            let nodes = child.kind == .list ? child.items : [child]
            for one in nodes { out += local(key) == name ? [one] : deep(one, name, depth: depth + 1) }
        }
        return out
    }

    private static func schemas(_ tree: SampleNode) -> [SampleNode] {
        tree.member("#root")?.text == "schema" ? [tree] : deep(tree, "schema")
    }
}

extension SampleNode {
    /// True when the binding's own SOAP element is of the namespace of WSDL's SOAP 1.2 binding.
    fileprivate var soapVersion12: Bool {
        WSDLReader.all(self, "binding").first?.member("@transport")?.text.contains("/2010/") == true
    }
}
