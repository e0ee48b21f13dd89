// SPDX-License-Identifier: Apache-2.0

extension ProvincialRow {
    /// The rows of `Adapters/hunan-provincial-interfaces/interfaces.csv`, a test compares.
    ///
    /// Number, type, path, method (G, P), asked by (holder, number, identifier, list), incremental, daily quota, records,
    /// downtime.
    static let table = """
        001|11100000000013127D001|/services/hn-ga/DzzzQueryService/001|P|h|n|100000|3766739|nightly 00:00-01:00
        002|11100000000013127D001|/national/ga/cert/001/verifyByNumber|P|n|n|50000|1312675|weekly Sun 00:00-06:00
        003|11100000000013127D901|/services/hn-ga/DzzzQueryService/002|P|h|n|150000|2749624|nightly 00:00-01:00
        004|11100000000013127D902|/services/hn-ga/DzzzQueryService/003|P|h|n|10000|269325|nightly 00:00-01:00
        005|11100000000013127D904|/national/ga/cert/002/verifyByNumber|P|n|n|30000|3915|weekly Sun 00:00-06:00
        006|11100000000013127D905|/national/ga/cert/003/verifyByNumber|P|n|n|30000|2995|weekly Sun 00:00-06:00
        007|11100000000013127D908|/services/hn-ga/DzzzQueryService/004|P|h|n|100000|2241849|nightly 00:00-01:00
        008|11100000000013127D908|/national/ga/cert/004/verifyByNumber|P|n|n|50000|390688|weekly Sun 00:00-06:00
        009|11100000000013127D908|/services/hn-ga/DzzzQueryService/005|P|n|n|100000|383836|nightly 00:00-01:00
        010|11100000000013127D909|/services/hn-ga/DzzzQueryService/006|P|h|n|150000|1677673|nightly 00:00-01:00
        011|11100000000013127D909|/national/ga/cert/005/verifyByNumber|P|n|n|80000|574862|weekly Sun 00:00-06:00
        012|11100000000013127D910|/services/hn-ga/DzzzQueryService/007|P|h|n|100000|1329624|nightly 00:00-01:00
        013|11100000000013127D911|/services/hn-ga/DzzzQueryService/008|P|h|n|100000|1137695|nightly 00:00-01:00
        014|11100000000013127D912|/services/hn-ga/DzzzQueryService/009|P|h|n|5000|67879|nightly 00:00-01:00
        015|11100000000013127D913|/services/hn-ga/DzzzQueryService/010|P|h|n|50000|3362|nightly 00:00-01:00
        016|11100000000013127D914|/services/hn-ga/DzzzQueryService/011|P|h|n|200000|892154|nightly 00:00-01:00
        017|11100000000013127D915|/services/hn-ga/DzzzQueryService/012|P|h|n|20000|89059|nightly 00:00-01:00
        018|11100000000013127D916|/services/hn-ga/DzzzQueryService/013|P|h|n|5000|19156|nightly 00:00-01:00
        019|11100000000013127D917|/services/hn-ga/DzzzQueryService/014|P|h|n|50000|1303|nightly 00:00-01:00
        020|11100000000013127D918|/services/hn-ga/DzzzQueryService/015|P|h|n|20000|113476|nightly 00:00-01:00
        021|11100000000013127D919|/services/hn-ga/DzzzQueryService/016|P|h|n|10000|856|nightly 00:00-01:00
        022|11100000000013127D920|/services/hn-ga/DzzzQueryService/017|P|h|n|5000|15927|nightly 00:00-01:00
        023|11100000000013127D921|/services/hn-ga/DzzzQueryService/018|P|n|n|2000|3935|nightly 00:00-01:00
        024|11100000000013127D922|/services/hn-ga/DzzzQueryService/019|P|n|n|5000|50269|nightly 00:00-01:00
        025|11100000000013127D923|/services/hn-ga/DzzzQueryService/020|P|h|n|5000|867|nightly 00:00-01:00
        026|11100000000013127D924|/services/hn-ga/DzzzQueryService/021|P|l|y|1000|2490|nightly 00:00-01:00
        027|11100000000013127D925|/services/hn-ga/DzzzQueryService/022|P|i|n|10000|8179|nightly 00:00-01:00
        028|11100000000013127D926|/services/hn-ga/DzzzQueryService/023|P|h|n|50000|7130|nightly 00:00-01:00
        029|11100000MBX001070R001|/services/cn-yimin/DzzzQueryService/001|P|i|n|100000|971108|weekly Sun 00:00-06:00
        030|11100000MBX001070R002|/services/cn-yimin/DzzzQueryService/002|P|n|n|50000|901843|weekly Sun 00:00-06:00
        031|11100000MBX001070R003|/services/cn-yimin/DzzzQueryService/003|P|i|n|20000|130133|weekly Sun 00:00-06:00
        032|11100000MBX001070R004|/services/cn-yimin/DzzzQueryService/004|P|i|n|2000|10501|weekly Sun 00:00-06:00
        033|11100000MBX001070R005|/services/cn-yimin/DzzzQueryService/005|P|i|n|10000|7919|weekly Sun 00:00-06:00
        034|11100000MBX001070R006|/services/cn-yimin/DzzzQueryService/006|P|n|n|5000|863|weekly Sun 00:00-06:00
        035|11100000MBX001070R007|/services/cn-yimin/DzzzQueryService/007|P|n|n|2000|6911|weekly Sun 00:00-06:00
        036|11100000MBX001142J001|/api/hn-mz/dzzz/001/queryByHolder|P|h|n|150000|1380618|nightly 02:00-05:00
        037|11100000MBX001142J001|/services/cn-mz/DzzzQueryService/001|P|n|n|80000|121714|none
        038|11100000MBX001142J001|/kstb/gd/licence/001/query|P|h|n|80000|122810|none
        039|11100000MBX001142J001|/kstb/hb/licence/001/query|P|h|n|80000|119658|nightly 23:30-00:30
        040|11100000MBX001142J001|/kstb/jx/licence/001/query|P|h|n|80000|117086|nightly 23:30-00:30
        041|11100000MBX001142J002|/api/hn-mz/dzzz/002/queryByHolder|P|h|n|20000|309745|nightly 02:00-05:00
        042|11100000MBX001142J002|/services/cn-mz/DzzzQueryService/002|P|i|n|10000|106412|none
        043|11100000MBX001142J003|/api/hn-mz/dzzz/003/queryByHolder|P|h|n|20000|4571|nightly 02:00-05:00
        044|11100000MBX001142J005|/api/hn-mz/dzzz/004/queryByHolder|P|h|n|50000|306980|nightly 02:00-05:00
        045|11100000MBX001142J006|/api/hn-mz/dzzz/005/queryByHolder|P|h|n|5000|91040|nightly 02:00-05:00
        046|11100000MBX001142J007|/api/hn-mz/dzzz/006/queryByHolder|P|h|n|10000|69417|nightly 02:00-05:00
        047|11100000MBX001142J008|/api/hn-mz/dzzz/007/queryByHolder|P|h|n|5000|3830|nightly 02:00-05:00
        048|11100000MBX001142J009|/api/hn-mz/dzzz/008/queryByHolder|P|h|n|5000|5518|nightly 02:00-05:00
        049|11100000MBX001142J009|/services/cn-mz/DzzzQueryService/003|P|l|n|500|1850|none
        050|11100000MBX001142J010|/api/hn-mz/dzzz/009/queryByHolder|P|h|n|5000|8944|nightly 02:00-05:00
        051|11100000MBX001142J011|/api/hn-mz/dzzz/010/queryByHolder|P|h|n|50000|436|nightly 02:00-05:00
        052|11100000MBX001142J012|/api/hn-mz/dzzz/011/queryByHolder|P|h|n|20000|1712|nightly 02:00-05:00
        053|11100000MBX001142J013|/api/hn-mz/dzzz/012/queryByIdentifier|P|i|n|10000|364454|nightly 02:00-05:00
        054|11430000MBX1010710001|/api/hn-mz/dzzz/013/queryByHolder|P|h|n|100000|793355|nightly 02:00-05:00
        055|13100000MBX0012145001|/api/hn-cl/dzzz/001/queryByHolder|P|h|n|10000|454555|none
        056|13100000MBX0012145001|/national/cl/cert/001/verifyByNumber|P|n|n|5000|165804|nightly 00:30-02:30
        057|11100000MBX0012819001|/gjzwfw/tyjr/share/001/queryByIdentifier|P|i|n|100000|754811|nightly 00:30-02:30
        058|11100000MBX0012819002|/gateway/430000/tyjr/001/queryByHolder|P|h|n|50000|10019|none
        059|11100000MBX0012819003|/gjzwfw/tyjr/share/002/verifyByNumber|P|n|n|10000|13318|nightly 00:30-02:30
        060|11100000MBX0012819004|/gateway/430000/tyjr/002/queryByHolder|P|h|n|20000|18801|none
        061|11100000MBX0012819005|/gateway/430000/tyjr/003/queryByHolder|P|h|n|5000|367336|none
        062|11100000MBX0012819006|/gateway/430000/tyjr/004/queryByHolder|P|h|n|5000|2167|none
        063|11100000MBX0013532001|/gateway/430000/wj/001/queryByHolder|P|h|n|200000|1367153|nightly 23:30-00:30
        064|11100000MBX0013532001|/national/wj/cert/001/verifyByNumber|P|n|n|100000|462240|monthly 1 00:00-06:00
        065|11100000MBX0013532002|/gateway/430000/wj/002/listChanged|G|l|y|1000|16908|nightly 23:30-00:30
        066|11100000MBX0013532002|/national/wj/cert/002/verifyByNumber|G|n|n|2000|5923|monthly 1 00:00-06:00
        067|11100000MBX0013532003|/gateway/430000/wj/003/listChanged|G|l|y|200|8043|nightly 23:30-00:30
        068|11100000MBX0013532004|/national/wj/cert/003/queryByIdentifier|P|i|n|20000|139637|monthly 1 00:00-06:00
        069|11100000MBX0013532005|/gateway/430000/wj/004/queryByHolder|P|h|n|10000|78041|nightly 23:30-00:30
        070|11100000MBX0013532005|/national/wj/cert/004/queryByIdentifier|P|i|n|10000|26496|monthly 1 00:00-06:00
        071|11100000MBX0013532006|/gateway/430000/wj/005/queryByHolder|P|h|n|20000|122037|nightly 23:30-00:30
        072|11100000MBX0013532006|/national/wj/cert/005/verifyByNumber|G|n|n|5000|40998|monthly 1 00:00-06:00
        073|11100000MBX0013532007|/gateway/430000/wj/006/queryByHolder|P|h|n|50000|16066|nightly 23:30-00:30
        074|11100000MBX0013532008|/gateway/430000/wj/007/listChanged|G|l|y|200|2592|nightly 23:30-00:30
        075|11100000MBX0013532009|/gateway/430000/wj/008/queryByHolder|P|h|n|20000|1259|nightly 23:30-00:30
        076|11100000MBX0013532010|/gateway/430000/wj/009/queryByHolder|P|h|n|20000|12205|nightly 23:30-00:30
        077|11100000MBX0013532011|/gateway/430000/wj/010/queryByHolder|P|h|n|150000|1033447|nightly 23:30-00:30
        078|11100000MBX0013532012|/gateway/430000/wj/011/queryByHolder|P|h|n|100000|789508|nightly 23:30-00:30
        079|11100000MBX0013532013|/gateway/430000/wj/012/queryByHolder|P|h|n|5000|1668|nightly 23:30-00:30
        080|11100000MBX0013532014|/gateway/430000/wj/013/queryByHolder|P|h|n|50000|571346|nightly 23:30-00:30
        081|11100000MBX0013532015|/gateway/430000/wj/014/queryByHolder|P|h|n|10000|11525|nightly 23:30-00:30
        082|11100000MBX0013532016|/gateway/430000/wj/015/verifyByNumber|P|n|n|10000|1289|nightly 23:30-00:30
        083|11100000MBX0013532017|/gateway/430000/wj/016/queryByHolder|P|h|n|150000|721610|nightly 23:30-00:30
        084|11100000MBX001425T001|/api/hn-jk/dzzz/001/queryByHolder|P|h|n|150000|2645597|weekly Sat 22:00-24:00
        085|11100000MBX001425T002|/api/hn-jk/dzzz/002/listChanged|G|l|n|1000|82652|weekly Sat 22:00-24:00
        086|11100000MBX001425T003|/api/hn-jk/dzzz/003/queryByHolder|P|h|n|5000|2630|weekly Sat 22:00-24:00
        087|11100000MBX001425T004|/api/hn-jk/dzzz/004/queryByHolder|P|h|n|200000|1166918|weekly Sat 22:00-24:00
        088|11100000MBX001492Q001|/api/hn-zyy/dzzz/001/listChanged|G|l|y|200|2948|nightly 01:00-03:00
        089|11100000MBX001492Q002|/api/hn-zyy/dzzz/002/queryByHolder|P|h|n|20000|859|nightly 01:00-03:00
        090|11100000MBX001564H001|/hn/rs/certshare/001/queryByHolder|P|h|n|150000|2961216|weekly Sat 22:00-24:00
        091|11100000MBX001564H001|/cn/rs/api/v2/001/verifyByNumber|P|n|n|80000|1043882|monthly 1 00:00-06:00
        092|11100000MBX001564H002|/hn/rs/certshare/002/queryByHolder|P|h|n|200000|788826|weekly Sat 22:00-24:00
        093|11100000MBX001564H003|/hn/rs/certshare/003/queryByHolder|P|h|n|100000|778817|weekly Sat 22:00-24:00
        094|11100000MBX001564H003|/cn/rs/api/v2/002/queryByIdentifier|P|i|n|50000|271399|monthly 1 00:00-06:00
        095|11100000MBX001564H004|/hn/rs/certshare/004/queryByHolder|P|h|n|150000|920993|weekly Sat 22:00-24:00
        096|11100000MBX001564H004|/cn/rs/api/v2/003/verifyByNumber|P|n|n|80000|325119|monthly 1 00:00-06:00
        097|11100000MBX001564H005|/hn/rs/certshare/005/queryByHolder|P|h|n|5000|585080|weekly Sat 22:00-24:00
        098|11100000MBX001564H006|/hn/rs/certshare/006/listChanged|G|l|y|288|2530|weekly Sat 22:00-24:00
        099|11100000MBX001564H007|/hn/rs/certshare/007/queryByHolder|P|h|n|50000|1703|weekly Sat 22:00-24:00
        100|11100000MBX001564H008|/hn/rs/certshare/008/listChanged|G|l|y|288|1316|weekly Sat 22:00-24:00
        101|11100000MBX001564H009|/hn/rs/certshare/009/queryByHolder|P|h|n|10000|266512|weekly Sat 22:00-24:00
        102|11100000MBX001564H010|/cn/rs/api/v2/004/queryByIdentifier|P|i|n|20000|3909|monthly 1 00:00-06:00
        103|11100000MBX001564H011|/hn/rs/certshare/010/queryByHolder|P|h|n|50000|226116|weekly Sat 22:00-24:00
        104|11100000MBX001564H012|/hn/rs/certshare/011/queryByHolder|P|h|n|10000|110123|weekly Sat 22:00-24:00
        105|11100000MBX001564H013|/hn/rs/certshare/012/queryByHolder|P|h|n|5000|3482|weekly Sat 22:00-24:00
        106|11100000MBX001564H014|/hn/rs/certshare/013/queryByHolder|P|h|n|150000|899636|weekly Sat 22:00-24:00
        107|11100000MBX001564H015|/hn/rs/certshare/014/queryByHolder|P|h|n|10000|208596|weekly Sat 22:00-24:00
        108|11100000MBX001564H016|/hn/rs/certshare/015/queryByIdentifier|P|i|n|10000|83144|weekly Sat 22:00-24:00
        109|11100000MBX001564H017|/hn/rs/certshare/016/queryByHolder|P|h|n|10000|413424|weekly Sat 22:00-24:00
        110|11100000MBX001564H018|/cn/rs/api/v2/005/verifyByNumber|P|n|n|30000|40400|monthly 1 00:00-06:00
        111|11100000MBX001564H019|/cn/rs/api/v2/006/verifyByNumber|P|n|n|10000|19606|monthly 1 00:00-06:00
        112|11100000MBX001564H020|/cn/rs/api/v2/007/verifyByNumber|P|n|n|5000|30676|monthly 1 00:00-06:00
        113|11100000MBX001564H021|/cn/rs/api/v2/008/queryByIdentifier|P|i|n|10000|132390|monthly 1 00:00-06:00
        114|11100000MBX001564H022|/cn/rs/api/v2/009/verifyByNumber|P|n|n|2000|15767|monthly 1 00:00-06:00
        115|11100000MBX001636A001|/national/yb/cert/001/verifyByNumber|P|n|n|50000|2197281|nightly 00:30-02:30
        116|11100000MBX001636A002|/gateway/430000/yb/001/listChanged|G|l|n|200|9151|none
        117|11100000MBX001636A003|/gateway/430000/yb/002/queryByHolder|P|h|n|5000|10374|none
        118|11100000MBX001636A004|/gateway/430000/yb/003/queryByHolder|P|h|n|200000|678916|none
        119|11100000MBX001636A005|/national/yb/cert/002/verifyByNumber|P|n|n|10000|173036|nightly 00:30-02:30
        120|11100000MBX0017083001|/share/hn/jy/v1/cert/001/queryByHolder|P|h|n|10000|349989|none
        121|11100000MBX0017083001|/cn/jy/api/v2/001/verifyByNumber|P|n|n|2000|120234|nightly 00:30-02:30
        122|11100000MBX0017083002|/share/hn/jy/v1/cert/002/listChanged|G|l|y|288|4694|none
        123|11100000MBX0017083003|/cn/jy/api/v2/002/verifyByNumber|P|n|n|100000|1342446|nightly 00:30-02:30
        124|11100000MBX0017083003|/share/hn/jy/v1/cert/003/queryByIdentifier|P|i|n|200000|481643|none
        125|11100000MBX0017083004|/cn/jy/api/v2/003/queryByIdentifier|P|i|n|5000|260346|nightly 00:30-02:30
        126|11100000MBX0017083005|/cn/jy/api/v2/004/queryByIdentifier|P|i|n|100000|1621569|nightly 00:30-02:30
        127|11100000MBX0017083006|/cn/jy/api/v2/005/verifyByNumber|P|n|n|50000|633369|nightly 00:30-02:30
        128|11100000MBX0017083007|/share/hn/jy/v1/cert/004/queryByHolder|P|h|n|10000|314719|none
        129|11100000MBX0017083008|/share/hn/jy/v1/cert/005/queryByHolder|P|h|n|20000|521880|none
        130|11100000MBX0017083009|/share/hn/jy/v1/cert/006/queryByHolder|P|h|n|100000|798810|none
        131|11100000MBX0017083010|/share/hn/jy/v1/cert/007/queryByHolder|P|h|n|150000|918208|none
        132|11100000MBX0017083011|/cn/jy/api/v2/006/verifyByNumber|P|n|n|5000|22016|nightly 00:30-02:30
        133|11100000MBX0017083012|/share/hn/jy/v1/cert/008/queryByHolder|P|h|n|50000|3859|none
        134|11100000MBX0017083013|/share/hn/jy/v1/cert/009/queryByHolder|P|h|n|10000|2621|none
        135|11100000MBX0017083014|/share/hn/jy/v1/cert/010/queryByHolder|P|h|n|50000|3071|none
        136|11100000MBX0017083015|/cn/jy/api/v2/007/verifyByNumber|P|n|n|10000|253598|nightly 00:30-02:30
        137|11100000MBX0017751001|/share/hn/yw/v1/cert/001/queryByHolder|P|h|n|150000|601426|none
        138|11100000MBX0017751001|/zwfw/yw/001/queryByIdentifier|P|i|n|80000|207378|none
        139|11100000MBX001847R001|/gateway/430000/sj/001/queryByIdentifier|P|i|n|200000|1804176|nightly 23:30-00:30
        140|11100000MBX001847R001|/gjzwfw/sj/share/001/verifyByNumber|P|n|n|100000|210379|monthly 1 00:00-06:00
        141|11100000MBX001847R001|/gateway/430000/sj/002/listChanged|G|l|y|288|212954|nightly 23:30-00:30
        142|11100000MBX001847R001|/kstb/gd/licence/002/query|P|h|n|100000|202516|none
        143|11100000MBX001847R002|/gateway/430000/sj/003/queryByHolder|P|h|n|50000|205863|nightly 23:30-00:30
        144|11100000MBX001847R002|/gateway/430000/sj/004/listChanged|G|l|y|1000|72624|nightly 23:30-00:30
        145|11100000MBX001847R003|/gateway/430000/sj/005/listChanged|G|l|y|288|6133|nightly 23:30-00:30
        146|11100000MBX001847R004|/gateway/430000/sj/006/queryByHolder|P|h|n|20000|171197|nightly 23:30-00:30
        147|11100000MBX001847R005|/gateway/430000/sj/007/queryByHolder|P|h|n|5000|241453|nightly 23:30-00:30
        148|11100000MBX001847R006|/gateway/430000/sj/008/queryByHolder|P|h|n|50000|228769|nightly 23:30-00:30
        149|11100000MBX001847R006|/gjzwfw/sj/share/002/verifyByNumber|P|n|n|10000|78348|monthly 1 00:00-06:00
        150|11100000MBX001847R007|/gateway/430000/sj/009/queryByHolder|P|h|n|50000|1309|nightly 23:30-00:30
        151|11100000MBX001847R008|/gateway/430000/sj/010/queryByHolder|P|h|n|5000|2134|nightly 23:30-00:30
        152|11100000MBX001847R009|/gateway/430000/sj/011/queryByHolder|P|h|n|20000|2160|nightly 23:30-00:30
        153|11100000MBX001847R010|/gateway/430000/sj/012/listChanged|G|l|y|288|6981|nightly 23:30-00:30
        154|11100000MBX001847R011|/gjzwfw/sj/share/003/verifyByNumber|P|n|n|30000|206209|monthly 1 00:00-06:00
        155|11100000MBX001847R013|/gateway/430000/sj/013/queryByHolder|P|h|n|20000|433|nightly 23:30-00:30
        156|11100000MBX001847R014|/gateway/430000/sj/014/queryByHolder|P|h|n|50000|19134|nightly 23:30-00:30
        157|11100000MBX001847R015|/gateway/430000/sj/015/listChanged|G|l|y|288|3762|nightly 23:30-00:30
        158|11430000MBX101143Q001|/gateway/430000/sj/016/queryByIdentifier|P|i|n|2000|20505|nightly 23:30-00:30
        159|11430000MBX101143Q002|/gateway/430000/sj/017/queryByHolder|P|h|n|5000|99533|nightly 23:30-00:30
        160|11100000MBX001919J001|/gateway/430000/yj/001/queryByHolder|P|h|n|10000|17345|nightly 01:00-03:00
        161|11100000MBX001919J002|/gateway/430000/yj/002/queryByHolder|P|h|n|50000|423|nightly 01:00-03:00
        162|11100000MBX001919J003|/gateway/430000/yj/003/listChanged|G|l|y|500|9348|nightly 01:00-03:00
        163|11100000MBX001919J004|/gateway/430000/yj/004/listChanged|G|l|n|288|37714|nightly 01:00-03:00
        164|11100000MBX001919J005|/gateway/430000/yj/005/queryByHolder|P|h|n|20000|1260|nightly 01:00-03:00
        165|11100000MBX001919J006|/gateway/430000/yj/006/queryByHolder|P|h|n|50000|1670|nightly 01:00-03:00
        166|11100000MBX001919J007|/gateway/430000/yj/007/queryByHolder|P|h|n|50000|5560|nightly 01:00-03:00
        167|11100000MBX001919J008|/gjzwfw/yj/share/001/queryByIdentifier|P|i|n|10000|8048|weekly Sun 00:00-06:00
        168|11100000MBX001919J009|/gateway/430000/yj/008/queryByHolder|P|h|n|20000|437|nightly 01:00-03:00
        169|11100000MBX001919J010|/gateway/430000/yj/009/queryByHolder|P|h|n|20000|14141|nightly 01:00-03:00
        170|11100000MB03271699001|/hn/zr/certshare/001/queryByHolder|P|h|n|200000|1293928|nightly 01:00-03:00
        171|11100000MB03271699001|/gjzwfw/zr/share/001/queryByIdentifier|P|i|n|100000|223253|nightly 00:30-02:30
        172|11100000MB03271699001|/kstb/gd/licence/003/query|P|h|n|100000|222680|none
        173|11100000MB03271699022|/hn/zr/certshare/002/queryByHolder|P|h|n|150000|1262649|nightly 01:00-03:00
        174|11100000MB03271699905|/hn/zr/certshare/003/queryByHolder|P|h|n|5000|12697|nightly 01:00-03:00
        175|11100000MB03271699906|/hn/zr/certshare/004/listChanged|G|l|y|288|18345|nightly 01:00-03:00
        176|11100000MB03271699907|/hn/zr/certshare/005/listChanged|G|l|y|288|227032|nightly 01:00-03:00
        177|11100000MB03271699909|/hn/zr/certshare/006/queryByHolder|P|h|n|5000|4784|nightly 01:00-03:00
        178|11100000MB03271699912|/hn/zr/certshare/007/listChanged|G|l|y|500|965|nightly 01:00-03:00
        179|11100000MB03271699912|/gjzwfw/zr/share/002/verifyByNumber|P|n|n|5000|339|nightly 00:30-02:30
        180|11100000MB03271699913|/hn/zr/certshare/008/queryByHolder|P|h|n|10000|845|nightly 01:00-03:00
        181|11100000MB03271699914|/hn/zr/certshare/009/queryByHolder|P|h|n|50000|1678|nightly 01:00-03:00
        182|11100000MBX001986G001|/gateway/430000/ly/001/listChanged|G|l|y|200|156604|nightly 01:00-03:00
        183|11100000MBX001986G002|/gateway/430000/ly/002/queryByIdentifier|P|i|n|5000|287249|nightly 01:00-03:00
        184|11100000MBX001986G003|/gateway/430000/ly/003/queryByHolder|P|h|n|10000|135759|nightly 01:00-03:00
        185|11100000MBX001986G004|/gateway/430000/ly/004/listChanged|G|l|y|288|5094|nightly 01:00-03:00
        186|11100000000013338W901|/gateway/430000/zj/001/queryByIdentifier|P|i|n|10000|7382|nightly 01:00-03:00
        187|11100000000013338W901|/zwfw/zj/001/verifyByNumber|P|n|n|5000|2726|weekly Sun 00:00-06:00
        188|11100000000013338W902|/gateway/430000/zj/002/queryByHolder|P|h|n|10000|5833|nightly 01:00-03:00
        189|11100000000013338W902|/zwfw/zj/002/verifyByNumber|P|n|n|5000|2145|weekly Sun 00:00-06:00
        190|11100000000013338W903|/gateway/430000/zj/003/queryByHolder|P|h|n|50000|16306|nightly 01:00-03:00
        191|11100000000013338W011|/gateway/430000/zj/004/queryByIdentifier|P|i|n|2000|91609|nightly 01:00-03:00
        192|11100000000013338W011|/zwfw/zj/003/verifyByNumber|P|n|n|30000|31458|weekly Sun 00:00-06:00
        193|11100000000013338W032|/gateway/430000/zj/005/queryByHolder|P|h|n|10000|49763|nightly 01:00-03:00
        194|11100000000013338W032|/zwfw/zj/004/verifyByNumber|P|n|n|5000|17750|weekly Sun 00:00-06:00
        195|11100000000013338W904|/gateway/430000/zj/006/queryByHolder|P|h|n|5000|13812|nightly 01:00-03:00
        196|11100000000013338W906|/gateway/430000/zj/007/listChanged|G|l|y|200|7308|nightly 01:00-03:00
        197|11100000000013338W907|/zwfw/zj/005/verifyByNumber|P|n|n|5000|26152|weekly Sun 00:00-06:00
        198|11100000000013338W908|/gateway/430000/zj/008/queryByHolder|P|h|n|20000|74727|nightly 01:00-03:00
        199|11100000000013338W909|/zwfw/zj/006/verifyByNumber|P|n|n|2000|6300|weekly Sun 00:00-06:00
        200|11100000000013338W910|/zwfw/zj/007/queryByIdentifier|P|i|n|10000|5922|weekly Sun 00:00-06:00
        201|11100000000013338W911|/gateway/430000/zj/009/queryByHolder|P|h|n|50000|2617|nightly 01:00-03:00
        202|11100000000013338W913|/gateway/430000/zj/010/queryByHolder|P|h|n|20000|873|nightly 01:00-03:00
        203|11100000000013338W914|/gateway/430000/zj/011/queryByHolder|P|h|n|5000|438|nightly 01:00-03:00
        204|11100000000013338W915|/gateway/430000/zj/012/queryByHolder|P|h|n|50000|835|nightly 01:00-03:00
        205|11100000000013338W916|/gateway/430000/zj/013/listChanged|G|l|y|500|418|nightly 01:00-03:00
        206|11100000000013338W917|/gateway/430000/zj/014/queryByHolder|P|h|n|5000|3754|nightly 01:00-03:00
        207|11100000000013338W918|/gateway/430000/zj/015/queryByHolder|P|h|n|5000|3390|nightly 01:00-03:00
        208|11100000000013338W920|/gateway/430000/zj/016/queryByHolder|P|h|n|20000|9570|nightly 01:00-03:00
        209|11100000000013338W921|/gateway/430000/zj/017/queryByHolder|P|h|n|10000|875|nightly 01:00-03:00
        210|11100000000013338W925|/gateway/430000/zj/018/queryByHolder|P|h|n|5000|144958|nightly 01:00-03:00
        211|11430100MBX201144K001|/gateway/430000/zj/019/queryByHolder|P|h|n|5000|1272|nightly 01:00-03:00
        212|11100000000019713D008|/share/hn/jt/v1/cert/001/queryByHolder|P|h|n|50000|67194|nightly 02:00-05:00
        213|11100000000019713D008|/national/jt/cert/001/verifyByNumber|G|n|n|30000|22937|weekly Sun 00:00-06:00
        214|11100000000019713D016|/share/hn/jt/v1/cert/002/queryByHolder|P|h|n|10000|423|nightly 02:00-05:00
        215|11100000000019713D079|/national/jt/cert/002/queryByIdentifier|P|i|n|2000|421|weekly Sun 00:00-06:00
        216|11100000000019713D074|/national/jt/cert/003/verifyByNumber|G|n|n|5000|424|weekly Sun 00:00-06:00
        217|11100000000019713D013|/share/hn/jt/v1/cert/003/queryByHolder|P|h|n|20000|146123|nightly 02:00-05:00
        218|11100000000019713D013|/national/jt/cert/004/queryByIdentifier|P|i|n|20000|52122|weekly Sun 00:00-06:00
        219|11100000000019713D073|/national/jt/cert/005/queryByIdentifier|P|i|n|10000|26811|weekly Sun 00:00-06:00
        220|11100000000019713D071|/share/hn/jt/v1/cert/004/queryByHolder|P|h|n|10000|217208|nightly 02:00-05:00
        221|11100000000019713D071|/national/jt/cert/006/verifyByNumber|P|n|n|10000|76109|weekly Sun 00:00-06:00
        222|11100000000019713D075|/share/hn/jt/v1/cert/005/queryByHolder|P|h|n|5000|24655|nightly 02:00-05:00
        223|11100000000019713D072|/share/hn/jt/v1/cert/006/queryByHolder|P|h|n|5000|52992|nightly 02:00-05:00
        224|11100000000019713D072|/national/jt/cert/007/queryByIdentifier|P|i|n|5000|18764|weekly Sun 00:00-06:00
        225|11100000000019713D901|/share/hn/jt/v1/cert/007/queryByHolder|P|h|n|20000|13115|nightly 02:00-05:00
        226|11100000000019713D902|/share/hn/jt/v1/cert/008/listChanged|G|l|y|500|854|nightly 02:00-05:00
        227|11100000000019713D904|/share/hn/jt/v1/cert/009/queryByIdentifier|P|i|n|2000|42226|nightly 02:00-05:00
        228|11100000MBX002057L001|/services/cn-hs/DzzzQueryService/001|P|i|n|5000|3879|nightly 00:30-02:30
        229|11100000MBX002057L002|/services/cn-hs/DzzzQueryService/002|P|i|n|5000|11525|nightly 00:30-02:30
        230|11100000MBX002057L003|/services/cn-hs/DzzzQueryService/003|P|i|n|20000|3359|nightly 00:30-02:30
        231|11100000MBX002129D001|/gjzwfw/mh/share/001/verifyByNumber|P|n|n|30000|5808|weekly Sun 00:00-06:00
        232|11100000MBX002196B001|/zwfw/yz/001/verifyByNumber|P|n|n|10000|865|nightly 00:30-02:30
        233|11100000MBX0022684001|/gateway/430000/yj-aq/001/queryByHolder|P|h|n|5000|5878|nightly 00:00-01:00
        234|11100000MBX0022684002|/gateway/430000/yj-aq/002/listChanged|G|l|y|500|424|nightly 00:00-01:00
        235|11100000MBX0022684003|/gateway/430000/yj-aq/003/queryByHolder|P|h|n|20000|28381|nightly 00:00-01:00
        236|11100000MBX0022684004|/gateway/430000/yj-aq/004/queryByHolder|P|h|n|50000|434|nightly 00:00-01:00
        237|11100000MBX0022684005|/gateway/430000/yj-aq/005/queryByHolder|P|h|n|50000|875|nightly 00:00-01:00
        238|11100000MBX0022684006|/gateway/430000/yj-aq/006/listChanged|G|l|y|500|1258|nightly 00:00-01:00
        239|11100000MBX0022684007|/national/yj-aq/cert/001/verifyByNumber|P|n|n|2000|429941|nightly 00:30-02:30
        240|11100000MBX0022684007|/gateway/430000/yj-aq/007/queryByIdentifier|P|i|n|20000|151591|nightly 00:00-01:00
        241|11100000MBX0022684008|/gateway/430000/yj-aq/008/queryByHolder|P|h|n|50000|131977|nightly 00:00-01:00
        242|11100000MBX0022684009|/gateway/430000/yj-aq/009/queryByHolder|P|h|n|10000|14032|nightly 00:00-01:00
        243|11100000MBX00233XP001|/services/hn-xf/DzzzQueryService/001|P|h|n|50000|25572|nightly 02:00-05:00
        244|11100000MBX002401K001|/api/hn-hb/dzzz/001/queryByHolder|P|h|n|10000|4193|nightly 01:00-03:00
        245|11100000MBX002401K001|/cn/hb/api/v2/001/verifyByNumber|G|n|n|2000|1474|none
        246|11100000MBX002401K002|/cn/hb/api/v2/002/queryByIdentifier|P|i|n|10000|39582|none
        247|11100000MBX002401K003|/api/hn-hb/dzzz/002/listChanged|G|l|y|500|419|nightly 01:00-03:00
        248|11100000MBX002401K004|/api/hn-hb/dzzz/003/queryByHolder|P|h|n|50000|2119|nightly 01:00-03:00
        249|11100000MBX002401K005|/api/hn-hb/dzzz/004/queryByHolder|P|h|n|10000|24841|nightly 01:00-03:00
        250|11100000MBX002401K006|/cn/hb/api/v2/003/verifyByNumber|G|n|n|10000|55881|none
        251|11100000MBX002479K001|/gateway/430000/ny/001/queryByIdentifier|P|i|n|20000|6731|nightly 00:00-01:00
        252|11100000MBX002479K002|/gateway/430000/ny/002/queryByHolder|P|h|n|20000|1275|nightly 00:00-01:00
        253|11100000MBX002479K003|/gateway/430000/ny/003/queryByHolder|P|h|n|50000|3068|nightly 00:00-01:00
        254|11100000MBX002479K004|/gateway/430000/ny/004/listChanged|G|l|n|200|12137|nightly 00:00-01:00
        255|11100000MBX002479K005|/gateway/430000/ny/005/queryByHolder|P|h|n|5000|1314|nightly 00:00-01:00
        256|11100000MBX002479K006|/gateway/430000/ny/006/queryByIdentifier|P|i|n|10000|873|nightly 00:00-01:00
        257|11100000MBX002479K007|/gateway/430000/ny/007/verifyByNumber|P|n|n|150000|3730740|nightly 00:00-01:00
        258|11100000MBX002479K008|/gateway/430000/ny/008/queryByHolder|P|h|n|50000|116934|nightly 00:00-01:00
        259|11100000MBX002479K009|/gateway/430000/ny/009/queryByHolder|P|h|n|5000|87218|nightly 00:00-01:00
        260|11100000MBX002479K010|/gateway/430000/ny/010/queryByHolder|P|h|n|150000|1639797|nightly 00:00-01:00
        261|11100000MBX002479K012|/gateway/430000/ny/011/queryByHolder|P|h|n|50000|9080|nightly 00:00-01:00
        262|11100000MBX002479K013|/gateway/430000/ny/012/queryByHolder|P|h|n|10000|437|nightly 00:00-01:00
        263|11100000MBX002479K014|/gateway/430000/ny/013/listChanged|G|l|y|500|614794|nightly 00:00-01:00
        264|11100000MBX002540A001|/gateway/430000/sl/001/queryByHolder|P|h|n|10000|8109|none
        265|11100000MBX002540A002|/gateway/430000/sl/002/listChanged|G|l|y|500|8900|none
        266|11100000MBX0026123001|/gateway/430000/wl/001/queryByHolder|P|h|n|10000|3407|nightly 00:00-01:00
        267|11100000MBX0026123002|/gateway/430000/wl/002/queryByHolder|P|h|n|10000|3935|nightly 00:00-01:00
        268|11100000MBX0026123003|/gateway/430000/wl/003/listChanged|G|l|y|288|1282|nightly 00:00-01:00
        269|11100000MBX0026123004|/gateway/430000/wl/004/listChanged|G|l|y|1000|9623|nightly 00:00-01:00
        270|11100000MBX0026123005|/gateway/430000/wl/005/queryByHolder|P|h|n|20000|1718|nightly 00:00-01:00
        271|11100000MBX0026123006|/zwfw/wl/001/queryByIdentifier|P|i|n|5000|11266|nightly 00:30-02:30
        272|11100000MBX00268XX001|/share/hn/cb/v1/cert/001/listChanged|G|l|y|288|8846|nightly 01:00-03:00
        273|11100000MBX00268XX002|/share/hn/cb/v1/cert/002/queryByIdentifier|P|i|n|20000|2975|nightly 01:00-03:00
        274|11100000MBX002823J001|/share/hn/ty/v1/cert/001/listChanged|G|l|y|1000|1245|none
        275|11100000MBX002823J002|/national/ty/cert/001/verifyByNumber|P|n|n|10000|19113|nightly 00:30-02:30
        276|11100000MBX002890G001|/cn/sf/api/v2/001/queryByIdentifier|P|i|n|20000|18175|monthly 1 00:00-06:00
        277|11100000MBX002890G002|/services/hn-sf/DzzzQueryService/001|P|h|n|20000|12356|nightly 01:00-03:00
        278|11100000MBX002890G003|/services/hn-sf/DzzzQueryService/002|P|h|n|10000|855|nightly 01:00-03:00
        279|11100000MBX002890G004|/services/hn-sf/DzzzQueryService/003|P|h|n|50000|433|nightly 01:00-03:00
        280|11100000MBX002890G005|/services/hn-sf/DzzzQueryService/004|P|n|n|200000|811278|nightly 01:00-03:00
        281|11100000MBX0029629001|/zwfw/bb/001/queryByIdentifier|P|i|n|2000|8009|monthly 1 00:00-06:00
        282|11100000MBX0029629001|/api/hn-bb/dzzz/001/queryByIdentifier|P|i|n|20000|2814|nightly 01:00-03:00
        283|11100000MBX0029629002|/zwfw/bb/002/verifyByNumber|P|n|n|2000|5927|monthly 1 00:00-06:00
        284|11100000MBX003033D001|/services/hn-yc/DzzzQueryService/001|P|h|n|50000|165855|weekly Sat 22:00-24:00
        285|11100000MBX0031056001|/services/cn-sw/DzzzQueryService/001|P|i|n|100000|1684549|nightly 00:30-02:30
        286|11100000MBX0031056002|/services/hn-sw/DzzzQueryService/001|P|h|n|5000|373823|nightly 01:00-03:00
        287|11100000MBX0031056003|/services/cn-sw/DzzzQueryService/002|P|n|n|50000|1306183|nightly 00:30-02:30
        288|11100000MBX0031724001|/zwfw/cz/001/verifyByNumber|P|n|n|10000|179616|nightly 00:30-02:30
        289|11100000MBX0031724002|/gateway/430000/cz/001/queryByHolder|P|h|n|10000|1727|nightly 01:00-03:00
        290|11100000MBX0031724003|/gateway/430000/cz/002/queryByHolder|P|h|n|50000|2502|nightly 01:00-03:00
        291|11100000MBX003244W001|/gjzwfw/sw-mofcom/share/001/verifyByNumber|P|n|n|5000|1265|monthly 1 00:00-06:00
        292|11100000MBX003244W002|/api/hn-sw-mofcom/dzzz/001/queryByHolder|P|h|n|5000|2104|nightly 01:00-03:00
        293|11100000MBX003316M001|/gateway/430000/kj/001/queryByHolder|P|h|n|50000|7453|nightly 00:00-01:00
        294|11100000MBX003383K001|/api/hn-fg/dzzz/001/queryByHolder|P|h|n|5000|47721|nightly 01:00-03:00
        295|11100000MBX003383K002|/api/hn-fg/dzzz/002/listChanged|G|l|y|288|1707|nightly 01:00-03:00
        296|11100000MBX003455C001|/gateway/430000/tx/001/queryByHolder|P|h|n|10000|2183|nightly 23:30-00:30
        297|11100000MBX0035275001|/services/hn-rh/DzzzQueryService/001|P|n|n|200000|829882|nightly 00:00-01:00
        298|11100000MBX0035943001|/services/cn-hg/DzzzQueryService/001|P|n|n|5000|10956|nightly 00:30-02:30
        299|11100000MBX003666U001|/hn/mzzj/certshare/001/queryByHolder|P|h|n|5000|2589|weekly Sat 22:00-24:00
        300|11100000MBX003666U002|/hn/mzzj/certshare/002/verifyByNumber|P|n|n|10000|2179|weekly Sat 22:00-24:00
        301|11100000MBX003738L001|/services/cn-zscq/DzzzQueryService/001|P|n|n|5000|70184|weekly Sun 00:00-06:00
        302|11100000MBX003738L002|/services/cn-zscq/DzzzQueryService/002|P|n|n|10000|429099|weekly Sun 00:00-06:00
        303|11100000MBX00380X8001|/zwfw/bq/001/verifyByNumber|P|n|n|30000|92197|monthly 1 00:00-06:00
        304|13100000MBX0038775001|/hn/gh/certshare/001/queryByHolder|P|h|n|50000|14830|nightly 00:00-01:00
        305|11430000MBX101215H001|/api/hn-gfdy/dzzz/001/queryByHolder|P|h|n|20000|2602|nightly 00:00-01:00
        """

