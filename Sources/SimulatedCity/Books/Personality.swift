// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// The habit of an interface while personalities are on: small troubles of every day, never two in a row.
///
/// Shape: which interface has which habit depends on the seed and its number alone, and so does which of its requests
/// are struck. A caller that asks again gets its answer.
public enum Personality: String, Sendable, CaseIterable {
    /// Answers as it should.
    case steady
    /// Drips every answer.
    case slow
    /// One request in ten gets HTTP 503, or the connection is reset.
    case flaky
    /// One answer in three has a field that no document names.
    case drifting
    /// Is gone for twenty minutes every night, announced or not.
    case nightlyDown = "nightly_down"
    /// One answer in twelve ends in its middle.
    case truncating
    /// One request in twelve gets HTTP 200 and a body that says that something went wrong.
    case okWithError = "ok_with_error"
    /// In one walk through its pages in four the declared total shrinks on the way.
    case changingTotals = "changing_totals"

    /// The habit of an interface; four in ten are steady.
    static func of(_ number: Int, seed: UInt64) -> Personality {
        var dice = Dice(seed, 0xBAD, UInt64(number))
        return dice.chance(40) ? .steady : dice.pick(Array(allCases.dropFirst()))
    }

    /// What becomes of a request, by its number.
    func strikes(_ request: Int, of number: Int, seed: UInt64) -> CityFault? {
        var dice = Dice(seed, 0xBADD, UInt64(number), UInt64(request))
        switch self {
        case .slow: return .slow
        case .flaky: return dice.chance(10) ? (dice.chance(50) ? .unavailable : .reset) : nil
        case .truncating: return dice.chance(8) ? .truncated : nil
        case .okWithError: return dice.chance(8) ? .statusOKWithError : nil
        case .steady, .drifting, .nightlyDown, .changingTotals: return nil
        }
    }

    /// The minutes of the day, in Asia/Shanghai, at which a `nightlyDown` interface is gone.
    static func night(of number: Int, seed: UInt64) -> Range<Int> {
        var dice = Dice(seed, 0xDA4C, UInt64(number))
        let from = 60 + dice.below(240)
        return from..<from + 20
    }
}
