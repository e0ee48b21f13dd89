// SPDX-License-Identifier: Apache-2.0
internal import Cryptography
internal import Diagnostics
internal import SourceDocument

extension DecodeStep {
    /// The bytes that a text stands for; nil when there is nothing in it.
    ///
    /// Throws: what is wrong, never with a part of the text.
    func bytes(of host: DocumentNode) throws(EmbeddedFault) -> [UInt8]? {
        if host.kind == .null || host.isEmptyOrNull { return nil }
        guard host.kind != .object, host.kind != .array, let text = host.scalarText else {
            throw EmbeddedFault(.embedded, detail: "a text is expected here, to be read as \(kind.rawValue)")
        }
        switch kind {
        case .json, .singleQuotedJSON, .xml: return Array(text.utf8)
        case .nameValue: return nil
        case .base64:
            guard let bytes = BinaryText.base64.bytes(text) else {
                throw EmbeddedFault(.embedded, detail: "the text is not base64")
            }
            return bytes
        case .sm2, .sm4CBC:
            return try opened(text)
        }
    }

    private func opened(_ text: String) throws(EmbeddedFault) -> [UInt8] {
        do throws(CryptographyError) {
            switch key {
            case .sm2(let key):
                return try key.decrypt(SM2Ciphertext(text: text, encoding: encoding, form: form, order: order))
            case .sm4(let key, let iv):
                let bytes = encoding.bytes(text) ?? []
                let keyBytes = DecodeStep.block(key)
                if let iv { return try SM4.decryptCBC(bytes, key: keyBytes, iv: DecodeStep.block(iv)) }
                // The start vector stands before the ciphertext.
                guard bytes.count > 16 else { break }
                return try SM4.decryptCBC(Array(bytes.dropFirst(16)), key: keyBytes, iv: Array(bytes.prefix(16)))
            case nil: break
            }
        } catch {
            throw EmbeddedFault(.notDecrypted, detail: error.diagnostic.what)
        }
        throw EmbeddedFault(.notDecrypted)
    }

    /// Sixteen bytes, as 32 hexadecimal digits or as themselves.
    private static func block(_ secret: Secret) -> [UInt8] {
        let text = secret.revealed
        return text.utf8.count == 32 ? hexadecimalBytes(text) ?? Array(text.utf8) : Array(text.utf8)
    }

    /// What the text holds, as a tree inside the host; nil when there is nothing in it.
    func tree(in host: DocumentNode, _ limits: DocumentLimits) throws(EmbeddedFault) -> DocumentNode? {
        if kind == .nameValue {
            if host.isEmptyOrNull { return nil }
            return try DocumentNode(pairsOf: host, name: name, value: value, limits: limits, in: host)
        }
        guard let bytes = try bytes(of: host) else { return nil }
        return try DocumentNode(embedded: bytes, syntax, charset: charset, limits: limits, in: host)
    }
}

extension RecordMapper {
    /// A record with what stands inside its texts; with a fault, what could be read before it.
    func decoded(_ record: DocumentRecord, _ limits: DocumentLimits = DocumentLimits()) -> (
        record: DocumentRecord, fault: RecordFault?
    ) {
        let steps = plan.document.decode.record
        guard !steps.isEmpty else { return (record, nil) }
        var node = record.node
        for step in steps {
            do throws(DocumentError) {
                node = try node.embedding(at: step.source) { host throws(DocumentError) in
                    do throws(EmbeddedFault) { return try step.tree(in: host, limits) } catch {
                        throw error.error(.record, at: record.place(of: host))
                    }
                }
            } catch {
                return (record.with(node), RecordFault(error, step.at))
            }
        }
        return (record.with(node), nil)
    }
}
