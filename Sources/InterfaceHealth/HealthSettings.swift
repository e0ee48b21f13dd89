// SPDX-License-Identifier: Apache-2.0

/// The rules of judgement that are the same for every interface.
public struct HealthSettings: Sendable, Hashable {
    /// How many of the latest findings must agree before a verdict changes.
    public struct Confirmation: Sendable, Hashable {
        /// How many must agree.
        public var needed: Int
        /// Of how many.
        public var of: Int
        /// Makes a rule.
        ///
        /// Shape: 1 <= needed <= of <= 100; values outside are brought inside.
        public init(needed: Int, of: Int) {
            self.of = min(max(of, 1), 100)
            self.needed = min(max(needed, 1), self.of)
        }
        /// The first finding changes the verdict.
        public static let atOnce = Confirmation(needed: 1, of: 1)
        /// Two of the last three: one unlucky attempt changes nothing.
        public static let twoOfThree = Confirmation(needed: 2, of: 3)
    }

    /// When a verdict changes.
    public var confirmation: Confirmation
    /// How long a rightly answered golden question proves anything.
    public var provenFor: Duration
    /// An interface without a schedule is unknown after this long without a sign.
    public var silence: Duration

    /// Makes settings.
    public init(
        confirmation: Confirmation = .atOnce, provenFor: Duration = .seconds(86_400),
        silence: Duration = .seconds(2 * 86_400)
    ) {
        self.confirmation = confirmation
        self.provenFor = provenFor
        self.silence = silence
    }
}
