// SPDX-License-Identifier: Apache-2.0
public import LicenceModel

/// One interface by itself, as a rehearsal or a test needs it.
extension RunningCity {
    /// Every interface that is served, in the order of ports and rows.
    ///
    /// A register counts as one: its types are asked through interfaces of their own, over the same records.
    public var interfaces: [InterfaceID] {
        sources.flatMap { source in
            (houses[source]?.books ?? []).map { InterfaceID(source, $0.profile.interface) }
        }
    }

    func book(_ interface: InterfaceID) -> SourceBook? {
        houses[interface.source]?.books.first { $0.profile.interface == interface.name }
    }

    /// What an interface holds now, as a right reader must have it.
    public func ledger(_ interface: InterfaceID) -> CityLedger {
        book(interface)?.ledger() ?? CityLedger(entries: [], spoiled: [])
    }

    /// What an interface has served so far.
    public func served(_ interface: InterfaceID) -> ServedCounts { book(interface)?.served ?? ServedCounts() }

    /// Questions whose answers are known.
    public func golden(_ interface: InterfaceID) -> [GoldenHolder] { book(interface)?.golden() ?? [] }

    /// The switch that is on, if one is.
    public func fault(_ interface: InterfaceID) -> CityFault? { book(interface)?.fault }

    /// Its habit while personalities are on.
    public func personality(_ interface: InterfaceID) -> Personality { book(interface)?.personality ?? .steady }

    /// What a golden question asks by: `holder`, `number` or `identifier`; nil for an interface that is only listed.
    public func asksBy(_ interface: InterfaceID) -> String? {
        guard let profile = book(interface)?.profile, !profile.goldenAnswers.isEmpty else { return nil }
        return profile.goldenAsk.rawValue
    }

    /// Sets the switch of one interface.
    ///
    /// On a port that it shares, `down` resets connections once the request has been read.
    public func set(_ fault: CityFault?, for interface: InterfaceID, requests: Int? = nil) throws(CityError) {
        guard let house = houses[interface.source], let book = book(interface) else { return }
        if house.books.count == 1 {
            try house.set(fault, requests: requests)
        } else {
            book.set(fault, requests: requests)
        }
    }
}