    /// Whose a path is, by its beginning.
    static let owners = """
        services/hn-ga|湖南省公安厅
        national/ga|公安部
        services/cn-yimin|国家移民管理局
        api/hn-mz|湖南省民政厅
        services/cn-mz|民政部
        kstb/gd|广东省
        kstb/hb|湖北省
        kstb/jx|江西省
        api/hn-cl|湖南省残疾人联合会
        national/cl|中国残疾人联合会
        gjzwfw/tyjr|退役军人事务部
        gateway/430000/tyjr|湖南省退役军人事务厅
        gateway/430000/wj|湖南省卫生健康委员会
        national/wj|国家卫生健康委员会
        api/hn-jk|湖南省疾病预防控制局
        api/hn-zyy|湖南省中医药管理局
        hn/rs|湖南省人力资源和社会保障厅
        cn/rs|人力资源和社会保障部
        national/yb|国家医疗保障局
        gateway/430000/yb|湖南省医疗保障局
        share/hn/jy|湖南省教育厅
        cn/jy|教育部
        share/hn/yw|湖南省教育厅
        zwfw/yw|国家语言文字工作委员会
        gateway/430000/sj|湖南省市场监督管理局
        gjzwfw/sj|国家市场监督管理总局
        gateway/430000/yj|湖南省药品监督管理局
        gjzwfw/yj|国家药品监督管理局
        hn/zr|湖南省自然资源厅
        gjzwfw/zr|自然资源部
        gateway/430000/ly|湖南省林业局
        gateway/430000/zj|湖南省住房和城乡建设厅
        zwfw/zj|住房和城乡建设部
        share/hn/jt|湖南省交通运输厅
        national/jt|交通运输部
        services/cn-hs|中华人民共和国海事局
        gjzwfw/mh|中国民用航空局
        zwfw/yz|国家邮政局
        gateway/430000/yj-aq|湖南省应急管理厅
        national/yj-aq|应急管理部
        services/hn-xf|湖南省消防救援总队
        api/hn-hb|湖南省生态环境厅
        cn/hb|生态环境部
        gateway/430000/ny|湖南省农业农村厅
        gateway/430000/sl|湖南省水利厅
        gateway/430000/wl|湖南省文化和旅游厅
        zwfw/wl|文化和旅游部
        share/hn/cb|湖南省新闻出版局
        share/hn/ty|湖南省体育局
        national/ty|国家体育总局
        cn/sf|司法部
        services/hn-sf|湖南省司法厅
        zwfw/bb|国家事业单位登记管理局
        api/hn-bb|湖南省事业单位登记管理局
        services/hn-yc|湖南省烟草专卖局
        services/cn-sw|国家税务总局
        services/hn-sw|国家税务总局湖南省税务局
        zwfw/cz|财政部
        gateway/430000/cz|湖南省财政厅
        gjzwfw/sw-mofcom|商务部
        api/hn-sw-mofcom|湖南省商务厅
        gateway/430000/kj|湖南省科学技术厅
        api/hn-fg|湖南省发展和改革委员会
        gateway/430000/tx|湖南省通信管理局
        services/hn-rh|中国人民银行湖南省分行
        services/cn-hg|海关总署
        hn/mzzj|湖南省民族宗教事务委员会
        services/cn-zscq|国家知识产权局
        zwfw/bq|国家版权局
        hn/gh|湖南省总工会
        api/hn-gfdy|湖南省国防动员办公室
        """
}
