// SPDX-License-Identifier: Apache-2.0
import LicenceModel

extension ProvincialFace {
    /// What a request asks for, read as the family writes it.
    struct Question {
        private let request: CityRequest
        private let row: ProvincialRow
        private let family: ProvincialFamily
        private let fields: [String: String]

        init(_ request: CityRequest, _ row: ProvincialRow, _ family: ProvincialFamily) {
            self.request = request
            self.row = row
            self.family = family
            fields = request.method == "GET" || family.envelope == .soap ? request.query : request.jsonFields
        }

        private func value(_ name: String) -> String? {
            let found = family.envelope == .soap ? request.element(name) : fields[name]
            return found?.isEmpty == false ? found : nil
        }

        /// The records asked for; nil when something is missing from the question.
        func find(in book: SourceBook) -> [CityRecord]? {
            let names = family.names
            switch row.ask {
            case "h":
                guard let code = value(names.holderCode), let kind = value(names.holderKind) else { return nil }
                return book.find(kind: family.asked(kind), code: code, type: nil)
            case "n": return number.map { book.find(number: $0, type: nil) }
            default: return value(names.identifier).map { book.find(identifier: $0) }
            }
        }

        /// The number, which where a question is a GET stands in a header: addresses are logged by every proxy.
        private var number: String? {
            request.method == "GET" ? request.headers["x-certificate-number"] : value(family.names.number)
        }

        // MARK: Lists

        /// Where the asked window begins and ends; rows that are not incremental do not look at it.
        func window(in book: SourceBook) -> (low: Int, high: Int) {
            guard row.isIncremental else { return (0, book.count) }
            switch family.envelope {
            case .result, .licence: return (book.position(sequence: value("from_no")), book.count)
            default: return book.window(since: value("since"), until: value("until"))
            }
        }

        var size: Int? { value("size").flatMap { Int($0) } }

        /// Records to skip: by page number, offset or token, as the family pages.
        func offset(_ size: Int) -> Int {
            switch family.envelope {
            case .result: value("offset").flatMap { Int($0) } ?? 0
            case .licence: value("next").flatMap { Int($0.dropFirst()) } ?? 0
            default: ((value("page").flatMap { Int($0) } ?? 1) - 1) * size
            }
        }
    }
}
