// SPDX-License-Identifier: Apache-2.0
import LicenceModel

/// A licence type as the city issues it; codes and names are those of `Config/licence-types.csv`, a test compares.
struct CityType: Sendable {
    /// Who can hold it.
    enum Holders: Sendable { case person, organisation, either }
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

    static let yuhua: [CityType] = [
        CityType("11100000000013127D916", "旅馆业特种行业许可证", .organisation, .varies),
        CityType("11100000000013127D917", "公章刻制业特种行业许可证", .organisation, .varies),
        CityType("11100000MBX001142J005", "最低生活保障证", .person, .varies, several: true),
        CityType("11100000MBX001142J006", "特困人员救助供养证", .person, .varies),
        CityType("11100000MBX001142J007", "最低生活保障边缘家庭证", .person, .varies, several: true),
        CityType("11100000MBX001142J012", "设立养老机构备案回执", .organisation, .open),
        CityType("11430000MBX1010710001", "老年人优待证", .person, .open),
        CityType("13100000MBX0012145001", "残疾人证", .person, .days(3650)),
        CityType("11100000MBX0013532002", "医疗机构执业许可证", .organisation, .varies),
        CityType("11100000MBX0013532003", "诊所备案凭证", .organisation, .open),
        CityType("11100000MBX0013532011", "独生子女父母光荣证", .person, .open, several: true),
        CityType("11100000MBX0013532012", "生育登记服务证", .person, .open, several: true),
        CityType("11100000MBX0013532013", "托育机构备案回执", .organisation, .open),
        CityType("11100000MBX001425T002", "公共场所卫生许可证", .organisation, .days(1460)),
        CityType("11100000MBX001492Q001", "中医诊所备案证", .organisation, .open),
        CityType("11100000MBX001564H007", "劳务派遣经营许可证", .organisation, .days(1095)),
        CityType("11100000MBX001564H016", "就业困难人员认定证明", .person, .varies),
        CityType("11100000MBX0017083002", "民办学校办学许可证", .organisation, .varies),
        CityType("11100000MBX0017083012", "民办幼儿园办学许可证", .organisation, .varies),
        CityType("11100000MBX0017083013", "校外培训机构办学许可证", .organisation, .varies),
        CityType("11100000MBX001847R001", "营业执照", .organisation, .varies),
        CityType("11100000MBX001847R002", "食品经营许可证", .organisation, .days(1825)),
        CityType("11100000MBX001847R004", "仅销售预包装食品备案凭证", .organisation, .open),
        CityType("11430000MBX101143Q001", "食品小作坊生产许可证", .either, .days(1095)),
        CityType("11430000MBX101143Q002", "小餐饮经营许可证", .either, .days(1095)),
        CityType("11430000MBX101143Q003", "食品摊贩登记卡", .person, .days(365)),
        CityType("11100000000013338W903", "建筑工程施工许可证", .organisation, .varies),
        CityType("11100000000013338W906", "商品房预售许可证", .organisation, .varies),
        CityType("11100000000013338W918", "建设工程消防验收意见书", .organisation, .open),
        CityType("11100000000013338W919", "建设工程消防验收备案凭证", .organisation, .open),
        CityType("11100000000013338W920", "房屋建筑和市政基础设施工程竣工验收备案表", .organisation, .open),
        CityType("11100000000013338W922", "城镇污水排入排水管网许可证", .organisation, .days(1825)),
        CityType("11100000000013338W923", "公共租赁住房保障资格证", .person, .varies, several: true),
        CityType("11100000000013338W925", "房屋租赁登记备案证明", .either, .varies, several: true),
        CityType("11430100MBX201144K001", "城市建筑垃圾处置核准证", .organisation, .varies),
        CityType("11430100MBX201144K002", "城市生活垃圾经营性清扫收集运输处理许可证", .organisation, .varies),
        CityType("11430100MBX201144K003", "城市道路占用挖掘许可证", .either, .days(90)),
        CityType("11430100MBX201144K004", "大型户外广告设置许可证", .either, .varies),
        CityType("11430100MBX201144K005", "城市树木砍伐移植许可证", .either, .days(180)),
        CityType("11100000000019713D008", "道路运输经营许可证", .either, .days(1460)),
        CityType("11100000000019713D013", "道路运输证", .either, .varies),
        CityType("11100000000019713D901", "机动车维修经营备案证明", .organisation, .open),
        CityType("11100000MBX0022684001", "危险化学品经营许可证", .organisation, .days(1095)),
        CityType("11100000MBX0022684009", "生产安全事故应急预案备案登记表", .organisation, .days(1095)),
        CityType("11100000MBX002401K005", "建设项目环境影响评价文件批复", .organisation, .days(1825)),
        CityType("11100000MBX002479K002", "动物诊疗许可证", .organisation, .open),
        CityType("11100000MBX0026123002", "娱乐经营许可证", .organisation, .days(730)),
        CityType("11100000MBX00268XX001", "出版物经营许可证", .either, .varies),
        CityType("11100000MBX00268XX002", "印刷经营许可证", .organisation, .varies),
        CityType("11100000MBX002751R001", "电影放映经营许可证", .organisation, .varies),
        CityType("11100000MBX002823J001", "高危险性体育项目经营许可证", .organisation, .days(1825)),
        CityType("11100000MBX0031724003", "代理记账许可证书", .organisation, .open),
        CityType("11100000MBX003383K001", "企业投资项目备案告知书", .organisation, .varies),
    ]

