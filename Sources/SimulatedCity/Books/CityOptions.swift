// SPDX-License-Identifier: Apache-2.0
public import LicenceModel

/// How a simulated city is made.
public struct CityOptions: Sendable {
    /// The seed on which every value depends.
    public var seed: UInt64
    /// Records of each source that `recordsPerSource` does not name.
    public var records: Int
    /// Records by source; 0 leaves the source there and empty.
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

    /// Makes options: 2,000 records a source, none spoiled.
    public init(
        seed: UInt64 = 20_261_125, records: Int = 2_000, recordsPerSource: [SourceID: Int] = [:],
        spoiledEvery: Int = 0, changedPercent: Int = 1, generation: Int = 0, dropFolder: String? = nil, port: Int = 0,
        today: CalendarDay = CalendarDay(number: 20_777), controlToken: String? = nil,
        slowPauseMilliseconds: Int = 250
    ) {
        self.seed = seed
        self.records = records
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
}
