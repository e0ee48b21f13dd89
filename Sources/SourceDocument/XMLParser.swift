// SPDX-License-Identifier: Apache-2.0
import CLibXML2

/// A start tag as libxml2 hands it over; the pointers live as long as the call.
struct XMLTag {
    var local: UnsafePointer<xmlChar>
    var space: UnsafePointer<xmlChar>?
    var namespaces: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    var namespaceCount: Int
    var attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    var attributeCount: Int

    /// Prefixes declared in this tag and their URIs.
    var declarations: [(prefix: String, uri: String)] {
        guard let namespaces else { return [] }
        return (0..<namespaceCount).map { index in
            let prefix = namespaces[index * 2].map { String(cString: $0) } ?? ""
            guard let uri = namespaces[index * 2 + 1] else { return (prefix, "") }
            let bytes = UnsafeBufferPointer(start: uri, count: Int(xmlStrlen(uri)))
            return (prefix, String(decoding: XMLTag.plain(bytes), as: UTF8.self))
        }
    }

    /// The value of an attribute as it was meant: unless told to expand entities, libxml2 hands out `&#38;` for
    /// every `&` in one.
    static func plain(_ value: UnsafeBufferPointer<xmlChar>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        var at = 0
        while at < value.count {
            result.append(value[at])
            let isEscape = value[at] == 0x26 && value[at...].starts(with: "&#38;".utf8)
            at += isEscape ? 5 : 1
        }
        return result
    }
}

/// libxml2's push parser with our handlers only: no document is built, no DTD read, no address opened.
///
/// Shape: text is fed as UTF-8 whatever the XML declaration says, as it has been decoded before.
final class XMLParser {
    private let context: xmlParserCtxtPtr
    private static let initialised: Void = xmlInitParser()

    /// Fails when libxml2 has no memory; `target` owns the parser and so outlives it.
    init?(target: XMLListReader) {
        _ = XMLParser.initialised
        var handler = xmlSAXHandler()
        handler.initialized = XML_SAX2_MAGIC
        handler.internalSubset = { box, name, _, _ in
            XMLParser.tell(box) { $0.sawDoctype(named: name.map { String(cString: $0) } ?? "") }
        }
        handler.startElementNs = { box, local, _, space, namespaceCount, namespaces, attributeCount, _, attributes in
            guard let local else { return }
            let tag = XMLTag(
                local: local, space: space, namespaces: namespaces, namespaceCount: Int(namespaceCount),
                attributes: attributes, attributeCount: Int(attributeCount))
            XMLParser.tell(box) { $0.opened(tag) }
        }
        handler.endElementNs = { box, _, _, _ in
            XMLParser.tell(box) { $0.closed() }
        }
        let text: charactersSAXFunc = { box, bytes, count in
            guard let bytes else { return }
            XMLParser.tell(box) { $0.text(bytes, Int(count)) }
        }
        handler.characters = text
        handler.ignorableWhitespace = text
        handler.cdataBlock = text
        handler.serror = { box, error in
            guard let error else { return }
            XMLParser.tell(box) { $0.failed(error.pointee) }
        }
        guard let context = xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else { return nil }
        self.context = context
        context.pointee.userData = Unmanaged.passUnretained(target).toOpaque()
        // The declared encoding is ignored: the bytes are UTF-8 already.
        xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue))
    }

    deinit {
        if let document = context.pointee.myDoc { xmlFreeDoc(document) }
        xmlFreeParserCtxt(context)
    }

    /// The reader is alive: it is inside its own call of `parse`.
    @inline(__always)
    private static func tell(_ box: UnsafeMutableRawPointer?, _ what: (XMLListReader) -> Void) {
        guard let box else { return }
        Unmanaged<XMLListReader>.fromOpaque(box)._withUnsafeGuaranteedRef(what)
    }

    /// The bytes understood so far.
    var offset: Int { Int(xmlByteConsumed(context)) }

    /// Whether no rule of XML was broken; what breaks a rule of namespaces is told as an error.
    var isWellFormed: Bool { context.pointee.wellFormed == 1 }

    /// Feeds a slice; at most a few KiB, so that one tag cannot be large.
    func parse(_ bytes: UnsafeBufferPointer<UInt8>) {
        bytes.withMemoryRebound(to: CChar.self) { text in
            _ = xmlParseChunk(context, text.baseAddress, Int32(text.count), 0)
        }
    }

    func end() { _ = xmlParseChunk(context, nil, 0, 1) }

    func stop() { xmlStopParser(context) }

    /// What an error of libxml2 means, without the values its own text may quote.
    static func words(for error: xmlError) -> String {
        switch xmlParserErrors(rawValue: UInt32(bitPattern: error.code)) {
        case XML_ERR_TAG_NAME_MISMATCH: "an end tag does not match its start tag"
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY: "an entity that is not declared"
        case XML_ERR_INVALID_CHAR, XML_ERR_INVALID_CHARREF: "a character that XML does not allow"
        case XML_ERR_ATTRIBUTE_REDEFINED, XML_NS_ERR_ATTRIBUTE_REDEFINED: "an attribute stands twice in one element"
        case XML_NS_ERR_UNDEFINED_NAMESPACE: "a prefix that is not declared"
        case XML_ERR_ATTRIBUTE_NOT_STARTED, XML_ERR_ATTRIBUTE_WITHOUT_VALUE: "an attribute has no quoted value"
        case XML_ERR_LT_IN_ATTRIBUTE: "a bare < in an attribute"
        case XML_ERR_DOCUMENT_END: "something follows the end of the document"
        case XML_ERR_DOCUMENT_EMPTY, XML_ERR_DOCUMENT_START: "the body does not start as XML"
        case XML_ERR_RESERVED_XML_NAME: "the XML declaration does not stand at the very start"
        case XML_ERR_ENTITYREF_SEMICOL_MISSING, XML_ERR_NAME_REQUIRED: "a bare & or < in a text"
        default: "the text breaks a rule of XML (libxml2 error \(error.code))"
        }
    }
}
