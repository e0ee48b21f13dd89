// SPDX-License-Identifier: Apache-2.0

extension DocumentError {
    /// What each code says, and what a person can do; `docs/reference/errors/source-document.md` is the long form.
    static let catalogue: [Code: (what: String, remedy: String)] = [
        .empty: (
            "the body is empty", "Ask the source with the same request by hand; an empty answer is not an empty list"
        ),
        .notJSON: ("the body is not JSON", "Look at the start of the body; check the address and the declared format"),
        .notXML: ("the body is not XML", "Look at the start of the body; check the address and the declared format"),
        .notCSV: ("the body is not CSV", "Look at the start of the body; check the address and the declared format"),
        .truncated: ("the document stops before its end", "Ask again; if it stays, tell the source's operator"),
        .trailingComma: ("a comma stands before a closing bracket", "Tell the source's operator: this is not JSON"),
        .duplicateKey: (
            "a name stands twice in one object", "Tell the source's operator; which of the two is meant cannot be known"
        ),
        .loneSurrogate: ("a \\u escape is half of a surrogate pair", "Tell the source's operator: a character is lost"),
        .badEscape: ("a backslash escape that JSON does not know", "Tell the source's operator: this is not JSON"),
        .controlCharacter: ("a control character stands bare in a text", "Tell the source's operator to escape it"),
        .numberSpelling: (
            "a number is not spelt as JSON spells numbers",
            "Tell the source's operator; codes with leading zeros belong in quotes"
        ),
        .doctypeRefused: (
            "the document has a DOCTYPE", "DOCTYPE is refused for safety; ask the source's operator to leave it out"
        ),
        .charsetContradiction: (
            "the byte order mark and the declared encoding contradict each other",
            "Find out which is true and set the charset in the manifest"
        ),
        .charsetUnknown: (
            "the declared encoding is not one we read", "Set the charset in the manifest: utf-8, utf-16, gbk or gb18030"
        ),
        .undecodable: (
            "bytes that mean nothing in the document's encoding", "Check the charset; if it is right, tell the operator"
        ),
        .tooDeep: ("nested deeper than the limit", "Check the document; raise the depth limit only if it is meant so"),
        .textTooLong: ("a text is longer than the limit", "Raise the limit if the source means it"),
        .recordTooLarge: ("a record is larger than the limit", "Raise the limit if the source means it"),
        .tooManyAttributes: ("an element has more attributes than the limit", "Raise the limit if the source means it"),
        .envelopeTooLarge: (
            "the part of the document outside its records is larger than the limit",
            "Check that the path to the records is right; the records may lie elsewhere"
        ),
        .tooLarge: ("the document is larger than the limit", "Ask for smaller pages, or raise the limit"),
        .tooManyRecords: ("more records than the limit", "Ask for smaller pages, or raise the limit"),
        .csvHeader: (
            "the header row is not usable", "Each column needs its own name; check the delimiter in the manifest"
        ),
        .csvFieldCount: ("a row has not as many fields as the header", "Tell the source's operator; check the quoting"),
        .csvQuote: ("a quote stands where CSV has none", "Tell the source's operator; check quote and delimiter"),
        .pathSyntax: ("the path cannot be understood", "Correct the path at the column shown"),
        .embedded: (
            "a text inside is missing or is not what the manifest says",
            "Look at an answer; correct `decode`, or declare the shape in `status` or `not_found`"
        ),
        .notDecrypted: (
            "an encrypted text cannot be opened",
            "Check the secret, `order`, `point` and `encoding` in `decode`; ask the owner which key was used"
        ),
        .multipart: ("the multipart body is not what its header says", "Tell the source's operator"),
        .endLine: (
            "the stream does not end as declared", "Ask again; if it stays, tell the source's operator"
        ),
        .spool: (
            "the disk of this machine does not keep an answer that is too large for memory",
            "Look at the disk that the setting `intake` names: space, permissions, faults"
        ),
        .alreadyEnded: ("the reader has already ended", "This is our mistake; please report it"),
    ]
}