    static let transport: [CityType] = [
        CityType("11100000000019713D008", "道路运输经营许可证", .either, .days(1460)),
        CityType("11100000000019713D016", "道路危险货物运输许可证", .organisation, .days(1460)),
        CityType("11100000000019713D074", "网络预约出租汽车经营许可证", .organisation, .days(1460)),
        CityType("11100000000019713D013", "道路运输证", .either, .varies),
        CityType("11100000000019713D073", "网络预约出租汽车运输证", .either, .varies),
        CityType("11100000000019713D071", "道路运输从业人员从业资格证", .person, .days(2190)),
        CityType("11100000000019713D075", "巡游出租汽车驾驶员证", .person, .varies),
        CityType("11100000000019713D072", "网络预约出租汽车驾驶员证", .person, .varies),
        CityType("11100000000019713D901", "机动车维修经营备案证明", .organisation, .open),
        CityType("11100000000019713D902", "机动车驾驶员培训经营备案证明", .organisation, .open),
        CityType("11100000000019713D903", "机动车驾驶教练员证", .person, .days(2190)),
        CityType("11100000000019713D905", "小微型客车租赁经营备案证明", .organisation, .open),
    ]

    static let realEstate: [CityType] = [
        CityType("11100000MB03271699001", "不动产权证书", .either, .open, several: true),
        CityType("11100000MB03271699022", "不动产登记证明", .either, .open, several: true),
        CityType("11100000MB03271699901", "国有土地使用证", .either, .varies, several: true),
        CityType("11100000MB03271699902", "房屋所有权证", .either, .open, several: true),
        CityType("11100000MB03271699903", "房屋他项权证", .either, .open, several: true),
        CityType("11100000MB03271699904", "集体土地使用证", .either, .open, several: true),
        CityType("11100000MB03271699905", "建设用地规划许可证", .organisation, .varies),
        CityType("11100000MB03271699906", "建设工程规划许可证", .either, .varies),
        CityType("11100000MB03271699907", "乡村建设规划许可证", .either, .varies),
        CityType("11100000MB03271699908", "临时建设工程规划许可证", .organisation, .varies),
        CityType("11100000MB03271699909", "建设项目用地预审与选址意见书", .organisation, .days(1095)),
        CityType("11100000MB03271699910", "建设工程规划核实合格证", .organisation, .open),
        CityType("11100000MB03271699911", "国有建设用地划拨决定书", .organisation, .open),
    ]

    static let health: [CityType] = [
        CityType("11100000MBX0013532001", "出生医学证明", .person, .open, several: true),
        CityType("11100000MBX0013532002", "医疗机构执业许可证", .organisation, .varies),
        CityType("11100000MBX0013532003", "诊所备案凭证", .organisation, .open),
        CityType("11100000MBX0013532005", "医师执业证书", .person, .open),
        CityType("11100000MBX0013532006", "护士执业证书", .person, .days(1825)),
        CityType("11100000MBX0013532007", "乡村医生执业证书", .person, .days(1825)),
        CityType("11100000MBX0013532008", "放射诊疗许可证", .organisation, .varies),
        CityType("11100000MBX0013532009", "母婴保健技术服务执业许可证", .organisation, .days(1095)),
        CityType("11100000MBX0013532010", "母婴保健技术考核合格证书", .person, .days(1095)),
        CityType("11100000MBX0013532011", "独生子女父母光荣证", .person, .open, several: true),
        CityType("11100000MBX0013532012", "生育登记服务证", .person, .open, several: true),
        CityType("11100000MBX0013532013", "托育机构备案回执", .organisation, .open),
        CityType("11100000MBX0013532014", "居民死亡医学证明（推断）书", .person, .open),
        CityType("11100000MBX001425T001", "预防接种证", .person, .open),
        CityType("11100000MBX001425T002", "公共场所卫生许可证", .organisation, .days(1460)),
        CityType("11100000MBX001425T003", "供水单位卫生许可证", .organisation, .days(1460)),
        CityType("11100000MBX001425T004", "健康合格证明", .person, .days(365)),
        CityType("11100000MBX001492Q001", "中医诊所备案证", .organisation, .open),
    ]

    static let education: [CityType] = [
        CityType("11100000MBX0017083001", "教师资格证书", .person, .open),
        CityType("11100000MBX0017083002", "民办学校办学许可证", .organisation, .varies),
        CityType("11100000MBX0017083008", "中等职业学校毕业证书", .person, .open),
        CityType("11100000MBX0017083009", "普通高中毕业证书", .person, .open),
        CityType("11100000MBX0017083010", "义务教育证书", .person, .open),
        CityType("11100000MBX0017083012", "民办幼儿园办学许可证", .organisation, .varies),
        CityType("11100000MBX0017083013", "校外培训机构办学许可证", .organisation, .varies),
        CityType("11100000MBX0017083014", "校车使用许可", .organisation, .days(365)),
    ]

    static let platform: [CityType] = [
        CityType("11100000000013127D001", "居民身份证", .person, .varies),
        CityType("11100000000013127D901", "居民户口簿", .person, .open, several: true),
    ]
}
