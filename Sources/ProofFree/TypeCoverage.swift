// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// Which sources are declared for a licence type, and how they stand; the program's assembly implements it.
public protocol TypeCoverage: Sendable {
    /// The interfaces declared for a type, pulled or not; all of them for nil.
    ///
    /// An interface that only answers questions one at a time belongs here too: it has never been pulled, so while it
    /// is declared nothing is known to be absent. Limit: thousands; called once or twice a question.
    func interfaces(for type: LicenceTypeCode?, at now: Timestamp) async -> [DeclaredInterface]
}

/// One interface as declared, and what its health says.
public struct DeclaredInterface: Sendable, Hashable {
    /// The interface.
    public var id: InterfaceID
    /// The partitions it is pulled in; empty when it is pulled whole.
    public var partitions: [String]
    /// The source's name, shown to people.
    public var sourceName: String
    /// The time between two pulls by its schedule, the longest gap; nil when it is pulled by hand.
    public var period: Duration?
    /// How old a copy may be and still answer; nil means twice the period.
    public var copyLimit: Duration?
    /// True when the interface's last health verdict is "down".
    public var isDown: Bool
    /// When it will be worth asking again: the end of planned downtime, else the next slot.
    public var retryAt: Timestamp?
    /// True for a simulation.
    public var simulated: Bool

    /// Declares an interface.
    public init(
        id: InterfaceID, partitions: [String] = [], sourceName: String, period: Duration? = nil,
        copyLimit: Duration? = nil, isDown: Bool = false, retryAt: Timestamp? = nil, simulated: Bool = false
    ) {
        self.id = id
        self.partitions = partitions
        self.sourceName = sourceName
        self.period = period
        self.copyLimit = copyLimit
        self.isDown = isDown
        self.retryAt = retryAt
        self.simulated = simulated
    }
}

/// What an operator may set about answers.
public struct ProofFreeSettings: Sendable, Hashable {
    /// The copy limit of an interface that has neither a limit nor a schedule.
    public var copyLimitWithoutSchedule: Duration
    /// How many records one answer may weigh, 1 to 1,000; more is `cannotTell(tooMany)`.
    public var recordsMax: Int

    /// Makes settings; two days and a thousand records.
    public init(copyLimitWithoutSchedule: Duration = .seconds(172_800), recordsMax: Int = 1000) {
        self.copyLimitWithoutSchedule = copyLimitWithoutSchedule
        self.recordsMax = recordsMax
    }

    func copyLimit(of interface: DeclaredInterface) -> Duration {
        interface.copyLimit ?? interface.period.map { $0 * 2 } ?? copyLimitWithoutSchedule
    }
}
