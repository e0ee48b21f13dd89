// SPDX-License-Identifier: Apache-2.0
import CLibXML2

/// An XPath 1.0 expression, followed by libxml2 on a copy of one record's tree.
///
/// The expression is compiled for each following: libxml2 writes into a compiled one while it evaluates, so that a
/// shared one would need a lock, and the copy of the record costs more than the compiling.
/// Limits: 4 KiB of text, 1,000,000 operations of libxml2 for one following.
struct XPathQuery: Hashable, Sendable {
    private static let operationsMax: UInt = 1_000_000
    private static let initialised: Void = xmlInitParser()

    private let text: String
    private let namespaces: [String: String]

    /// Checks an expression.
    ///
    /// Throws: `document.path_syntax` with the column: what libxml2 cannot compile, a prefix that is not in the map, a
    /// function that is not in XPath 1.0, a variable, or the namespace axis.
    init(_ text: String, namespaces: [String: String]) throws(DocumentError) {
        _ = Self.initialised
        self.text = text
        self.namespaces = namespaces.filter { !$0.key.isEmpty }
        guard text.utf8.count <= 4096, !text.utf8.contains(0) else {
            throw PathSyntax.error(text, 0, "an XPath of more than 4096 bytes, or with a zero byte")
        }
        guard !text.isEmpty else { throw PathSyntax.error(text, 0, "the path is empty") }
        var words = XPathWords(text, prefixes: Set(namespaces.keys))
        try words.check()
        let tried = Self.evaluate(text, self.namespaces, DocumentTree.emptyElement, 0)
        if case .failure(let fault) = tried {
            throw PathSyntax.error(text, min(max(fault.at, 0), text.utf8.count), fault.words)
        }
    }

    /// What the expression leads to from a node; nil when it could not be followed to its end.
    func nodes(in node: DocumentNode) -> [DocumentNode]? {
        switch Self.evaluate(text, namespaces, node.tree, node.index) {
        case .failure: return nil
        case .success(.places(let places)): return places.map { DocumentNode(tree: node.tree, index: $0) }
        case .success(.text(let text)): return [DocumentNode(tree: .text(text, at: node.position), index: 0)]
        case .success(.nothing): return []
        }
    }

    private enum Found {
        case places([Int])
        case text(String)
        case nothing
    }

    private struct Fault: Error {
        var at: Int
        var words: String
    }

    private static func evaluate(
        _ text: String, _ namespaces: [String: String], _ tree: DocumentTree, _ index: Int
    ) -> Result<Found, Fault> {
        guard let copy = XPathCopy(tree), let context = xmlXPathNewContext(copy.document) else {
            return .failure(Fault(at: 0, words: "no memory"))
        }
        defer { xmlXPathFreeContext(context) }
        // Without a handler of our own libxml2 would print to standard error.
        context.pointee.error = { _, _ in }
        context.pointee.opLimit = operationsMax
        context.pointee.node = copy.nodes[index]
        for (prefix, uri) in namespaces { xmlXPathRegisterNs(context, prefix, uri) }
        guard let compiled = xmlXPathCtxtCompile(context, text) else {
            return .failure(
                Fault(at: Int(context.pointee.lastError.int1), words: "this is not XPath 1.0"))
        }
        defer { xmlXPathFreeCompExpr(compiled) }
        guard let object = xmlXPathCompiledEval(compiled, context) else {
            return .failure(Fault(at: 0, words: "the expression computes with values that cannot be computed with"))
        }
        defer { xmlXPathFreeObject(object) }
        return .success(read(object))
    }

