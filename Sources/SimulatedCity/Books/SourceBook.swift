// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import LicenceModel
import Synchronization

/// The records of one source in the order of their last change, made when asked for, and the source's switch.
///
/// Memory: constant, whatever the number of records. The order after `g` generations is: records that never changed,
/// then those of generation 1, and so on; record `i` belongs to generation `r` when `i` modulo the stride is `r`.
final class SourceBook: Sendable {
    let profile: SourceProfile
    let generator: CityGenerator
    let count: Int
    let spoiledEvery: Int
    /// Its habit while personalities are on.
    let personality: Personality
    private let seed: UInt64
    private let city: CityState?
    private let stride: Int
    private let anchor: Int64
    private let step: Int64
    private let state: Mutex<State>
    let knownGolden = Mutex<[GoldenHolder]?>(nil)

    private struct State {
        var generation: Int
        var fault: CityFault?
        var faultRequests: Int?
        var served = ServedCounts()
        /// The local day of which requests are counted against the quota, and how many there were.
        var quotaDay: Int64 = 0
        var quotaUsed = 0
        /// True when the last request was struck by the habit: the next one is not.
        var wasStruck = false
        /// Walks through pages that have begun, and whether the total shrinks in the present one.
        var walks = 0
        var totalShrinks = false
        var personalityIsOff = false
    }

    init(_ profile: SourceProfile, _ options: CityOptions, generator: CityGenerator, city: CityState? = nil) {
        self.city = city
        self.profile = profile
        self.generator = generator
        seed = options.seed
        count = options.count(of: profile)
        personality = Personality.of(profile.number, seed: options.seed)
        spoiledEvery = max(0, options.spoiledEvery)
        stride = max(2, 100 / min(50, max(1, options.changedPercent)))
        anchor = options.today.start.milliseconds / 1000
        step = max(1, min(60, 20_000_000 / Int64(count + 1)))
        state = Mutex(State(generation: min(max(0, options.generation), min(20, stride - 1))))
    }

    var generation: Int { state.withLock { $0.generation } }
    var served: ServedCounts { state.withLock { $0.served } }

    /// One more generation changes; false when no more can.
    func advance() -> Bool {
        state.withLock { state in
            guard state.generation < min(20, stride - 1) else { return false }
            state.generation += 1
            return true
        }
    }

    var fault: CityFault? { state.withLock { $0.fault } }

    func set(_ fault: CityFault?, requests: Int?) {
        state.withLock {
            $0.fault = fault
            $0.faultRequests = requests
        }
    }

    /// The fault of the next request; counts it when the switch is on for a number of requests only.
    func faultOfNextRequest(_ life: CityLife) -> CityFault? {
        state.withLock { state in
            state.served.requests += 1
            var fault = state.fault
            if let left = state.faultRequests {
                if left <= 0 { fault = nil } else { state.faultRequests = left - 1 }
            }
            if fault == nil, life.personalities, !state.personalityIsOff, !state.wasStruck {
                fault = personality.strikes(state.served.requests, of: profile.number, seed: seed)
                state.wasStruck = fault != nil && fault != .slow
            } else {
                state.wasStruck = false
            }
            if let fault { state.served.troubles[fault.rawValue, default: 0] += 1 }
            return fault
        }
    }

    /// True when the day's quota is used up; counts the request otherwise.
    func exceedsQuota(day: Int64) -> Bool {
        guard let quota = profile.dailyQuota else { return false }
        return state.withLock { state in
            if state.quotaDay != day { (state.quotaDay, state.quotaUsed) = (day, 0) }
            guard state.quotaUsed < quota else {
                state.served.troubles["quota", default: 0] += 1
                return true
            }
            state.quotaUsed += 1
            return false
        }
    }

    /// Requests of the day counted against the quota.
    var quotaUsed: Int { state.withLock { $0.quotaUsed } }

