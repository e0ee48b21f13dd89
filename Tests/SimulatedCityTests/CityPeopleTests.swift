// SPDX-License-Identifier: Apache-2.0
import LicenceModel
import SimulatedCity
import Testing

@Suite struct `The city's people` {
    @Test(arguments: [UInt64(1), 7, 20_261_125])
    func `have valid numbers that tell whose they are`(seed: UInt64) {
        let people = CityPeople(seed: seed)
        for place in [0, 1, 2, 17, 999, 12_345, 1_000_000, 7_000_101, 9_000_001] {
            for holder in [people.person(place), people.organisation(place)] {
                #expect(holder.kind.check(holder.code) != .malformed)
                #expect(holder.kind.check(holder.code) != .checkFailed)
                #expect(people.place(of: holder.code, kind: holder.kind) == place)
            }
            #expect(HolderCodeKind.residentIdentityNumber.check(people.residentNumber(place)) == .ok)
        }
    }

    @Test func `do not own the numbers of the standards' examples`() {
        let people = CityPeople(seed: 20_261_125)
        for code in ["430102199003070020", "11010519491231002X", "430102199003070021", "x"] {
            let place = people.place(of: code, kind: .residentIdentityNumber)
            #expect(place == nil || (place ?? 0) > 1_000_000)
        }
    }
}
