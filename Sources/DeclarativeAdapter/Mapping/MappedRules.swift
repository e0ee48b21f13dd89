// SPDX-License-Identifier: Apache-2.0
internal import SourceDocument

/// A mapping's rules as a mapper asks for them: found by name once for all records.
///
/// A rule holds a dozen collections; looked up by name for each field of each record, taking it out cost more than
/// following it.
final class MappedRules: Sendable {
    /// A rule and the field it is for.
    final class Field: Sendable {
        let name: String
        let rule: FieldRule

        init(_ name: String, _ rule: FieldRule) {
            self.name = name
            self.rule = rule
        }
    }

    let identifier: Field?
    let number: Field?
    let holderCode: Field?
    let holderKind: Field?
    let holderName: Field?
    let validFrom: Field?
    let validUntil: Field?
    let issuedOn: Field?
    let status: Field?
    let trustGrade: Field?
    let authorityCode: Field?
    let authorityName: Field?
    let authorityRegion: Field?
    /// Face fields with rules of their own.
    let face: [Field]
    /// The names at a record's top that are kept on the face, when they are all there is to keep.
    let facesKept: [String]?

    init(_ mapping: FieldMapping, _ readNames: Set<String>) {
        func field(_ name: String) -> Field? { mapping.fields[name].map { Field(name, $0) } }
        identifier = field("identifier")
        number = field("number")
        holderCode = field("holder.code")
        holderKind = field("holder.code_kind")
        holderName = field("holder.name")
        validFrom = field("valid_from")
        validUntil = field("valid_until")
        issuedOn = field("issued_on")
        status = field("status")
        trustGrade = field("trust_grade")
        authorityCode = field("authority.code")
        authorityName = field("authority.name")
        authorityRegion = field("authority.region")
        face = mapping.face.named.map { Field($0.name, $0.rule) }
        if case .names(let names) = mapping.face.keep, mapping.face.inside.isEmpty {
            facesKept = names.filter { !mapping.face.drop.contains($0) && !readNames.contains($0) }.sorted()
        } else {
            facesKept = nil
        }
    }
}
