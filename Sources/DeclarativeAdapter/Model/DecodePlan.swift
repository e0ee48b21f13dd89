// SPDX-License-Identifier: Apache-2.0
internal import Archives
internal import Cryptography
internal import Diagnostics
internal import SourceDocument

/// What has to be undone before an answer's records can be read.
struct DecodePlan: Sendable {
    enum Container: Sendable, Hashable {
        case archive(ArchiveFormat)
        case multipart
    }

    /// Around the whole body, beyond what `Content-Encoding` names.
    var container: Container?
    /// What arrives, when the records lie in a text inside it; nil when they lie in the document itself.
    var outer: DocumentFormat?
    /// Texts of the envelope that hold the rest of the answer, each inside the one before.
    var document: [DecodeStep] = []
    /// Texts inside one record.
    var record: [DecodeStep] = []
}

/// One text and how it is read.
struct DecodeStep: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case json
        case singleQuotedJSON = "single_quoted_json"
        case xml
        case base64
        case nameValue = "name_value"
        case sm2
        case sm4CBC = "sm4_cbc"

        /// Whether `then` says what comes out.
        var needsThen: Bool { self == .base64 || self == .sm2 || self == .sm4CBC }
    }
    /// What opens an encrypted text; there once the secrets are known.
    enum Key: Sendable {
        case sm2(SM2PrivateKey)
        case sm4(key: Secret, iv: Secret?)
    }

    let kind: Kind
    /// The path as written.
    let at: String
    let source: RecordPath
    let syntax: EmbeddedSyntax
    var charset: DocumentCharset?
    var name = "name"
    var value = "value"
    var form = SM2Ciphertext.Form.raw
    var order = SM2Ciphertext.Order.c1c3c2
    var encoding = BinaryText.hex
    /// The names of the secrets.
    var keyName: String?
    var ivName: String?
    var key: Key?

    /// The format of what comes out, for paths that go on inside it.
    var innerFormat: DocumentFormat { syntax == .xml ? .xml : .json }
}

/// The last line of a stream of lines.
struct EndLine: Sendable {
    let condition: Condition
    let count: RecordPath?
}

extension DocumentPlan {
    /// What arrives.
    var wireFormat: DocumentFormat { decode.outer ?? format }

    /// What we say that we take.
    var accept: String { decode.container == nil ? wireFormat.accept : "*/*" }
}

extension SourceManifest {
    /// This manifest with the keys that open encrypted texts.
    ///
    /// Throws: the name of the secret that is no such key, and why; never a part of it.
    func withKeys(_ secret: (String) -> Secret?) throws(CryptographyError) -> SourceManifest {
        var out = self
        try out.probe?.document.decode.takeKeys(secret)
        for index in out.interfaces.indices { try out.interfaces[index].document.decode.takeKeys(secret) }
        return out
    }

    /// The names of those secrets.
    var decodeSecrets: [String] {
        interfaces.flatMap { $0.document.decode.document + $0.document.decode.record }
            .flatMap { [$0.keyName, $0.ivName] }.compactMap { $0 }
    }
}

extension DecodePlan {
    fileprivate mutating func takeKeys(_ secret: (String) -> Secret?) throws(CryptographyError) {
        for at in document.indices { try document[at].takeKey(secret) }
        for at in record.indices { try record[at].takeKey(secret) }
    }
}

extension DecodeStep {
    fileprivate mutating func takeKey(_ secret: (String) -> Secret?) throws(CryptographyError) {
        guard let keyName, let text = secret(keyName) else { return }
        switch kind {
        case .sm2: key = .sm2(try SM2PrivateKey(text: text))
        case .sm4CBC: key = .sm4(key: text, iv: ivName.flatMap(secret))
        default: break
        }
    }
}