    private static func read(_ object: xmlXPathObjectPtr) -> Found {
        switch object.pointee.type {
        case XPATH_NODESET:
            guard let set = object.pointee.nodesetval else { return .places([]) }
            xmlXPathNodeSetSort(set)
            var places: [Int] = []
            for index in 0..<Int(set.pointee.nodeNr) {
                guard let node = set.pointee.nodeTab[index] else { continue }
                // The document itself has no mark: it is its root element.
                let mark = node.pointee.type == XML_DOCUMENT_NODE ? 1 : Int(bitPattern: sw_xml_get_mark(node))
                if mark > 0, places.last != mark - 1 { places.append(mark - 1) }
            }
            return .places(places)
        case XPATH_BOOLEAN: return .text(object.pointee.boolval != 0 ? "true" : "false")
        case XPATH_NUMBER where object.pointee.floatval.isNaN: return .nothing
        case XPATH_NUMBER, XPATH_STRING:
            guard let text = xmlXPathCastToString(object) else { return .nothing }
            defer { sw_xml_free(text) }
            return .text(String(cString: text))
        default: return .nothing
        }
    }
}

/// A tree of ours as a document of libxml2; freed with it.
private final class XPathCopy {
    let document: xmlDocPtr
    /// Where each cell went.
    private(set) var nodes: [xmlNodePtr?]

    init?(_ tree: DocumentTree) {
        guard let document = xmlNewDoc("1.0") else { return nil }
        self.document = document
        nodes = Array(repeating: nil, count: tree.cells.count)
        var spaces: [String: xmlNsPtr] = [:]
        var open: [(node: xmlNodePtr, end: Int)] = []
        for (index, cell) in tree.cells.enumerated() {
            while let last = open.last, last.end <= index { open.removeLast() }
            let here = DocumentNode(tree: tree, index: index)
            let node: xmlNodePtr?
            switch cell.kind {
            case .element:
                node = xmlNewDocNode(document, nil, here.nameText, nil)
                guard let node else { continue }
                if let parent = open.last?.node {
                    xmlAddChild(parent, node)
                } else {
                    xmlDocSetRootElement(document, node)
                }
                if let space = here.namespace { xmlSetNs(node, self.space(space, &spaces)) }
                open.append((node, Int(cell.next)))
            case .attribute:
                guard let parent = open.last?.node else { continue }
                let made = here.namespace.flatMap { self.space($0, &spaces) }
                guard let attribute = xmlNewNsProp(parent, made, here.nameText, here.ownText) else { continue }
                node = UnsafeMutableRawPointer(attribute).assumingMemoryBound(to: xmlNode.self)
            default:
                node = xmlNewDocText(document, here.ownText)
                if let node, let parent = open.last?.node { Self.append(node, to: parent) }
            }
            guard let node else { continue }
            sw_xml_mark(node, UnsafeMutableRawPointer(bitPattern: index + 1))
            nodes[index] = node
        }
    }

    /// Puts a text last, as it is.
    ///
    /// `xmlAddChild` would join it to a text before it and free it; two stand side by side where a record between them
    /// was taken out of the envelope.
    private static func append(_ node: xmlNodePtr, to parent: xmlNodePtr) {
        node.pointee.parent = parent
        node.pointee.prev = parent.pointee.last
        if let last = parent.pointee.last { last.pointee.next = node } else { parent.pointee.children = node }
        parent.pointee.last = node
    }

    /// One declaration for each namespace, at the root.
    private func space(_ uri: String, _ spaces: inout [String: xmlNsPtr]) -> xmlNsPtr? {
        if let known = spaces[uri] { return known }
        let made = xmlNewNs(xmlDocGetRootElement(document), uri, "n\(spaces.count + 1)")
        spaces[uri] = made
        return made
    }

    deinit { xmlFreeDoc(document) }
}

extension DocumentTree {
    /// An element without anything in it, to try an expression on.
    static let emptyElement: DocumentTree = {
        var cell = Cell(kind: .element, extent: Extent())
        cell.named = true
        cell.name = Extent(0, 1)
        cell.next = 1
        return DocumentTree(.xml, cells: [cell], raw: [], arena: [0x78], origin: .start)
    }()

    /// One text that stands in no document: what an expression computed.
    static func text(_ text: String, at position: DocumentPosition) -> DocumentTree {
        let bytes = Array(text.utf8)
        var cell = Cell(kind: .text, extent: Extent())
        cell.text = Extent(0, bytes.count)
        cell.next = 1
        return DocumentTree(.xml, cells: [cell], raw: [], arena: bytes, origin: position)
    }
}
