// SPDX-License-Identifier: Apache-2.0

/// A dialect as names: what the workbench compares a sample's names with.
package struct DialectOutline: Sendable {
    /// One field of a dialect.
    package struct Field: Sendable {
        /// The field's name in a manifest.
        package let name: String
        /// The source's names for it, misspellings included.
        package let sourceNames: [String]
        /// How the dialect reads dates.
        package let dates: [String]
        /// Values that mean "no end" in the dialect.
        package let openEnded: [String]
        /// Values that count as empty in the dialect.
        package let emptyValues: [String]
    }
    /// The dialect's name.
    package let name: String
    /// Its fields, in the order of the language.
    package let fields: [Field]
}

extension DialectShelf {
    /// Every dialect that could be read, by name.
    var outlines: [DialectOutline] {
        names.compactMap { name in
            guard let rules = shape(name)?.block("fields") else { return nil }
            let fields = ManifestLanguage.fieldNames.compactMap { field -> DialectOutline.Field? in
                switch rules[field.name] {
                case .scalar(let text, _)?:
                    return DialectOutline.Field(
                        name: field.name, sourceNames: [text], dates: [], openEnded: [], emptyValues: [])
                case .block(let rule)?:
                    return DialectOutline.Field(
                        name: field.name, sourceNames: rule.texts("from") + rule.texts("first_of"),
                        dates: rule.texts("date"), openEnded: rule.texts("open_ended"),
                        emptyValues: rule.texts("empty_values"))
                default: return nil
                }
            }
            return DialectOutline(name: name, fields: fields)
        }
    }
}
