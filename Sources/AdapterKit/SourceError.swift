// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Why a source could not be asked or pulled; its `recovery` says what the program does next.
public struct SourceError: DiagnosedError {
    /// The stable name of an error; open to new ones.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// `source.<what>`, or the code of the layer below.
        public let rawValue: String
        /// Wraps a code.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The task was cancelled.
        public static let cancelled = Code(rawValue: "source.cancelled")
        /// The source could not be reached.
        public static let unreachable = Code(rawValue: "source.unreachable")
        /// It did not answer in time.
        public static let timedOut = Code(rawValue: "source.timed_out")
        /// 401, or a business code that says so.
        public static let unauthenticated = Code(rawValue: "source.unauthenticated")
        /// 403, or a business code that says so.
        public static let forbidden = Code(rawValue: "source.forbidden")
        /// 429 or a used-up quota.
        public static let throttled = Code(rawValue: "source.throttled")
        /// 5xx, or a business code that says "try later".
        public static let unavailable = Code(rawValue: "source.unavailable")
        /// Another HTTP status than declared.
        public static let unexpectedStatus = Code(rawValue: "source.unexpected_status")
        /// HTTP 200 and something that is not what the manifest declares (an HTML page, say).
        public static let notAPage = Code(rawValue: "source.not_a_page")
        /// The business status says broken, or says nothing that is declared.
        public static let businessStatus = Code(rawValue: "source.business_status")
        /// The answer lacks what the manifest declares (list, total, token).
        public static let shape = Code(rawValue: "source.shape")
        /// The same page or token twice.
        public static let pagingLoop = Code(rawValue: "source.paging_loop")
        /// The total shrank while paging.
        public static let totalShrank = Code(rawValue: "source.total_shrank")
        /// The source ended before its declared total.
        public static let totalMismatch = Code(rawValue: "source.total_mismatch")
        /// A link to another origin.
        public static let foreignLink = Code(rawValue: "source.foreign_link")
        /// More pages than the manifest allows.
        public static let tooManyPages = Code(rawValue: "source.too_many_pages")
        /// The cursor went back.
        public static let cursorWentBack = Code(rawValue: "source.cursor_went_back")
        /// Too many rejects: the run stopped before the page that crossed the budget.
        public static let tooManyRejects = Code(rawValue: "source.too_many_rejects")
        /// The quota of the day is used up.
        public static let quotaUsed = Code(rawValue: "source.quota_used")
        /// A page cannot be left out: only its answer says where the next one is.
        public static let pageNotSkippable = Code(rawValue: "source.page_not_skippable")
        /// Only as a note: so many records came that not every pair of them was compared.
        public static let doublesUnchecked = Code(rawValue: "source.doubles_unchecked")
        /// The question is not one this interface takes.
        public static let questionNotSupported = Code(rawValue: "source.question_not_supported")
        /// The manifest or the configuration cannot work.
        public static let configuration = Code(rawValue: "source.configuration")
        /// One record could not be mapped; only inside a `Reject` or from `remap`.
        public static let recordUnmapped = Code(rawValue: "source.record_unmapped")
    }

    /// What the program does next.
    public enum Recovery: Sendable, Hashable {
        /// Try again, after this long at least when the source said so.
        case retry(after: Duration?)
        /// Stop the run; the cursor stays; the next slot tries again.
        case stopRun
        /// Stop and tell a person: trying again will not help.
        case fixConfiguration
        /// Nothing failed: the caller gave up.
        case cancelled
    }

    /// Which error.
    public var code: Code
    /// The whole finding.
    public var diagnostic: Diagnostic
    /// What the program does next.
    public var recovery: Recovery
    /// The HTTP status, when there was one.
    public var httpStatus: Int?
    /// How a repeat waits, when the manifest says so; nil leaves it to the program.
    public var wait: RetryWait?
    /// True when the manifest says that such a page is left out: the run goes on and cannot be complete.
    public var skipsPage = false

    /// Makes an error.
    public init(
        _ code: Code, _ what: String, place: Place = Place(), consequence: String? = nil, remedy: String,
        recovery: Recovery, httpStatus: Int? = nil
    ) {
        self.code = code
        self.diagnostic = Diagnostic(
            code: code.rawValue, what: what, place: place, consequence: consequence, remedy: remedy)
        self.recovery = recovery
        self.httpStatus = httpStatus
    }

    /// Wraps a finding of a layer below, keeping its code and text.
    public init(_ diagnostic: Diagnostic, recovery: Recovery, httpStatus: Int? = nil) {
        self.code = Code(rawValue: diagnostic.code)
        self.diagnostic = diagnostic
        self.recovery = recovery
        self.httpStatus = httpStatus
    }

    /// True when trying again may help.
    public var isRetriable: Bool {
        if case .retry = recovery { return true }
        return false
    }
}
