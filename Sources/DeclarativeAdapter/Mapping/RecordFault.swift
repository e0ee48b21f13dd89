// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
internal import SourceDocument

/// Why one record cannot become a licence: a code, a field and a place, never a value.
struct RecordFault: Error, Sendable, Hashable {
    enum Code: String, Sendable {
        case keyMissing = "record.key_missing"
        case versionUnreadable = "record.version_unreadable"
        case typeUnknown = "record.type_unknown"
        case fieldMissing = "record.field_missing"
        case valueUnknown = "record.value_unknown"
        case dateUnreadable = "record.date_unreadable"
        case numberUnreadable = "record.number_unreadable"
        case validityReversed = "record.validity_reversed"
        case holdersUneven = "record.holders_uneven"
        case identityMissing = "record.identity_missing"
        case declaredUnfit = "record.declared_unfit"
        case keyTwice = "record.key_twice"
        case removalUnchecked = "record.removal_unchecked"
        case cursorUnreadable = "record.cursor_unreadable"
        case pathFailed = "record.path_failed"
        case undecoded = "record.undecoded"
    }

    let code: Code
    let field: String
    /// The node that is wrong, when there is one.
    var node: DocumentNode?

    /// Why a text inside the record cannot be read.
    private(set) var reason: DocumentError?

    init(_ reason: DocumentError, _ field: String) {
        code = .undecoded
        self.field = field
        self.reason = reason
    }

    init(_ code: Code, _ field: String, at node: DocumentNode? = nil) {
        self.code = code
        self.field = field
        self.node = node
    }

    /// The finding when the field alone is set aside.
    func fieldDiagnostic(at place: Place) -> Diagnostic {
        Diagnostic(
            code: code.rawValue, what: what, place: place,
            consequence: "The record is stored without this field, and answers; its bytes are kept beside it",
            remedy: "Correct the manifest or tell the owner; the next pull that brings the record whole ends this")
    }

    func diagnostic(at place: Place) -> Diagnostic {
        // The place of a text inside is more exact than the record's.
        Diagnostic(
            code: code.rawValue, what: what, place: reason?.place.within(place) ?? place,
            consequence: "This record is set aside with its bytes; an older version of it stops answering",
            remedy: remedy)
    }

    private var what: String {
        switch code {
        case .keyMissing: "the part `\(field)` of the record's key is missing"
        case .versionUnreadable: "the record's version cannot be read as declared"
        case .typeUnknown: "the record's licence type is not one this interface declares"
        case .fieldMissing: "`\(field)` is missing"
        case .valueUnknown: "`\(field)` has a value that the manifest does not list"
        case .dateUnreadable: "`\(field)` is not written in a declared format, or is no date"
        case .numberUnreadable: "`\(field)` is no number"
        case .validityReversed: "the licence ends before it begins"
        case .holdersUneven: "the record has not as many kinds as codes of holders"
        case .identityMissing: "the record has neither identifier nor number nor holder"
        case .declaredUnfit: "the record is one that the manifest sets aside (`reject_if`: \(field))"
        case .keyTwice: "two records of this page have this key and different content"
        case .removalUnchecked:
            "the source tells a removal without a time, and whether this pull showed the record is no longer remembered"
        case .undecoded:
            "the text at `\(field)` cannot be read: \(reason?.diagnostic.what ?? "") (\(reason?.code.name ?? ""))"
        case .pathFailed: "a path could not be followed to its end in this record"
        case .cursorUnreadable: "the value the pull resumes from cannot be read as declared"
        }
    }

    private var remedy: String {
        switch code {
        case .valueUnknown, .typeUnknown:
            "Ask the owner what it means, add it to the manifest, then replay the quarantine"
        case .dateUnreadable: "Add the format to the manifest if it is meant so, then replay the quarantine"
        case .undecoded: reason?.diagnostic.remedy ?? ""
        case .declaredUnfit: "Nothing, unless the condition is wrong"
        case .keyTwice: "Ask the owner which is right, or add a path to the key, then pull again"
        case .removalUnchecked:
            "Pull the source in partitions, or declare the `version` of `deletes`; the next pull that shows the record ends this"
        case .pathFailed:
            "Write the slow path of the manifest (lint names it) with plain steps, then replay the quarantine"
        default: "Tell the owner, or correct the manifest, then replay the quarantine"
        }
    }
}
