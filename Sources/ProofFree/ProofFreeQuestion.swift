// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract
public import LicenceModel

/// A question at a service window (免证办): whether this holder, or this licence, counts on this day.
public struct ProofFreeQuestion: Sendable, Hashable {
    /// Whom or what it is about: a holder with or without a type, a number of a type, or an identifier.
    ///
    /// Without a type it asks for any licence at all, and only every source together could say "no record".
    public var about: CatalogueQuery
    /// The day in question; nil means today in UTC+8.
    public var on: CalendarDay?
    /// Who asks, and why.
    public var asking: QuestionContext

    /// Makes a question.
    public init(about: CatalogueQuery, on: CalendarDay? = nil, asking: QuestionContext) {
        self.about = about
        self.on = on
        self.asking = asking
    }
}

/// Who asks, for which matter and why; carried from the first day, so that an audit can be added without a change.
public struct QuestionContext: Sendable, Hashable {
    /// The system that asks.
    public var system: String
    /// The operator, by the asking system's own account name.
    public var operatorAccount: String?
    /// The service matter's code (事项编码).
    public var matter: String?
    /// The purpose.
    public var purpose: String

    /// Makes a context.
    public init(system: String, operatorAccount: String? = nil, matter: String? = nil, purpose: String) {
        self.system = system
        self.operatorAccount = operatorAccount
        self.matter = matter
        self.purpose = purpose
    }
}

extension CatalogueQuery {
    /// The licence type asked about, when the question names one.
    var typeCode: LicenceTypeCode? {
        switch self {
        case .identifier: nil
        case .number(_, let type): type
        case .holder(_, let type): type
        }
    }

    /// True when the code asked with has nothing in it: then nobody is asked about.
    var isEmpty: Bool {
        switch self {
        case .identifier(let text): LicenceIdentifier(text).canonical.isEmpty
        case .number(let number, _): number.canonical.isEmpty
        case .holder(let holder, _): holder.canonicalCode.isEmpty
        }
    }

    /// What can be said of the code asked with: a slip of the finger must not read like a missing licence.
    var codeCheck: HolderCodeCheck {
        if isEmpty { return .malformed }
        switch self {
        case .identifier(let text):
            return switch LicenceIdentifier(text).conformance {
            case .conforming: .ok
            case .checkFailed: .checkFailed
            case .nonconforming: .malformed
            }
        case .number: return .notChecked
        case .holder(let holder, _): return holder.kind.check(holder.canonicalCode)
        }
    }
}
