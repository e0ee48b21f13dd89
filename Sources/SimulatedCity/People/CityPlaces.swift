// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// Addresses and districts that stand on faces.
enum CityPlaces {
    static let districts = ["芙蓉区", "天心区", "岳麓区", "开福区", "雨花区", "望城区", "长沙县"]

    static func address(_ dice: inout Dice) -> String {
        let district = dice.pick(districts)
        return "长沙市\(district)\(dice.pick(NamePool.streets))\(1 + dice.below(900))号"
    }
}
