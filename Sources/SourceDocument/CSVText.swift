// SPDX-License-Identifier: Apache-2.0

/// The lexical level of CSV.
enum CSVText {
    /// The content of a quoted field with doubled quotes made single.
    static func undoubled(_ bytes: ArraySlice<UInt8>) -> [UInt8] { Array(bytes) }
}
