// SPDX-License-Identifier: Apache-2.0
internal import LicenceModel
internal import SourceDocument

extension RecordMapper {
    /// The holders of a record: a declared list, or the parts of one code.
    func holders(of node: DocumentNode) throws(RecordFault) -> [Holder] {
        if let list = plan.mapping.holders {
            var out: [Holder] = []
            for member in list.list.all(in: node) {
                guard let code = try list.code.text(of: member, field: "holders.code") else { continue }
                guard let kind = try list.kind.text(of: member, field: "holders.code_kind") else {
                    throw RecordFault(.fieldMissing, "holders.code_kind", at: member)
                }
                let name = try list.name?.text(of: member, field: "holders.name")
                out.append(Holder(kind: HolderCodeKind(rawValue: kind), code: code, name: name ?? nil))
            }
            return out
        }
        if let pairs = plan.mapping.pairs { return try holders(of: node, pairs) }
        guard let code = rules.holderCode else { return [] }
        let codes = try code.rule.parts(of: node, field: code.name)
        guard !codes.isEmpty else { return [] }
        let kinds =
            try rules.holderKind.map { (kind) throws(RecordFault) in try kind.rule.parts(of: node, field: kind.name) }
            ?? []
        let names =
            try rules.holderName.map { (name) throws(RecordFault) in try name.rule.parts(of: node, field: name.name) }
            ?? []
        guard let first = kinds.first else {
            throw RecordFault(
                .fieldMissing, "holder.code_kind", at: plan.mapping.fields["holder.code_kind"]?.anyNode(in: node))
        }
        guard kinds.count == 1 || kinds.count == codes.count else {
            throw RecordFault(.holdersUneven, "holder.code_kind")
        }
        return codes.indices.map { index in
            Holder(
                kind: HolderCodeKind(rawValue: kinds.count == 1 ? first : kinds[index]), code: codes[index],
                name: names.count == codes.count ? names[index] : nil)
        }
    }

    /// The holders of one text; each must have as many parts as declared.
    private func holders(of node: DocumentNode, _ pairs: FieldMapping.HolderPairs) throws(RecordFault) -> [Holder] {
        guard let taken = pairs.text.take(from: node), let split = pairs.text.split else { return [] }
        var out: [Holder] = []
        for piece in FieldRule.pieces(taken.text, split) where !pairs.text.cleaned(piece).isEmpty {
            let parts = FieldRule.pieces(piece, pairs.between).map(pairs.text.cleaned)
            guard parts.count == pairs.order.count else { throw RecordFault(.holdersUneven, "holders", at: taken.node) }
            var found: [FieldMapping.HolderPairs.Part: String] = [:]
            for (part, text) in zip(pairs.order, parts) where !text.isEmpty { found[part] = text }
            guard let code = found[.code] else { throw RecordFault(.fieldMissing, "holders.code", at: taken.node) }
            var kind = found[.kind]
            if let text = kind, let rule = pairs.kind {
                kind = try rule.mapped(text, field: "holders.code_kind", node: taken.node)
            } else if kind == nil {
                kind = try pairs.kind?.text(of: node, field: "holders.code_kind") ?? nil
            }
            guard let kind else { throw RecordFault(.fieldMissing, "holders.code_kind", at: taken.node) }
            out.append(Holder(kind: HolderCodeKind(rawValue: kind), code: code, name: found[.name]))
        }
        return out
    }

    /// Face fields: the named ones, then what `keep` and `inside` say.
    func face(of node: DocumentNode, _ fields: inout FieldFaults) throws(RecordFault) -> [FaceField] {
        var out: [FaceField] = []
        for field in rules.face {
            let found = try fields.unless(field) { () throws(RecordFault) in
                try field.rule.text(of: node, field: field.name)
            }
            guard let text = found, !out.contains(where: { $0.name == field.name }) else { continue }
            out.append(FaceField(field.name, text))
        }
        if let kept = rules.facesKept, keepFace(kept, of: node, &out) { return out }
        let face = plan.mapping.face
        var seen = Set(out.map(\.name))
        var places = [(node, isTop: true)]
        for path in face.inside { if let inner = path.first(in: node) { places.append((inner, isTop: false)) } }
        for (place, isTop) in places {
            for child in place.children {
                guard let name = child.name, let text = child.scalarText, !text.isEmpty else { continue }
                guard !face.drop.contains(name), !(isTop && readNames.contains(name)) else { continue }
                switch face.keep {
                case .none: if isTop { continue }
                case .rest: break
                case .names(let names): if !names.contains(name) { continue }
                }
                if seen.insert(name).inserted { out.append(FaceField(name, text)) }
            }
        }
        return out
    }

    /// Adds the members with these names; false, with nothing added, when one of them stands there more than once.
    private func keepFace(_ names: [String], of node: DocumentNode, _ out: inout [FaceField]) -> Bool {
        // JSON and CSV cannot have a name twice in one record; an element of XML may be there again and not be empty.
        guard node.kind == .object else { return false }
        for name in names {
            guard let text = node.member(name)?.scalarText, !text.isEmpty, !out.contains(where: { $0.name == name })
            else { continue }
            out.append(FaceField(name, text))
        }
        return true
    }

    /// The names at a record's top that some path of the manifest starts with: they are not "further" fields.
    static func namesRead(_ plan: InterfacePlan, _ identity: RecordIdentity) -> Set<String> {
        var paths = identity.key
        if case .declared(let path, _) = identity.version { paths.append(path) }
        if let tombstone = identity.tombstone { paths.append(tombstone.path) }
        if case .from(let path, _) = plan.types { paths.append(path) }
        if let cursor = plan.pull?.cursor { paths.append(cursor.path) }
        for rule in plan.mapping.fields.values { paths += rule.places }
        for named in plan.mapping.face.named { paths += named.rule.places }
        if let list = plan.mapping.holders { paths.append(list.list) }
        if let pairs = plan.mapping.pairs { paths += pairs.text.places + (pairs.kind?.places ?? []) }
        return Set(paths.compactMap(\.firstName))
    }
}

extension RecordPath {
    /// The name the path starts with, without a namespace prefix.
    var firstName: String? {
        switch language {
        case .column: return text
        case .jsonPath:
            var rest = Substring(text).dropFirst()
            if rest.hasPrefix("['"), let end = rest.dropFirst(2).firstIndex(of: "'") {
                return String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end])
            }
            guard rest.hasPrefix(".") else { return nil }
            rest = rest.dropFirst()
            return String(rest.prefix { $0 != "." && $0 != "[" })
        case .xPath:
            let step = text.split(separator: "/").first.map(String.init) ?? text
            let name = step.split(separator: ":").last.map(String.init) ?? step
            return String(name.prefix { $0 != "[" })
        }
    }
}
