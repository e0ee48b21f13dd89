// SPDX-License-Identifier: Apache-2.0
import CLibXML2

/// What libxml2 tells, while it parses a slice.
extension XMLListReader {
    func opened(_ tag: XMLTag) {
        guard failure == nil else { return }
        let offset = understood
        depth += 1
        if depth > XMLListReader.hardDepth { return fail(.tooDeep, at: offset) }
        let start = lastOpeningBracket(before: offset)
        if depth == 1, isHTMLRoot(tag) { return fail(.notXML, at: start, detail: "the body is HTML, not XML") }
        if recordDepth > 0 {
            record.open(tag, start: start, end: offset + 1)
            return
        }
        if matched == depth - 1, matched < steps.count, matches(tag, steps[matched]) {
            matched = depth
            if matched == steps.count - 1 || steps.count == 1 { list = .list }
            if matched == steps.count {
                outside.passChild(at: start)
                beginRecord(at: start)
                record.open(tag, start: start, end: offset + 1)
                return
            }
        }
        for (prefix, uri) in tag.declarations { declare(prefix, uri) }
        anchors.append((UInt32(truncatingIfNeeded: start), window.advance(to: max(start - base, 0))))
        outside.open(tag, start: start, end: offset + 1)
        checkEnvelope(at: offset)
    }

    func text(_ bytes: UnsafePointer<xmlChar>, _ count: Int) {
        guard failure == nil else { return }
        if recordDepth > 0 {
            record.text(bytes, count)
        } else {
            outside.text(bytes, count)
            checkEnvelope(at: received)
        }
    }

    func closed() {
        guard failure == nil else { return }
        let offset = understood
        defer {
            depth -= 1
            rootEnded = depth == 0
        }
        let start = lastOpeningBracket(before: offset)
        if recordDepth > 0 {
            record.close(start: start, end: offset)
            if depth == recordDepth {
                endRecord(at: offset)
                matched = depth - 1
            }
            return
        }
        outside.close(start: start, end: offset)
        if matched == depth { matched = depth - 1 }
        if scope.last?.depth == depth {
            scope.removeAll { $0.depth == depth }
            shareScope()
        }
    }

    func sawDoctype(named name: String) {
        if name.utf8.count == 4, name.trimmedLowercased == "html" {
            fail(.notXML, at: received, detail: "the body is HTML, not XML")
        } else {
            fail(.doctypeRefused, at: received)
        }
        // Before a single declaration is read. Safe here, as libxml2 holds no bytes of a tag.
        stopParser()
    }

    func failed(_ error: xmlError) {
        guard error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        // A namespace name that is not a URI (one with Chinese in it, say) names a namespace all the same.
        if UInt32(bitPattern: error.code) == XML_WAR_NS_URI.rawValue { return }
        // libxml2 waits for the end of a reference, so a bare & may come to light at the very end.
        let code = UInt32(bitPattern: error.code)
        let isReference = code == XML_ERR_NAME_REQUIRED.rawValue || code == XML_ERR_ENTITYREF_NO_NAME.rawValue
        failParsing(
            XMLParser.words(for: error), at: min(max(understood, base), received), mayBeCut: !isReference)
    }

    private func checkEnvelope(at offset: Int) {
        if outside.size > limits.envelopeBytes { fail(.envelopeTooLarge, at: offset) }
        if let fault = outside.fault { fail(fault.code, at: fault.at, path: fault.path) }
    }

    /// The offset of the `<` of the tag that was just read: a bare one can stand nowhere else in it.
    private func lastOpeningBracket(before offset: Int) -> Int {
        var index = min(offset - base, window.bytes.count) - 1
        return window.bytes.withUnsafeBufferPointer { bytes in
            while index > 0, bytes[index] != 0x3C { index -= 1 }
            return max(index, 0) + base
        }
    }

    private func isHTMLRoot(_ tag: XMLTag) -> Bool {
        guard String(cString: tag.local).trimmedLowercased == "html" else { return false }
        if case .element(_, let local?)? = steps.first,
            String(decoding: local, as: UTF8.self).trimmedLowercased == "html"
        {
            return false
        }
        return true
    }

    private func matches(_ tag: XMLTag, _ step: StreamPath.Step) -> Bool {
        guard case .element(let space, let local) = step else { return false }
        if let local, !equal(tag.local, local) { return false }
        guard let space else { return true }
        guard let uri = tag.space else { return space.isEmpty }
        if space.contains(0x26) {
            return XMLTag.plain(UnsafeBufferPointer(start: uri, count: Int(xmlStrlen(uri)))) == space
        }
        return equal(uri, space)
    }

    private func equal(_ text: UnsafePointer<xmlChar>, _ wanted: [UInt8]) -> Bool {
        var at = 0
        for byte in wanted {
            guard text[at] == byte else { return false }
            at += 1
        }
        return text[at] == 0
    }

    private func declare(_ prefix: String, _ uri: String) {
        scope.append((depth, prefix, uri))
        shareScope()
    }

    /// Records that start from here on carry the prefixes now in force.
    private func shareScope() {
        var inForce: [String: String] = [:]
        for entry in scope { inForce[entry.prefix] = entry.uri }
        surroundings = RecordSurroundings(
            format: surroundings.format, place: surroundings.place, list: surroundings.list, namespaces: inForce,
            host: surroundings.host)
    }
}

extension XMLTreeBuilder {
    mutating func open(_ tag: XMLTag, start: Int, end: Int) {
        open(tag.local, tag.space, tag.attributes, tag.attributeCount, start: start, end: end)
    }

    /// The name of this tree's root element, as a path.
    var rootPath: String {
        guard let root = cells.first else { return "" }
        return "/" + PathName.shown(String(decoding: arena[root.name.range], as: UTF8.self))
    }
}
