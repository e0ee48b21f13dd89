// SPDX-License-Identifier: Apache-2.0

extension LicenceStatus {
    /// What a status means for the question whether a licence counts.
    public enum Meaning: Sendable, Hashable {
        /// It counts on every day of its validity.
        case counts
        /// It does not count, and never did: also for days before the status was learned.
        case never
        /// It does not count now; since when is not said, so an earlier day cannot be told.
        case notNow
        /// What its validity says: the status only repeats it.
        case asValidity
        /// It says nothing.
        case silent
    }

    /// The one table from status to verdict.
    ///
    /// `expired` repeats the validity while that has ended; where the end lies ahead or is missing, the authority's
    /// word stands against the date and the licence does not count (a lapsed licence keeps its printed date).
    public var meaning: Meaning {
        switch self {
        case .valid: .counts
        case .revoked: .never
        case .suspended, .cancelled, .withdrawn, .superseded, .transferred, .restricted: .notNow
        case .expired: .asValidity
        case .unknown: .silent
        }
    }
}

/// What one record says for one day, whatever its source's state.
public enum RecordVerdict: Sendable, Hashable {
    /// It is in force.
    case counts
    /// It is not, and why.
    case denied(DenialReason)
    /// It does not say.
    case doubtful(Doubt)
}

extension Licence {
    /// What this record says for `day`, when its source last confirmed it on `confirmed`.
    ///
    /// In this order: a validity that ends before it begins says nothing; a status that never counted or does not
    /// count now decides; then the validity; then a silent status; then a missing end. A status without a date says
    /// nothing of a day before `confirmed`, unless the validity denies that day anyway.
    public func verdict(on day: CalendarDay, confirmed: CalendarDay) -> RecordVerdict {
        let position = validity.position(of: day)
        let outside: DenialReason? =
            switch position {
            case .notYet(let from): .notYetValid(from: from)
            case .past(let until): .expired(on: until)
            case .inside, .endUnknown: nil
            }
        switch status.meaning {
        case .never: return .denied(.status(status))
        case .notNow:
            if day >= confirmed { return .denied(.status(status)) }
            if validity.isReversed { return .doubtful(.validityUnknown) }
            return outside.map { .denied($0) } ?? .doubtful(.statusUnknown)
        case .counts, .asValidity, .silent: break
        }
        if validity.isReversed { return .doubtful(.validityUnknown) }
        if let outside { return .denied(outside) }
        if status.meaning == .asValidity {
            // Inside on the day asked about, and over by the time the source said so: the two agree.
            if case .day(let last) = validity.until, last < confirmed { return .counts }
            return day >= confirmed ? .denied(.status(status)) : .doubtful(.statusUnknown)
        }
        if status.meaning == .silent { return .doubtful(.statusUnknown) }
        return position == .endUnknown ? .doubtful(.validityUnknown) : .counts
    }
}
