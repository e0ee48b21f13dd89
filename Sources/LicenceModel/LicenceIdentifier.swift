// SPDX-License-Identifier: Apache-2.0

/// The licence identifier (证照标识): kept exactly as written, with what the syntax and the check character say of it.
///
/// A wrong identifier never drops a record: real ones fail the check, and vendors use other roots.
/// Shape: `1.2.156.3005.2.<type code>.<issuer>.<serial>.<version, 3 digits>.<check>`.
/// Source: GB/T 36904-2018 by way of two implementations (clause not read); check ISO 7064 MOD 37,36.
public struct LicenceIdentifier: Sendable, Hashable {
    /// What the syntax and the check character say.
    public enum Conformance: String, Sendable, Codable {
        /// Syntax and check character are right.
        case conforming
        /// The syntax is right, the check character is not.
        case checkFailed
        /// Not of the standard's form.
        case nonconforming
    }

    /// The identifier exactly as the source wrote it.
    public let raw: String

    /// Wraps an identifier as written.
    public init(_ raw: String) { self.raw = raw }

    /// The form that is compared and indexed: half-width, upper case, no blanks, no `.OFD` at the end.
    public var canonical: String {
        let text = CanonicalCode.of(raw)
        // By bytes: comparing characters costs more than all the rest of an identifier.
        guard text.utf8.count >= 4, text.utf8.suffix(4).elementsEqual(".OFD".utf8) else { return text }
        return String(text.dropLast(4))
    }
}
