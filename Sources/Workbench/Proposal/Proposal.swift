// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// A manifest proposed from a sample, and why it says what it says.
public struct Proposal: Sendable {
    /// One conclusion, for people.
    public struct Conclusion: Sendable {
        /// What it is about, for example `records`, `pages` or `holder.code`.
        public var topic: String
        /// What was concluded, as the manifest writes it.
        public var value: String
        /// What speaks for it; never a value of a person.
        public var evidence: String
        /// Why it has to be confirmed; nil when the sample proves it.
        public var doubt: String?
        /// What the sample allows as well; the conclusion is then a choice, and marked.
        public var others: [String] = []
    }
    /// The manifest's text.
    public var manifest: String
    /// What was found, in the order of the manifest.
    public var conclusions: [Conclusion]
    /// What lint says about it: `confirm` marks, and nothing else.
    public var findings: [Diagnostic]
    /// How many records the sample holds.
    public var records: Int
    /// What the gateway's configuration has to say about the source: names and what for.
    public var settings: [(name: String, meaning: String)]
    /// Secrets it needs.
    public var secrets: [String]

    /// How many settings wait for a person.
    public var unconfirmed: Int { findings.count { $0.code == "manifest.unconfirmed" } }
}
