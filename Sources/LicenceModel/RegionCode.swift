// SPDX-License-Identifier: Apache-2.0

/// A region code (行政区划代码), six digits, or twelve with streets and villages.
///
/// Source: GB/T 2260 by way of a public data set. Codes we have no name for are kept: old ones persist in data, and
/// development zones have none, so that sources invent them.
public struct RegionCode: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The digits as written, half-width.
    public let digits: String

    /// Accepts exactly 6 or 12 digits, full-width too.
    public init?(_ text: String) {
        let canonical = CanonicalCode.of(text)
        guard [6, 12].contains(canonical.utf8.count), canonical.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        digits = canonical
    }

    private init(sixDigits: String) { digits = sixDigits }

    /// The six digits of the county, city or province.
    public var county: String { String(digits.prefix(6)) }

    /// The six-digit code in force today: 430124 (Ningxiang county) has become 430182.
    ///
    /// Records keep the code they came with; this is for grouping and display.
    public var current: RegionCode { RegionCode(sixDigits: Self.successors[county] ?? county) }

    /// The name shown to people, of the code in force today; nil for regions outside the table.
    public var displayName: String? { Self.names[current.digits] }

    /// The digits.
    public var description: String { digits }
    /// By digits.
    public static func < (a: RegionCode, b: RegionCode) -> Bool { a.digits < b.digits }

    // 430122 to 430112 is from general knowledge; both are used for display only.
    private static let successors = ["430124": "430182", "430122": "430112"]

    private static let names = [
        "430000": "湖南省", "430100": "长沙市", "430102": "芙蓉区", "430103": "天心区", "430104": "岳麓区", "430105": "开福区",
        "430111": "雨花区", "430112": "望城区", "430121": "长沙县", "430181": "浏阳市", "430182": "宁乡市",
        "430200": "株洲市", "430300": "湘潭市", "430400": "衡阳市", "430500": "邵阳市", "430600": "岳阳市", "430700": "常德市",
        "430800": "张家界市", "430900": "益阳市", "431000": "郴州市", "431100": "永州市", "431200": "怀化市",
        "431300": "娄底市", "433100": "湘西土家族苗族自治州",
    ]
}
