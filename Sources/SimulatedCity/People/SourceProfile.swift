// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// What is fixed about one simulated source: its types, its words and its habits.
struct SourceProfile: Sendable {
    let id: SourceID
    /// Stable for ever: seeds and ports depend on it.
    let number: Int
    /// The interface that is pulled, or the first that is asked.
    let interface: String
    let types: [CityType]
    /// The source's words for a status, by the status they mean.
    let words: [(status: LicenceStatus, word: String)]
    /// True when the source's records carry a region code, of this many digits.
    let regionDigits: Int?
    /// True when the source states a trust grade.
    let graded: Bool
    /// True when each inhabitant has one record of each type, as in an identity register.
    let register: Bool
    let pageSize: Int

    /// A status the table of the source does not have.
    let strangeWord: String

    func word(_ status: LicenceStatus) -> String { words.first { $0.status == status }?.word ?? strangeWord }

    static let all: [SourceProfile] = [
        SourceProfile(
            id: SourceID("yuhua-e-licence"), number: 1, interface: "licences", types: CityType.yuhua,
            words: [(.valid, "有效"), (.expired, "过期"), (.cancelled, "注销"), (.revoked, "撤销")], regionDigits: nil,
            graded: true, register: false, pageSize: 50, strangeWord: "冻结"),
        SourceProfile(
            id: SourceID("cs-transport"), number: 2, interface: "licences", types: CityType.transport,
            words: [
                (.valid, "10"), (.superseded, "01"), (.expired, "02"), (.cancelled, "03"), (.revoked, "04"),
                (.withdrawn, "05"), (.unknown, "09"),
            ], regionDigits: 12, graded: false, register: false, pageSize: 500, strangeWord: "77"),
        SourceProfile(
            id: SourceID("cs-real-estate"), number: 3, interface: "certificates", types: CityType.realEstate,
            words: [(.valid, "1"), (.cancelled, "2")], regionDigits: nil, graded: false, register: false,
            pageSize: 200, strangeWord: "7"),
        SourceProfile(
            id: SourceID("cs-health"), number: 4, interface: "certificates", types: CityType.health,
            words: [(.valid, "1"), (.suspended, "2"), (.cancelled, "3"), (.withdrawn, "4"), (.expired, "5")],
            regionDigits: nil, graded: true, register: false, pageSize: 200, strangeWord: "8"),
        SourceProfile(
            id: SourceID("cs-education"), number: 5, interface: "certificates", types: CityType.education,
            words: [(.valid, "正常"), (.cancelled, "注销"), (.expired, "过期")], regionDigits: 6, graded: false,
            register: false, pageSize: 0, strangeWord: "封存"),
        SourceProfile(
            id: SourceID("hunan-provincial-platform"), number: 6, interface: "resident-identity",
            types: CityType.platform,
            words: [(.valid, "0"), (.cancelled, "21"), (.expired, "22"), (.restricted, "23")], regionDigits: nil,
            graded: true, register: true, pageSize: 100, strangeWord: "24"),
    ]
}
