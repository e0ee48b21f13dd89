package import Cryptography
// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import LicenceModel

/// One interface and partition: whose records a run may miss, and whose state it moves.
package struct CatalogueScope: Sendable, Hashable {
    package var interface: InterfaceID
    package var partition: String?

    package init(_ interface: InterfaceID, _ partition: String?) {
        self.interface = interface
        self.partition = partition
    }
}

/// The decisions that every engine takes alike, as pure functions.
package enum CatalogueRules {
    /// How many records a run may withdraw out of `current`.
    package static func allowance(_ limit: WithdrawalLimit, of current: Int) -> Int {
        limit.approved ? .max : max(limit.records, Int(Double(current) * limit.fraction))
    }

    /// Why a run that reached its source's end is not complete: it would have withdrawn more than it may.
    ///
    /// Such a run confirms nothing about the records it did not show, so it must not move anybody's "as of" (design
    /// promise 5); it stands as stopped until the source recovers or an operator approves.
    package static func withheld(_ record: RunRecord) -> Diagnostic? {
        guard record.counts.withheld > 0 else { return nil }
        return Diagnostic(
            code: CatalogueError.Code.withdrawalsWithheld.rawValue,
            what:
                "the source no longer shows \(record.counts.withheld) records, and that is not believed: they are more "
                + "than a run may withdraw, or the list was empty, or rejects without a key may be among them",
            place: Place(
                source: record.interface.source.rawValue, interface: record.interface.name, run: record.id.rawValue),
            consequence: "No record was withdrawn, what was received is kept, and the copy is as old as it was",
            remedy: "Ask the source's owner. If the records are really gone: "
                + "`licgate sync \(record.interface) --full --approve-withdrawals`")
    }

    /// What a complete pull says that was too large to conclude anything from what it did not show.
    package static func seenOverflowed(_ record: RunRecord) -> Diagnostic {
        Diagnostic(
            .warning, code: CatalogueError.Code.absenceUnknown.rawValue,
            what: "the pull brought more records than are remembered, so what it did not show is not known",
            place: Place(
                source: record.interface.source.rawValue, interface: record.interface.name, run: record.id.rawValue),
            consequence: "The pull is complete; no record was withdrawn by absence",
            remedy: "Pull the source in `partitions`, each of which is compared by itself")
    }

    /// True when what a full pull did not show may be taken as gone.
    ///
    /// A reject without a key may be any of the absent records, and a source that shows nothing at all is a failing
    /// source, however small: both need an operator's word.
    package static func provesAbsence(_ counts: RunCounts, rejectsWithoutKey: Int, limit: WithdrawalLimit) -> Bool {
        limit.approved || (rejectsWithoutKey == 0 && counts.received > 0)
    }

    /// True when a record says nothing new: it came from the same bytes through the same mapping, or says the same.
    package static func isUnchanged(_ new: Licence, from stored: Licence) -> Bool {
        isSameReading(new.provenance, stored.provenance) || new.contentDigest == stored.contentDigest
    }

    /// True when a record came from the same bytes through the same mapping.
    package static func isSameReading(_ new: Provenance, _ stored: Provenance) -> Bool {
        new.payloadDigest == stored.payloadDigest && new.mappingRevision == stored.mappingRevision
    }

    /// True when a record received well ends the stay of a reject with the same key.
    ///
    /// A late record (older than what is stored) proves nothing about a reject whose version nobody could read.
    package static func ends(reject: SourceVersion?, by record: SourceVersion, late: Bool) -> Bool {
        guard late else { return record.replaces(reject ?? .arrival) }
        guard case .declared = record, let reject, case .declared = reject else { return false }
        return record.replaces(reject)
    }

    /// True when an open reject may be a newer version of what is stored.
    package static func doubts(reject: SourceVersion?, stored: SourceVersion) -> Bool {
        (reject ?? .arrival).replaces(stored)
    }

    /// The same code in the other length, 15 or 18 digits, in which another kind of code would keep it.
    ///
    /// Only resident numbers are widened, so a record of another kind with the 15 digits has another canonical code.
    package static func otherForm(of holder: HolderReference) -> String? {
        let code = holder.canonicalCode
        guard holder.kind == .residentIdentityNumber else { return ResidentIdentityNumber.widened(code) }
        let digits = Array(code.utf8)
        guard digits.count == 18, digits[6] == 49, digits[7] == 57 else { return nil }
        let short = String(decoding: digits[0..<6] + digits[8..<17], as: UTF8.self)
        return ResidentIdentityNumber.widened(short) == code ? short : nil
    }

    /// True when two holders' codes are the same code under different kinds.
    package static func sameCode(_ stored: HolderReference, _ asked: HolderReference) -> Bool {
        if stored.canonicalCode == asked.canonicalCode { return true }
        guard asked.kind == .residentIdentityNumber || stored.kind == .residentIdentityNumber else { return false }
        return otherForm(of: asked) == stored.canonicalCode
    }

    /// What makes a reject the same reject when a later pull brings it again: its place in the city and its bytes.
    ///
    /// Without this a record that stays unreadable would be quarantined anew by every full pull.
    package static func identity(of reject: Reject, in scope: CatalogueScope) -> Digest256 {
        var text = "\(scope.interface)\u{0}\(scope.partition ?? "")\u{0}\(reject.key?.joined ?? "")\u{0}"
        if let field = reject.field { text += "field \(field)\u{0}" }
        if reject.raw.isEmpty { text += "\(reject.reason.code)\u{0}\(reject.reason.place.words)" }
        return SHA256.digest(Array(text.utf8) + SHA256.digest(reject.raw).bytes)
    }

    /// The fields a page sets aside: their rejects stay while their records come again as they are.
    package static func fieldRejects(_ page: PageCommit, in scope: CatalogueScope) -> Set<Digest256> {
        var out: Set<Digest256> = []
        for reject in page.rejects where reject.field != nil {
            var reject = reject
            reject.partition = scope.partition
            out.insert(identity(of: reject, in: scope))
        }
        return out
    }

    /// What a reject counts against the quarantine's limit: its bytes and a round sum for the rest of it.
    package static func weight(of reject: Reject) -> Int { weight(ofRaw: reject.raw.count) }

    /// The same, by the number of raw bytes.
    package static func weight(ofRaw count: Int) -> Int { count + 512 }

    /// Refuses a page that does not belong to its run.
    package static func check(_ page: PageCommit, of interface: InterfaceID) throws(CatalogueError) {
        guard page.page >= 1 else { throw .misuse("A page has a number below 1", run: page.run) }
        for record in page.records where record.interface != interface || record.key.source != interface.source {
            throw .misuse("A record of a page names another interface than its run", run: page.run, page: page.page)
        }
        for reject in page.rejects
        where reject.interface != interface || (reject.key.map { $0.source != interface.source } ?? false) {
            throw .misuse("A reject of a page names another interface than its run", run: page.run, page: page.page)
        }
        for tombstone in page.tombstones where tombstone.key.source != interface.source {
            throw .misuse("A tombstone of a page names another source than its run", run: page.run, page: page.page)
        }
        try checkCursor(page.resume, run: page.run)
    }

    /// Refuses a cursor above the limit of 4 KiB.
    package static func checkCursor(_ resume: ResumeCursor?, run: RunID) throws(CatalogueError) {
        if let resume, resume.rawValue.utf8.count > 4096 {
            throw .misuse("A resume cursor is longer than 4 KiB", run: run)
        }
    }

    /// Refuses a limit out of range.
    package static func checkLimit(_ limit: Int, upTo most: Int) throws(CatalogueError) {
        guard (1...most).contains(limit) else { throw .misuse("A limit lies outside 1 to \(most)") }
    }
}

extension RunRecord {
    /// Notes something to know on the record of a run that is complete.
    package mutating func note(_ finding: Diagnostic) {
        code = finding.code
        message = finding.text
    }

    /// Ends the record of a run as stopped, with the finding that stopped it.
    package mutating func stop(_ finding: Diagnostic?) {
        outcome = .stopped
        code = finding?.code
        message = finding?.text
    }
}
