// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import Synchronization

/// The requests a source and its interfaces may be asked in a day, midnight to midnight in Asia/Shanghai.
///
/// Requests are set aside in small lots before they are made, so a killed program never forgets one it made; it may
/// count up to a lot that it did not.
final class RequestQuota: Sendable {
    private struct Lot {
        var day = 0
        var left = 0
        var isUsedUp = false
    }
    private let limits: [String: Int]
    private let source: String
    private let tally: any RequestTally
    private let lots = Mutex<[String: Lot]>([:])

    init(_ manifest: SourceManifest, tally: any RequestTally) {
        source = manifest.id.rawValue
        self.tally = tally
        var limits: [String: Int] = [:]
        if let quota = manifest.limits.dailyQuota { limits[manifest.id.rawValue] = quota }
        for interface in manifest.interfaces {
            if let quota = interface.dailyQuota { limits["\(manifest.id.rawValue)/\(interface.name)"] = quota }
        }
        self.limits = limits
    }

    /// Counts one request.
    ///
    /// Throws `source.quota_used`, to be tried again at the next midnight.
    func take(_ interface: String?, _ clock: any GatewayClock, _ place: Place) async throws(SourceError) {
        for name in [interface.map { "\(source)/\($0)" }, source].compactMap({ $0 }) {
            guard let quota = limits[name] else { continue }
            let now = clock.now
            guard await take(name, quota, PullSchedule.dayNumber(of: now)) else {
                let again = PullSchedule.nextDay(after: now)
                throw SourceError(
                    .quotaUsed, "the \(quota) requests that may be made a day are used up", place: place,
                    consequence: "Nothing was asked; it is asked again from \(again.iso8601) on",
                    remedy: "Nothing until then; ask the owner for more (`daily_quota`), or move the schedule",
                    recovery: .retry(after: again - now))
            }
        }
    }

    /// Takes one of the lot at hand, or sets a new lot aside; false when the day's requests are used up.
    private func take(_ name: String, _ quota: Int, _ day: Int) async -> Bool {
        while true {
            let known: Bool? = lots.withLock { lots in
                var lot = lots[name].flatMap { $0.day == day ? $0 : nil } ?? Lot(day: day)
                defer { lots[name] = lot }
                if lot.left > 0 {
                    lot.left -= 1
                    return true
                }
                return lot.isUsedUp ? false : nil
            }
            if let known { return known }
            let size = max(1, min(50, quota / 100))
            let sum = await tally.setAside(size, for: name, day: day)
            let granted = min(size, quota - (sum - size))
            lots.withLock { lots in
                var lot = lots[name].flatMap { $0.day == day ? $0 : nil } ?? Lot(day: day)
                if granted > 0 { lot.left += granted } else { lot.isUsedUp = true }
                lots[name] = lot
            }
        }
    }
}
