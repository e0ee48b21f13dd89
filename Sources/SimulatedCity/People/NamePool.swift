// SPDX-License-Identifier: Apache-2.0

/// The characters synthetic names are drawn from: about 150,000 persons' and 30,000 firms' names.
enum NamePool {
    static let family =
        split(
            "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤") + [
            "欧阳", "上官", "司马",
        ]
    static let given = split(
        "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲建国文辉力鹏飞鑫波斌宇浩凯健俊帆雪琳晶倩云莲真环荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉")
    static let firmFirst = split("湘麓星天岳浏雨望芙开宁楚潇衡汉宏鼎盛恒泰华瑞远博")
    static let firmSecond = split("达通源城润安德信和丰茂成顺嘉诚瑞科友联邦益")
    static let trades = [
        "商贸", "餐饮管理", "运输", "物流", "建筑工程", "装饰设计", "信息技术", "医疗器械", "教育咨询", "物业管理", "机电设备",
        "环保科技", "汽车维修", "文化传媒", "食品",
    ]
    static let streets = [
        "解放西路", "芙蓉中路", "五一大道", "劳动东路", "香樟路", "万家丽中路", "人民东路", "韶山南路", "岳麓大道", "金星北路",
        "望城大道", "开元东路", "白沙路", "湘府中路",
    ]

    private static func split(_ text: String) -> [String] { text.map { String($0) } }
}
