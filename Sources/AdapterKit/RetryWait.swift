// SPDX-License-Identifier: Apache-2.0

/// How long to wait before a failed request is made again, as a manifest's `errors` say it.
public struct RetryWait: Sendable, Hashable {
    /// How the wait grows.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The same each time.
        case constant
        /// Twice as long each time.
        case exponential
    }
    /// How the wait grows.
    public var kind: Kind
    /// The first wait.
    public var first: Duration
    /// The longest wait; what the source itself asks for may be longer.
    public var most: Duration
    /// How much longer a wait may become by chance, as a share of it.
    public var jitterFraction: Double
    /// How often it is tried again; nil means as often as a page may fail.
    public var times: Int?

    /// Makes a rule.
    public init(
        kind: Kind = .exponential, first: Duration = .seconds(1), most: Duration = .seconds(60),
        jitterFraction: Double = 0.25, times: Int? = nil
    ) {
        self.kind = kind
        self.first = first
        self.most = most
        self.jitterFraction = jitterFraction
        self.times = times
    }

    /// The wait before repeat `number` (1 is the first); `chance` lies in 0 to 1.
    public func wait(beforeRepeat number: Int, chance: Double) -> Duration {
        let plain = kind == .constant ? first : first * (1 << min(max(number - 1, 0), 20))
        let capped = min(plain, most)
        return capped + capped * (jitterFraction * chance)
    }
}

/// The usual page size, and the smallest to which a page that keeps failing may be cut.
public struct PageSizes: Sendable, Hashable {
    /// The usual size.
    public var usual: Int
    /// The smallest size.
    public var smallest: Int
    /// Makes sizes.
    public init(usual: Int, smallest: Int) {
        self.usual = usual
        self.smallest = smallest
    }
    /// The next smaller size after `current` failed: the half, not below the smallest; nil when there is none.
    public func smaller(than current: Int?) -> Int? {
        let now = current ?? usual
        guard now > smallest else { return nil }
        return max(smallest, now / 2)
    }
}
