// SPDX-License-Identifier: Apache-2.0

/// Which aspect of an interface an error code speaks of.
enum FaultLayer {
    private static let table: [String: HealthAspect] = [
        "source.unreachable": .connect,
        "source.timed_out": .http,
        "source.unauthenticated": .authentication,
        "source.forbidden": .authentication,
        "source.throttled": .http,
        "source.unavailable": .http,
        "source.unexpected_status": .http,
        "source.business_status": .businessStatus,
        "source.not_a_page": .shape,
        "source.shape": .shape,
        "source.paging_loop": .shape,
        "source.foreign_link": .shape,
        "source.too_many_pages": .shape,
        "source.cursor_went_back": .shape,
        "source.total_shrank": .volume,
        "source.total_mismatch": .volume,
        "source.too_many_rejects": .rejects,
        "source.golden_question": .content,
        "intake.folder_unreadable": .connect,
        "intake.no_complete_file": .completeness,
        "intake.not_as_declared": .shape,
    ]

    /// Words in the codes of the layers below, most telling first.
    private static let words: [(String, HealthAspect)] = [
        ("resol", .nameResolution), ("dns", .nameResolution), ("tls", .tls), ("certificate", .tls),
        ("connect", .connect), ("unreachable", .connect),
    ]

    /// Our own troubles, which say nothing about the source.
    private static let ours = [
        "catalogue.", "configuration.", "sync.", "source.cancelled", "source.configuration",
        "source.question_not_supported", "transport.cancelled", "transport.busy", "transport.misuse",
        "transport.url_refused",
    ]

    /// The aspect, or nil for a code that does not speak of the source at all.
    static func aspect(ofCode code: String) -> HealthAspect? {
        if let known = table[code] { return known }
        if ours.contains(where: code.hasPrefix) { return nil }
        if code.hasPrefix("transport.") || code.hasPrefix("source.") {
            for (word, aspect) in words where code.contains(word) { return aspect }
            return code.hasPrefix("transport.") ? .http : .completeness
        }
        if ["document.", "json.", "xml.", "csv.", "text."].contains(where: code.hasPrefix) { return .shape }
        return .completeness
    }

    /// True for a failure that does not mean that the interface is down: it answered, late or asking for patience.
    static func isPatience(_ code: String?) -> Bool { code == "source.throttled" || code == "source.slow" }
}
