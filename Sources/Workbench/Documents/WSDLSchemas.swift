// SPDX-License-Identifier: Apache-2.0

/// One file of a WSDL: its root element, and which namespace each prefix of the tree stands for.
struct WSDLFile {
    var root: String
    var tree: SampleNode
    private let spaces: [String: String]

    init(_ bytes: [UInt8]) throws(WorkbenchError) {
        if let error = InterfaceDocument.tooLarge(bytes) { throw error }
        let sample: ParsedSample
        do throws(WorkbenchError) {
            sample = try SampleParser.parse(bytes, charset: nil)
        } catch {
            throw InterfaceDocument.unreadable(error)
        }
        guard sample.format == .xml, let root = sample.root.members.first else {
            throw InterfaceDocument.unreadable(
                "the document is no XML", remedy: "Give the WSDL, and its schemas; OpenAPI goes to `--openapi`.")
        }
        self.root = WSDLReader.local(root.name)
        tree = root.node
        spaces = Dictionary(sample.names.declared.map { ($0.prefix, $0.uri) }) { first, _ in first }
    }

    /// The namespace of a member's name.
    func space(_ name: String) -> String {
        let parts = name.split(separator: ":")
        return parts.count == 2 ? spaces[String(parts[0])] ?? "" : ""
    }

    var schemas: [SampleNode] { root == "schema" ? [tree] : WSDLReader.deep(tree, "schema") }
    /// Where the files are that this one imports or includes.
    var imports: [String] {
        ["import", "include"].flatMap { WSDLReader.deep(tree, $0) }
            .compactMap { ($0.member("@schemaLocation") ?? $0.member("@location"))?.text }
    }
}

/// A declaration and the namespace its schema is for.
struct SchemaItem {
    var node: SampleNode
    var space: String
    /// True when elements inside are named with the namespace.
    var isQualified: Bool
}

/// The schemas of a WSDL, and documents made of them.
final class WSDLSchemas {
    private var elements: [String: [SchemaItem]] = [:]
    private var types: [String: [SchemaItem]] = [:]
    private var groups: [String: [SchemaItem]] = [:]
    private var left = InterfaceDocument.valuesMax
    private var open: [String] = []
    private var spaces: [String] = []
    /// Names that are used and nowhere declared.
    private(set) var missing: [String] = []

    init(_ files: [WSDLFile]) {
        for schema in files.flatMap(\.schemas) {
            let space = schema.member("@targetNamespace")?.text ?? ""
            let isQualified = schema.member("@elementFormDefault")?.text == "qualified"
            func add(_ kind: String, _ table: inout [String: [SchemaItem]]) {
                for node in WSDLReader.all(schema, kind) {
                    table[node.member("@name")?.text ?? "", default: []].append(
                        SchemaItem(node: node, space: space, isQualified: isQualified))
                }
            }
            add("element", &elements)
            add("complexType", &types)
            add("simpleType", &types)
            add("group", &groups)
        }
    }

    /// The root of a message's content: an element of the schemas.
    func element(_ reference: String, isRequest: Bool) -> String? {
        start()
        let name = WSDLReader.local(reference)
        guard let item = elements[name]?.first else {
            note(reference)
            return nil
        }
        return root(name, item.space, inside(item, isRequest))
    }

    /// The root of an RPC message: named after the operation, a child without a namespace for each part.
    func call(_ name: String, space: String, parts: [(name: String, type: String)], isRequest: Bool) -> String {
        start()
        let content = parts.map { part in
            let node = SampleNode.element(named: part.name, type: part.type)
            let item = SchemaItem(node: node, space: "", isQualified: false)
            return "<\(part.name)>\(inside(item, isRequest))</\(part.name)>"
        }
        return root(name, space, content.joined())
    }

    // MARK: - Making

    private func start() {
        left = InterfaceDocument.valuesMax
        spaces = []
    }

    private func root(_ name: String, _ space: String, _ content: String) -> String {
        let tag = prefix(space) + name
        let declared = spaces.enumerated().map { " xmlns:q\($0.offset == 0 ? "" : "\($0.offset)")=\"\($0.element)\"" }
        return "<\(tag)\(declared.joined())>\(content)</\(tag)>"
    }

    private func prefix(_ space: String) -> String {
        guard !space.isEmpty else { return "" }
        if !spaces.contains(space) { spaces.append(space) }
        let at = spaces.firstIndex(of: space) ?? 0
        return at == 0 ? "q:" : "q\(at):"
    }

    private func note(_ name: String) {
        if !missing.contains(name), missing.count < 16 { missing.append(name) }
    }

