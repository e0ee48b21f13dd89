// SPDX-License-Identifier: Apache-2.0

/// The encodings that are read.
public enum DocumentCharset: Sendable, Hashable {
    /// UTF-8.
    case utf8
    /// UTF-16, low byte first.
    case utf16LE
    /// UTF-16, high byte first.
    case utf16BE
    /// GBK, and GB 2312 which is part of it; read as GB 18030, which contains both.
    case gbk
    /// GB 18030.
    case gb18030

    /// The encoding with this label, without regard to case; nil for one that is not read.
    ///
    /// `utf-16` alone stands for the low byte first, as in the WHATWG's table; a byte order mark decides otherwise.
    public init?(label: String) {
        switch label.trimmedLowercased {
        case "utf-8", "utf8", "unicode-1-1-utf-8", "us-ascii", "ascii": self = .utf8
        case "utf-16", "utf-16le", "utf16", "utf16le", "unicode", "ucs-2", "iso-10646-ucs-2": self = .utf16LE
        case "utf-16be", "utf16be": self = .utf16BE
        case "gbk", "gb2312", "gb_2312-80", "x-gbk", "cp936", "windows-936", "ms936", "csgb2312", "euc-cn": self = .gbk
        case "gb18030", "gb-18030", "gb18030-2000", "gb18030-2005", "gb18030-2022": self = .gb18030
        default: return nil
        }
    }

    static let openUTF16Labels: Set<String> = ["utf-16", "utf16", "unicode", "ucs-2", "iso-10646-ucs-2"]

    /// Whether both are read by the same table: text of the one never turns into other characters in the other.
    func isCompatible(with other: DocumentCharset) -> Bool {
        self == other || (self == .gbk && other == .gb18030) || (self == .gb18030 && other == .gbk)
    }
}

/// What is said about a document's encoding outside of the document.
public struct CharsetDeclaration: Sendable, Hashable {
    /// The charset parameter of the HTTP `Content-Type`, as received.
    public var http: String?
    /// What the manifest says; it overrules the HTTP header and the XML declaration.
    public var override: DocumentCharset?

    /// Makes a declaration; with nothing said, the byte order mark and the XML declaration decide, else UTF-8.
    public init(http: String? = nil, override: DocumentCharset? = nil) {
        self.http = http
        self.override = override
    }
}

extension String {
    var trimmedLowercased: String {
        String(
            decoding: utf8.drop { $0 <= 0x20 || $0 == 0x22 }.reversed().drop { $0 <= 0x20 || $0 == 0x22 }.reversed()
                .map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
