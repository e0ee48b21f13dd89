// SPDX-License-Identifier: Apache-2.0

/// A request's body with placeholders in place of the values a person sent.
enum BodyTemplate {
    /// The plain values of a body, by name.
    static func fields(_ body: String?) -> [(name: String, value: String)] {
        guard let body, let first = body.first(where: { !$0.isWhitespace }) else { return [] }
        if first == "{" || first == "[" || first == "<" {
            var names = NamespaceBook()
            guard let root = SampleParser.document(Array(body.utf8), isXML: first == "<", &names, depth: 3) else {
                return []
            }
            var out: [(name: String, value: String)] = []
            func visit(_ node: SampleNode, _ name: String, _ depth: Int) {
                guard depth < 16, out.count < 200 else { return }
                if node.isScalar { return out.append((name, node.text)) }
                for (name, child) in node.members { visit(child, local(name), depth + 1) }
                for child in node.items { visit(child, name, depth + 1) }
            }
            visit(root, "", 0)
            return out
        }
        return RequestSample.pairs(body)
    }

    static func local(_ name: String) -> String {
        let bare = name.hasPrefix("@") ? String(name.dropFirst()) : name
        return bare.split(separator: ":").last.map(String.init) ?? bare
    }

    /// The body's kind and its template.
    static func make(
        _ body: String, _ replaced: [(name: String, placeholder: String)], _ request: RequestSample?
    ) -> (kind: String, template: String, action: String?) {
        let first = body.first { !$0.isWhitespace }
        if first == "{" || first == "[" {
            return ("json", replaced.reduce(body) { json($0, $1.name, $1.placeholder) }, nil)
        }
        if first == "<" {
            var text = replaced.reduce(body) { xml($0, $1.name, $1.placeholder) }
            if let soap = soapBody(text) {
                text = soap.content
                return (soap.kind, text, request?.action)
            }
            return ("xml", text, nil)
        }
        let pairs = RequestSample.pairs(body).map { pair in
            (pair.name, replaced.first { $0.name == pair.name }?.placeholder ?? pair.value)
        }
        return ("form", YAMLText.map(pairs), nil)
    }

    /// `"name": value` with the value replaced, wherever it stands.
    static func json(_ text: String, _ name: String, _ placeholder: String) -> String {
        let mark = "\"\(name)\""
        var out = ""
        var rest = Substring(text)
        while let start = rest.firstRange(ofText: mark)?.upperBound {
            var value = rest[start...].drop { $0.isWhitespace }
            guard value.first == ":" else {
                out += rest[..<start]
                rest = rest[start...]
                continue
            }
            value = value.dropFirst().drop { $0.isWhitespace }
            out += rest[..<value.startIndex]
            if value.first == "\"" {
                var end = value.index(after: value.startIndex)
                while end < value.endIndex, value[end] != "\"" {
                    if value[end] == "\\" { end = value.index(after: end) }
                    if end < value.endIndex { end = value.index(after: end) }
                }
                out += "\"" + placeholder + "\""
                rest = end < value.endIndex ? rest[value.index(after: end)...] : rest[rest.endIndex...]
            } else {
                let end = value.firstIndex { ",}] \n\r\t".contains($0) } ?? value.endIndex
                out += placeholder
                rest = rest[end...]
            }
        }
        return out + rest
    }

    /// `<p:name>value</` or `name="value"` with the value replaced.
    static func xml(_ text: String, _ name: String, _ placeholder: String) -> String {
        var out = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "<") {
            out += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: ">") else { break }
            var tag = String(rest[...close])
            for quote in ["\"", "'"] {
                if let at = tag.firstRange(ofText: " \(name)=\(quote)"),
                    let end = tag[at.upperBound...].firstIndex(of: Character(quote))
                {
                    tag.replaceSubrange(at.upperBound..<end, with: placeholder)
                }
            }
            out += tag
            rest = rest[rest.index(after: close)...]
            let element = tag.dropFirst().prefix { !" />\n\t".contains($0) }
            guard local(String(element)) == name, !tag.hasPrefix("</"), !tag.hasSuffix("/>"),
                let end = rest.firstIndex(of: "<"), rest[end...].hasPrefix("</")
            else { continue }
            out += placeholder
            rest = rest[end...]
        }
        return out + rest
    }

    /// What stands inside a SOAP body, and which SOAP it is.
    private static func soapBody(_ text: String) -> (content: String, kind: String)? {
        let kind =
            text.contains("http://www.w3.org/2003/05/soap-envelope")
            ? "soap12" : text.contains("http://schemas.xmlsoap.org/soap/envelope") ? "soap11" : nil
        guard let kind else { return nil }
        var at = text.startIndex
        while let open = text[at...].firstIndex(of: "<") {
            guard let close = text[open...].firstIndex(of: ">") else { return nil }
            let name = text[text.index(after: open)..<close].prefix { !" />\n\t".contains($0) }
            at = text.index(after: close)
            guard local(String(name)) == "Body", let end = text.lastRange(ofText: "</\(name)>") else { continue }
            return (String(text[at..<end.lowerBound]).trimmed, kind)
        }
        return nil
    }
}
