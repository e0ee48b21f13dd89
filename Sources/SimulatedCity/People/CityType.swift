// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// A licence type as the city issues it; codes and names are those of `Config/licence-types.csv`, a test compares.
struct CityType: Sendable {
    /// Who can hold it.
    enum Holders: String, Sendable { case person, organisation, either }
    /// How long it runs.
    enum Term: Sendable {
        case open, varies
        case days(Int)
    }
    let code: LicenceTypeCode
    let name: String
    let holders: Holders
    let term: Term
    /// True when one licence can have several holders.
    let several: Bool

    init(_ code: String, _ name: String, _ holders: Holders, _ term: Term, several: Bool = false) {
        self.code = LicenceTypeCode(code)
        self.name = name
        self.holders = holders
        self.term = term
        self.several = several
    }
}