    /// What stands inside an element.
    private func inside(_ element: SchemaItem, _ isRequest: Bool) -> String {
        left -= 1
        guard left > 0, open.count < 24 else { return "" }
        let written = element.node.member("@type")?.text ?? ""
        let name = WSDLReader.local(written)
        if let own = WSDLReader.all(element.node, "complexType").first {
            return content(SchemaItem(node: own, space: element.space, isQualified: element.isQualified), isRequest)
        }
        guard let type = type(name, near: element.space) else {
            let simple = WSDLReader.all(element.node, "simpleType").first
            if simple == nil, !name.isEmpty, !WSDLSchemas.builtIn.contains(name) { note(written) }
            let base = simple.flatMap { WSDLReader.all($0, "restriction").first?.member("@base")?.text }
            return scalar(element.node.member("@name")?.text ?? "", base.map(WSDLReader.local) ?? name, isRequest)
        }
        guard !open.contains(name) else { return "" }
        open.append(name)
        defer { open.removeLast() }
        if let base = WSDLReader.all(type.node, "restriction").first?.member("@base")?.text,
            WSDLReader.deep(type.node, "element").isEmpty
        {
            return scalar(element.node.member("@name")?.text ?? "", WSDLReader.local(base), isRequest)
        }
        return content(type, isRequest)
    }

    private func type(_ name: String, near space: String) -> SchemaItem? {
        types[name]?.first { $0.space == space } ?? types[name]?.first
    }

    /// The elements of a type: those of the type it extends first.
    private func content(_ type: SchemaItem, _ isRequest: Bool, depth: Int = 0) -> String {
        guard depth < 16 else { return "" }
        var out = ""
        if let base = type.node.member("@base")?.text, let found = self.type(WSDLReader.local(base), near: type.space) {
            out += content(found, isRequest, depth: depth + 1)
        }
        for (key, member) in type.node.members {
            for node in member.kind == .list ? member.items : [member] {
                let item = SchemaItem(node: node, space: type.space, isQualified: type.isQualified)
                switch WSDLReader.local(key) {
                case "sequence", "choice", "all", "complexContent", "extension", "restriction":
                    out += content(item, isRequest, depth: depth + 1)
                case "group":
                    let name = WSDLReader.local(node.member("@ref")?.text ?? "")
                    if let group = groups[name]?.first { out += content(group, isRequest, depth: depth + 1) }
                case "element": out += written(item, isRequest)
                default: break
                }
            }
        }
        return out
    }

    /// An element with its tags, twice where a list of answers has several.
    private func written(_ element: SchemaItem, _ isRequest: Bool) -> String {
        let most = element.node.member("@maxOccurs")?.text ?? "1"
        var item = element
        var space = element.isQualified ? element.space : ""
        if let form = element.node.member("@form")?.text { space = form == "qualified" ? element.space : "" }
        if let reference = element.node.member("@ref")?.text {
            guard let found = elements[WSDLReader.local(reference)]?.first else {
                note(reference)
                return ""
            }
            item = found
            space = found.space
        }
        let tag = prefix(space) + (item.node.member("@name")?.text ?? "item")
        let attributes = attributes(item, isRequest)
        let times = !isRequest && (most == "unbounded" || (Int(most) ?? 1) > 1) ? 2 : 1
        return (0..<times).map { _ in "<\(tag)\(attributes)>\(inside(item, isRequest))</\(tag)>" }.joined()
    }

    private func attributes(_ element: SchemaItem, _ isRequest: Bool) -> String {
        let name = WSDLReader.local(element.node.member("@type")?.text ?? "")
        guard let type = WSDLReader.all(element.node, "complexType").first ?? type(name, near: element.space)?.node
        else { return "" }
        return WSDLReader.all(type, "attribute").prefix(40).compactMap { attribute in
            guard let name = attribute.member("@name")?.text else { return nil }
            let type = WSDLReader.local(attribute.member("@type")?.text ?? "")
            return " \(name)=\"\(scalar(name, type, isRequest))\""
        }.joined()
    }

    private func scalar(_ name: String, _ type: String, _ isRequest: Bool) -> String {
        let plain = NameBook.plain(name)
        switch type {
        case "int", "integer", "long", "short", "positiveInteger", "nonNegativeInteger", "unsignedInt", "unsignedLong",
            "decimal", "byte":
            return ExampleWriter.number(plain)
        case "boolean": return "true"
        case "date": return "2026-01-31"
        case "dateTime": return "2026-01-31T08:00:00+08:00"
        default:
            if Envelope.statusNames.contains(plain) { return "0" }
            guard isRequest else { return "" }
            return Envelope.pageNames.contains(plain) ? "1" : Envelope.sizeNames.contains(plain) ? "100" : "0"
        }
    }

    private static let builtIn: Set<String> = [
        "string", "int", "integer", "long", "short", "byte", "decimal", "float", "double", "boolean", "date",
        "dateTime", "time", "anyURI", "anyType", "anySimpleType", "base64Binary", "hexBinary", "token",
        "normalizedString", "positiveInteger", "nonNegativeInteger", "negativeInteger", "nonPositiveInteger",
        "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte", "duration", "gYear", "gYearMonth", "language",
        "Name", "NCName", "QName", "ID", "IDREF", "NMTOKEN",
    ]
}

extension SampleNode {
    /// The declaration of an element, as a schema would hold it.
    fileprivate static func element(named name: String, type: String) -> SampleNode {
        var out = SampleNode(kind: .object)
        out.members = [
            ("@name", SampleNode(kind: .text, text: name)), ("@type", SampleNode(kind: .text, text: type)),
        ]
        return out
    }
}
