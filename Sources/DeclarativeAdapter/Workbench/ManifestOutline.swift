// SPDX-License-Identifier: Apache-2.0
internal import LicenceModel
internal import SourceDocument

/// What a compiled manifest does with one interface, as plain text: for reports and for comparing two manifests.
package struct ManifestOutline: Sendable, Hashable {
    /// One field's rule.
    package struct Field: Sendable, Hashable {
        /// The paths, in the order they are tried.
        package var places: [String]
        /// The constant, when the rule is one.
        package var constant: String?
        /// The date formats.
        package var dates: [String]
        /// Values that mean "no end".
        package var openEnded: [String]
        /// The separator of several values.
        package var split: String?
        /// Their values and ours.
        package var map: [String: String]
    }
    /// The interface.
    package var interface: String
    /// The path that is asked, as the manifest writes it.
    package var path: String
    /// Where the records are.
    package var records: String
    /// The kind of pages; nil for an interface that is not pulled over HTTP.
    package var pages: String?
    /// The query parameter of the pages.
    package var pageParameter: String?
    /// Where the next page's token or address is.
    package var pageToken: String?
    /// Where the total is.
    package var total: String?
    /// The cursor: path, kind and formats; nil without one.
    package var cursor: [String]?
    /// The key's paths.
    package var key: [String]
    /// The fields.
    package var fields: [String: Field]
}

extension SourceManifest {
    /// One outline for every interface, in the manifest's order.
    package var outlines: [ManifestOutline] {
        interfaces.map { interface in
            let pull = interface.pull
            let records = pull?.records ?? interface.find?.questions.first?.value.records
            let identity = pull?.identity ?? interface.ways.identity ?? interface.find?.identity
            return ManifestOutline(
                interface: interface.name,
                path: (pull?.request ?? interface.find?.questions.first?.value.request)?.path.source ?? "",
                records: records?.text ?? "$", pages: pull?.pages.kind.rawValue,
                pageParameter: pull?.pages.parameter, pageToken: (pull?.pages.token ?? pull?.pages.next)?.text,
                total: pull?.total?.text, cursor: pull?.cursor.map { [$0.path.text] + $0.value.words },
                key: identity?.key.map(\.text) ?? [],
                fields: interface.mapping.fields.mapValues { rule in
                    ManifestOutline.Field(
                        places: rule.places.map(\.text), constant: rule.constant, dates: rule.dates.map(\.source),
                        openEnded: rule.openEnded.sorted(), split: rule.split, map: rule.map)
                })
        }
    }
}

extension OrderedValue {
    fileprivate var words: [String] {
        switch self {
        case .number: ["number"]
        case .time(let formats, _): ["time"] + formats.map(\.source)
        }
    }
}
