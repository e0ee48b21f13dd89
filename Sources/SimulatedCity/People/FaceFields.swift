// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// The fields on the face of a licence beyond the standard's metadata, by the source's own names.
enum FaceFields {
    static func make(
        _ profile: SourceProfile, _ type: CityType, holders: [Holder],
        term: (from: CalendarDay, until: Validity.End), _ dice: inout Dice
    ) -> [FaceField] {
        let address = address(&dice)
        switch profile.number {
        case 1:
            var fields = [FaceField("premisesAddress", address)]
            if dice.chance(30) { fields.append(FaceField("remark", "复核后换发")) }
            return fields
        case 2:
            return [
                FaceField("business_scope", dice.pick(["普通货运", "道路旅客运输", "网络预约出租汽车客运", "机动车维修"])),
                // A decimal whose last zero must survive, and a number beyond 53 bits.
                FaceField("tonnage", "\(1 + dice.below(40)).\(dice.below(10))0"),
                FaceField("archive_no", "43010000\(padded(dice.below(1_000_000_000), 10))"),
                FaceField("address", address),
            ]
        case 3:
            var fields = [
                FaceField("KZ_ZL", address),
                FaceField("KZ_MJ", "\(40 + dice.below(200)).\(padded(dice.below(100), 2))"),
            ]
            if dice.chance(50) { fields.append(FaceField("KZ_BZ", "共同共有 <附记> & 其他")) }
            return fields
        case 4:
            return [
                FaceField("practicePlace", address),
                FaceField("registrationNo", "0\(padded(dice.below(100_000_000), 12))"),
            ]
        case 5:
            return [
                FaceField("school_name", "长沙市第\(1 + dice.below(60))中学, \"本部\""),
                FaceField("major", dice.pick(["计算机应用", "护理", "学前教育", "机电技术", "普通科"])),
            ]
        default:
            return [FaceField("address", address), FaceField("nation", dice.pick(["汉", "汉", "汉", "土家", "苗", "侗"]))]
        }
    }

    private static func address(_ dice: inout Dice) -> String {
        let district = dice.pick(["芙蓉区", "天心区", "岳麓区", "开福区", "雨花区", "望城区", "长沙县"])
        return "长沙市\(district)\(dice.pick(NamePool.streets))\(1 + dice.below(900))号"
    }
}

/// Names of the authorities that issue; of kinds of bodies, never of persons.
enum AuthorityNames {
    static func name(_ source: Int, _ place: Int) -> String {
        let district = ["芙蓉区", "天心区", "岳麓区", "开福区", "雨花区", "望城区", "长沙县"][place]
        return switch source {
        case 1: ["雨花区行政审批服务局", "雨花区市场监督管理局", "雨花区民政局"][place % 3]
        case 2: "长沙市\(district)交通运输局"
        case 3: "长沙市自然资源和规划局"
        case 4: "长沙市\(district)卫生健康局"
        case 5: "长沙市\(district)教育局"
        default: "长沙市公安局\(district)分局"
        }
    }
}
