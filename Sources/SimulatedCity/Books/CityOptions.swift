// SPDX-License-Identifier: Apache-2.0
public import Diagnostics
public import LicenceModel

/// How a simulated city is made.
public struct CityOptions: Sendable {
    /// The seed on which every value depends.
    public var seed: UInt64
    /// Records of each source that `recordsPerSource` does not name.
    public var records: Int
    /// The share of what the real sources hold, instead of `records`: 0.001 makes a thousandth, of each row 150 at least.
    public var scale: Double?
    /// Records of each provincial interface.
    public var rowRecords: Int
    /// The sources that are served; nil: all.
    public var only: Set<SourceID>?
    /// Records by source; 0 leaves the source there and empty.
    ///
    /// For the provincial interfaces: records of each.
    public var recordsPerSource: [SourceID: Int]
    /// Every so many-th record is spoiled on purpose (unknown status, impossible date, unknown type, in turn); 0: none.
    public var spoiledEvery: Int
    /// How many in a hundred records a new generation changes, 1 to 50.
    public var changedPercent: Int
    /// Generations that have passed at the start, 0 to 20: each has changed `changedPercent` of the records.
    public var generation: Int
    /// The folder that file drops are written to; nil leaves sources that drop files out.
    public var dropFolder: String?
    /// The first of the ports, one for each source and one for control; 0 lets the machine choose.
    public var port: Int
    /// The day from which times of change are counted back; content does not depend on it.
    public var today: CalendarDay
    /// The control endpoint's token; nil makes a random one.
    public var controlToken: String?
    /// The pause between the eleven parts in which a slow source answers.
    public var slowPauseMilliseconds: Int
    /// Planned downtime windows are kept, by `clock`.
    public var windows = false
    /// Daily quotas are counted, by `clock`.
    public var quotas = false
    /// Interfaces have their habits.
    public var personalities = false
    /// What the city takes for the time of day.
    public var clock: any GatewayClock = SystemGatewayClock()

    /// Makes options: 2,000 records a system, 200 a provincial interface, none spoiled, no windows, quotas or habits.
    public init(
        seed: UInt64 = 20_261_125, records: Int = 2_000, scale: Double? = nil, rowRecords: Int = 200,
        only: Set<SourceID>? = nil, recordsPerSource: [SourceID: Int] = [:],
        spoiledEvery: Int = 0, changedPercent: Int = 1, generation: Int = 0, dropFolder: String? = nil, port: Int = 0,
        today: CalendarDay = CalendarDay(number: 20_777), controlToken: String? = nil,
        slowPauseMilliseconds: Int = 250
    ) {
        self.seed = seed
        self.records = records
        self.scale = scale
        self.rowRecords = rowRecords
        self.only = only
        self.recordsPerSource = recordsPerSource
        self.spoiledEvery = spoiledEvery
        self.changedPercent = changedPercent
        self.generation = generation
        self.dropFolder = dropFolder
        self.port = port
        self.today = today
        self.controlToken = controlToken
        self.slowPauseMilliseconds = slowPauseMilliseconds
    }

    /// How many records an interface has.
    func count(of profile: SourceProfile) -> Int {
        // Fewer than 150 and a row might not know the licence its golden question asks for.
        let least = profile.number > 1000 ? 150 : 1
        let scaled = scale.map { max(least, Int((Double(profile.approximateRecords) * $0).rounded())) }
        let asked = recordsPerSource[profile.id] ?? scaled ?? (profile.number > 1000 ? rowRecords : records)
        return profile.register ? max(0, asked) / 2 * 2 : max(0, asked)
    }
}