    func count(trouble: String) { state.withLock { $0.served.troubles[trouble, default: 0] += 1 } }

    /// Switches this interface's habit alone.
    func setPersonality(_ isOn: Bool) { state.withLock { $0.personalityIsOff = !isOn } }

    var hasPersonality: Bool { !state.withLock { $0.personalityIsOff } }

    /// Whether the declared total shrinks on this page; a walk begins with its first page.
    func totalShrinks(offset: Int) -> Bool {
        guard personality == .changingTotals, city?.life.personalities == true else { return false }
        return state.withLock { state in
            guard !state.personalityIsOff else { return false }
            if offset == 0 {
                state.walks += 1
                var dice = Dice(seed, 0xB00C, UInt64(profile.number), UInt64(state.walks))
                state.totalShrinks = !state.totalShrinks && dice.chance(25)
            }
            if state.totalShrinks { state.served.troubles["changing_totals", default: 0] += 1 }
            return state.totalShrinks
        }
    }

    func count(pages: Int = 0, records: Int = 0, bytes: Int = 0) {
        state.withLock {
            $0.served.pages += pages
            $0.served.records += records
            $0.served.bytes += bytes
        }
    }

    // MARK: The order

    /// How many records have an index that is `residue` modulo the stride.
    private func members(_ residue: Int) -> Int { count > residue ? (count - residue - 1) / stride + 1 : 0 }

    private func unchanged(_ generation: Int) -> Int {
        generation == 0 ? count : count - (1...generation).reduce(0) { $0 + members($1) }
    }

    /// The record at a position of the order.
    func record(at position: Int, generation: Int) -> CityRecord {
        record(index: indexAt(position, generation: generation), generation: generation)
    }

    /// The record with an index.
    func record(index: Int, generation: Int) -> CityRecord {
        let version = version(index: index, generation: generation)
        let residue = index % stride
        let spoiled = spoiledEvery > 0 && index % spoiledEvery == spoiledEvery - 1
        let spoiling = spoiled ? Spoiling.allCases[index / spoiledEvery % Spoiling.allCases.count] : nil
        return generator.record(
            index, of: profile, generation: (1...20).contains(residue) && residue <= generation ? residue : 0,
            sequence: version.sequence, changedSeconds: version.seconds, spoiling: spoiling)
    }

    /// Sequence number and time of the last change of a record; both only grow along the order.
    func version(index: Int, generation: Int) -> (sequence: Int64, seconds: Int64) {
        let residue = index % stride
        guard residue >= 1, residue <= generation else {
            // Three records share a second: equal times at page boundaries are part of life.
            return (Int64(index) + 1, anchor - 172_800 - Int64(count - index) / 3 * step)
        }
        let place = index / stride
        let before = (1..<residue).reduce(0) { $0 + members($1) }
        return (
            Int64(count + before + place) + 1,
            anchor - 86_400 + Int64(residue - 1) * 3600 + Int64(place) * 3600 / Int64(members(residue))
        )
    }

    /// The first position whose version is at least the given one.
    func firstPosition(generation: Int, where isLate: (_ sequence: Int64, _ seconds: Int64) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let version = versionAt(middle, generation: generation)
            if isLate(version.sequence, version.seconds) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func versionAt(_ position: Int, generation: Int) -> (sequence: Int64, seconds: Int64) {
        version(index: indexAt(position, generation: generation), generation: generation)
    }

    private func indexAt(_ position: Int, generation: Int) -> Int {
        let still = unchanged(generation)
        if position < still {
            // Residues 1 to `generation` have moved to the end; what stays is 0, generation + 1, …
            let kept = stride - generation
            let slot = position % kept
            return position / kept * stride + (slot == 0 ? 0 : slot + generation)
        }
        var rest = position - still
        for residue in 1...max(1, generation) {
            let size = members(residue)
            if rest < size { return rest * stride + residue }
            rest -= size
        }
        return count - 1
    }
}
