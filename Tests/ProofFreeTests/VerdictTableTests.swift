// SPDX-License-Identifier: Apache-2.0
import CatalogueContract
import Diagnostics
import Foundation
import LicenceModel
import ProofFree
import Testing

/// How the only source of the type stands.
enum Situation: String, CaseIterable, Sendable {
    case never = "first pull still running"
    case partial = "first pull stopped half-way"
    case complete = "complete"
    case failedSince = "complete, last run failed, copy within its limit"
    case down = "complete, health says down, copy within its limit"
    case stale = "complete, copy older than its limit"
    case failedStale = "copy older than its limit, last run failed"
    case downStale = "copy older than its limit, health says down"
    case lostTooMuch = "last full pull came back all but empty"
    case paused = "paused"
    case retired = "retired"
}

/// What the catalogue has for the holder.
enum Stored: String, CaseIterable, Sendable {
    case valid = "valid record"
    case expired = "expired record"
    case removed = "record withdrawn"
    case absent = "none"
    case newerWithKey = "valid, newer unreadable (key known)"
    case newerWithHolder = "valid, unreadable one names the holder"
    case newerWithNeither = "valid, unreadable one names nobody"
    case unreadableOfHolder = "none, unreadable one names the holder"
    case unreadableOfNobody = "none, unreadable one names nobody"
}

@Suite("The verdict table") struct VerdictTable {
    /// The cells, in the order of `Stored`; written by hand, from the design's promises, not from the code.
    static let cells: [Situation: [String]] = [
        .never: [
            "holds", "cannot_tell(never_synced)", "cannot_tell(never_synced)", "cannot_tell(never_synced)",
            "cannot_tell(newer_version_unreadable)", "cannot_tell(record_unreadable)", "holds",
            "cannot_tell(never_synced)", "cannot_tell(never_synced)",
        ],
        .partial: [
            "holds", "cannot_tell(never_synced)", "cannot_tell(never_synced)", "cannot_tell(never_synced)",
            "cannot_tell(newer_version_unreadable)", "cannot_tell(record_unreadable)", "holds",
            "cannot_tell(never_synced)", "cannot_tell(never_synced)",
        ],
        .complete: [
            "holds", "does_not_hold(expired)", "does_not_hold(removed_by_source)", "no_record",
            "cannot_tell(newer_version_unreadable)", "cannot_tell(record_unreadable)", "holds",
            "cannot_tell(record_unreadable)", "cannot_tell(record_unreadable)",
        ],
        .failedSince: [
            "holds", "does_not_hold(expired)", "does_not_hold(removed_by_source)", "no_record",
            "cannot_tell(newer_version_unreadable)", "cannot_tell(record_unreadable)", "holds",
            "cannot_tell(record_unreadable)", "cannot_tell(record_unreadable)",
        ],
        .down: [
            "holds", "does_not_hold(expired)", "does_not_hold(removed_by_source)", "no_record",
            "cannot_tell(newer_version_unreadable)", "cannot_tell(record_unreadable)", "holds",
            "cannot_tell(record_unreadable)", "cannot_tell(record_unreadable)",
        ],
        .stale: [
            "cannot_tell(stale_copy)", "cannot_tell(stale_copy)", "cannot_tell(stale_copy)",
            "cannot_tell(stale_copy)", "cannot_tell(newer_version_unreadable)", "cannot_tell(stale_copy)",
            "cannot_tell(stale_copy)", "cannot_tell(stale_copy)", "cannot_tell(stale_copy)",
        ],
        .failedStale: [
            "cannot_tell(source_down)", "cannot_tell(source_down)", "cannot_tell(source_down)",
            "cannot_tell(source_down)", "cannot_tell(newer_version_unreadable)", "cannot_tell(source_down)",
            "cannot_tell(source_down)", "cannot_tell(source_down)", "cannot_tell(source_down)",
        ],
        .downStale: [
            "cannot_tell(source_down)", "cannot_tell(source_down)", "cannot_tell(source_down)",
            "cannot_tell(source_down)", "cannot_tell(newer_version_unreadable)", "cannot_tell(source_down)",
            "cannot_tell(source_down)", "cannot_tell(source_down)", "cannot_tell(source_down)",
        ],
        .lostTooMuch: [
            "cannot_tell(source_down)", "cannot_tell(source_down)", "cannot_tell(source_down)",
            "cannot_tell(source_down)", "cannot_tell(newer_version_unreadable)", "cannot_tell(source_down)",
            "cannot_tell(source_down)", "cannot_tell(source_down)", "cannot_tell(source_down)",
        ],
        .paused: [
            "cannot_tell(paused)", "cannot_tell(paused)", "cannot_tell(paused)", "cannot_tell(paused)",
            "cannot_tell(paused)", "cannot_tell(paused)", "cannot_tell(paused)", "cannot_tell(paused)",
            "cannot_tell(paused)",
        ],
        .retired: [
            "cannot_tell(no_source)", "cannot_tell(no_source)", "cannot_tell(no_source)", "cannot_tell(no_source)",
            "cannot_tell(no_source)", "cannot_tell(no_source)", "cannot_tell(no_source)", "cannot_tell(no_source)",
            "cannot_tell(no_source)",
        ],
    ]

