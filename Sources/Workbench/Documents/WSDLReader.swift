// SPDX-License-Identifier: Apache-2.0

/// WSDL 1.1 over SOAP, document or RPC style; files it imports have to be given beside it.
struct WSDLReader {
    private static let soap11 = "http://schemas.xmlsoap.org/wsdl/soap/"
    private static let soap12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
    private static let filesMax = 64

    private let files: [WSDLFile]
    let names: NameBook

    init(_ documents: [[UInt8]], names: NameBook) throws(WorkbenchError) {
        self.names = names
        guard documents.count <= WSDLReader.filesMax else {
            throw WorkbenchError(
                "workbench.document_too_large", "the document has more than \(WSDLReader.filesMax) files",
                remedy: "Leave out the schemas of operations you do not need.")
        }
        var files: [WSDLFile] = []
        for bytes in documents { files.append(try WSDLFile(bytes)) }
        guard files.contains(where: { $0.root == "definitions" }) else {
            throw WorkbenchError(
                "workbench.document_unknown", "none of the documents is a WSDL 1.1",
                remedy: "Its root element is `definitions`; WSDL 2.0 (`description`) is not read.")
        }
        self.files = files
    }

    /// A binding over SOAP, and what an operation needs of it.
    private struct Binding {
        var node: SampleNode
        var is12: Bool
        var isRPC: Bool
        var portType: String
        var address: String
    }

    func operations() -> [DocumentedOperation] {
        var out: [DocumentedOperation] = []
        var seen: Set<String> = []
        for binding in bindings() {
            for operation in WSDLReader.all(binding.node, "operation") {
                guard let name = operation.member("@name")?.text else { continue }
                // SOAP 1.1 and 1.2 describe the same operations; two port types may share a name.
                guard seen.insert(binding.portType + "." + name).inserted else { continue }
                let isTaken = out.contains { $0.name == name }
                out.append(read(isTaken ? binding.portType + "." + name : name, operation, binding))
            }
        }
        return out
    }

    private func bindings() -> [Binding] {
        var out: [Binding] = []
        for file in files {
            for node in WSDLReader.all(file.tree, "binding") {
                let own = node.members.first { name, _ in
                    WSDLReader.local(name) == "binding" && [Self.soap11, Self.soap12].contains(file.space(name))
                }
                guard let own else { continue }
                let name = node.member("@name")?.text ?? ""
                out.append(
                    Binding(
                        node: node, is12: file.space(own.name) == Self.soap12,
                        isRPC: own.node.member("@style")?.text == "rpc",
                        portType: WSDLReader.local(node.member("@type")?.text ?? ""), address: address(name)))
            }
        }
        return out
    }

    /// Where the service of a binding listens.
    private func address(_ binding: String) -> String {
        let ports = files.flatMap { WSDLReader.all($0.tree, "service") }.flatMap { WSDLReader.all($0, "port") }
        let port = ports.first { WSDLReader.local($0.member("@binding")?.text ?? "") == binding } ?? ports.first
        let location = port.flatMap { WSDLReader.all($0, "address").first?.member("@location")?.text }?.trimmed ?? ""
        return location.hasPrefix("http") ? location : InterfaceDocument.nowhere + "/"
    }

    private func read(_ name: String, _ operation: SampleNode, _ binding: Binding) -> DocumentedOperation {
        let own = operation.member("@name")?.text ?? ""
        let types = files.flatMap { WSDLReader.all($0.tree, "portType") }
        let type = types.first { $0.member("@name")?.text == binding.portType } ?? types.first
        let port = type.flatMap { type in
            WSDLReader.all(type, "operation").first { $0.member("@name")?.text == own }
        }
        let soap = WSDLReader.all(operation, "operation").first
        let isRPC = soap?.member("@style").map { $0.text == "rpc" } ?? binding.isRPC
        let envelope =
            binding.is12 ? "http://www.w3.org/2003/05/soap-envelope" : "http://schemas.xmlsoap.org/soap/envelope/"
        let schemas = WSDLSchemas(files)
        func message(_ way: String) -> String? {
            let isRequest = way == "input"
            let parts = parts(port, way)
            let body = WSDLReader.all(operation, way).first.flatMap { WSDLReader.deep($0, "body").first }
            let content: String?
            if isRPC {
                content = schemas.call(
                    isRequest ? own : own + "Response", space: body?.member("@namespace")?.text ?? "",
                    parts: parts.compactMap { part in
                        part.member("@type").map { (part.member("@name")?.text ?? "part", $0.text) }
                    }, isRequest: isRequest)
            } else {
                let wanted = body?.member("@parts")?.text
                let part = parts.first { $0.member("@name")?.text == wanted } ?? parts.first
                content = part?.member("@element").flatMap { schemas.element($0.text, isRequest: isRequest) }
            }
            return content.map { "<s:Envelope xmlns:s=\"\(envelope)\"><s:Body>\($0)</s:Body></s:Envelope>" }
        }
        let input = message("input")
        let output = message("output")
        let score = output.map(score) ?? 0
        let action = soap?.member("@soapAction")?.text ?? ""
        return DocumentedOperation(
            name: name,
            request: RequestSample(
                method: "POST", url: binding.address, body: input, action: action.isEmpty ? nil : action),
            authentication: .unknown, answer: score > 0 ? output.map { Array($0.utf8) } : nil, score: score,
            title: nil, missing: schemas.missing.map { $0 + elsewhere })
    }

    /// Where what is missing may be declared.
    private var elsewhere: String {
        let places = Array(Set(files.flatMap(\.imports))).sorted().prefix(8)
        return places.isEmpty ? "" : " (imported: \(places.joined(separator: ", ")))"
    }

    private func parts(_ port: SampleNode?, _ way: String) -> [SampleNode] {
        guard let wanted = port.flatMap({ WSDLReader.all($0, way).first })?.member("@message")?.text else { return [] }
        let messages = files.flatMap { WSDLReader.all($0.tree, "message") }
        let message = messages.first { $0.member("@name")?.text == WSDLReader.local(wanted) }
        return message.map { WSDLReader.all($0, "part") } ?? []
    }

    private func score(_ output: String) -> Int {
        var space = NamespaceBook()
        let tree = SampleParser.document(Array(output.utf8), isXML: true, &space, depth: 0)
        guard let best = tree.flatMap({ ListFinder(names: names).candidates($0).first }) else { return 0 }
        return (best.records.first?.members.count { names.isKnown($0.name) } ?? 0) * 2 + (best.isList ? 3 : 0)
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
}