    @Test(arguments: Situation.allCases, Stored.allCases)
    func `has the right verdict in each cell`(_ situation: Situation, _ stored: Stored) async throws {
        let answer = try await Self.city(situation, stored).ask()
        let index = try #require(Stored.allCases.firstIndex(of: stored))
        #expect(answer.verdict.words == Self.cells[situation]?[index])
        // Whatever is stored is shown, also when it may not answer.
        let isStored = ![.absent, .unreadableOfHolder, .unreadableOfNobody].contains(stored)
        #expect(answer.records.isEmpty == !isStored)
        #expect(answer.passport.ruleVersion == AnswerDesk.ruleVersion)
    }

    @Test func `is the one on the reference page`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/reference/verdicts.md"), encoding: .utf8)
        let lines = Self.markdown
        let missing = lines.filter { !page.contains($0) }
        #expect(missing == [], "docs/reference/verdicts.md should contain:\n\(lines.joined(separator: "\n"))")
    }

    static var markdown: [String] {
        let head = "| the source | " + Stored.allCases.map(\.rawValue).joined(separator: " | ") + " |"
        return [head]
            + Situation.allCases.map { row in
                "| " + row.rawValue + " | " + (cells[row] ?? []).map { "`\($0)`" }.joined(separator: " | ") + " |"
            }
    }

    static func city(_ situation: Situation, _ stored: Stored) async throws -> TestCity {
        var city = TestCity()
        let first: TestCity.End = situation == .never ? .running : situation == .partial ? .stopped : .complete
        var records = (2...9).map { city.licence(key: "\($0)", holder: TestCity.stranger) }
        var rejects: [Reject] = []
        switch stored {
        case .valid: records.append(city.licence())
        case .expired: records.append(city.licence(until: .day(CalendarDay(number: 20_000))))
        case .removed: records.append(city.licence())
        case .absent: break
        case .newerWithKey:
            records.append(city.licence())
            rejects.append(city.reject(key: "1", holder: TestCity.holder))
        case .newerWithHolder:
            records.append(city.licence())
            rejects.append(city.reject(holder: TestCity.holder))
        case .newerWithNeither:
            records.append(city.licence())
            rejects.append(city.reject())
        case .unreadableOfHolder: rejects.append(city.reject(holder: TestCity.holder))
        case .unreadableOfNobody: rejects.append(city.reject())
        }
        if stored == .removed {
            // A tombstone takes effect at the end of a complete run only; before that the record is an expired one.
            try await remove(&city, records, first)
        } else {
            try await city.pull(TestCity.a, records, rejects: rejects, end: first)
        }
        try await bring(&city, into: situation)
        return city
    }

    private static func remove(_ city: inout TestCity, _ records: [Licence], _ first: TestCity.End) async throws {
        guard first == .complete else {
            try await city.pull(
                TestCity.a, [city.licence(status: .cancelled)] + records.dropLast(), end: first)
            return
        }
        try await city.pull(TestCity.a, records)
        let gone = Tombstone(
            key: SourceRecordKey(source: TestCity.a, parts: ["1"]), sourceVersion: .arrival, fetchedAt: city.clock.now)
        try await city.pull(TestCity.a, tombstones: [gone], mode: .incremental)
    }

    private static func bring(_ city: inout TestCity, into situation: Situation) async throws {
        switch situation {
        case .never, .partial, .complete: city.clock.advance(.seconds(3600))
        case .failedSince:
            city.clock.advance(.seconds(3600))
            try await city.pull(end: .stopped)
        case .down:
            city.clock.advance(.seconds(3600))
            city.change(TestCity.a) { $0.isDown = true }
        case .stale: city.clock.advance(.seconds(172_801))
        case .failedStale:
            city.clock.advance(.seconds(172_000))
            try await city.pull(end: .stopped)
            city.clock.advance(.seconds(801))
        case .downStale:
            city.clock.advance(.seconds(172_801))
            city.change(TestCity.a) { $0.isDown = true }
        case .lostTooMuch:
            city.clock.advance(.seconds(172_801))
            try await city.pull(limit: WithdrawalLimit(records: 0, fraction: 0))
        case .paused: try await city.catalogue.setAvailability(.paused, of: TestCity.a, note: "test")
        case .retired: try await city.catalogue.setAvailability(.retired, of: TestCity.a, note: "test")
        }
    }
}
