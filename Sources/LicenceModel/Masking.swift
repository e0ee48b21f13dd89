// SPDX-License-Identifier: Apache-2.0

/// How personal values are shown on screens by default.
///
/// Never for logs, metrics or errors: those carry no value at all, masked or not. There is no single standard; six and
/// four leak the birth place and nearly the person, so four and four are shown.
public enum Masking {
    /// A code or number with its middle hidden: `4301**********0020`.
    ///
    /// Shape: four and four characters stay from 12 characters on, two and two from 8 on, one below that; the length
    /// stays, so that a clerk can compare it with the paper.
    public static func code(_ text: String) -> String {
        let characters = Array(text)
        let kept =
            characters.count >= 12 ? (4, 4) : characters.count >= 8 ? (2, 2) : characters.count > 1 ? (1, 0) : (0, 0)
        return hidden(characters, first: kept.0, last: kept.1)
    }

    /// A person's name with all but its first character hidden: `张*`; spaces and dots between names stay.
    public static func name(_ text: String) -> String {
        let characters = Array(text)
        return String(
            characters.enumerated().map { $0.offset == 0 || $0.element == " " || $0.element == "·" ? $0.element : "*" })
    }

    /// A holder's code: an organisation's credit code is public and stays, everything else is masked.
    public static func code(of holder: Holder) -> String {
        holder.kind == .unifiedSocialCreditCode ? holder.code : code(holder.code)
    }

    /// A holder's name: an organisation's stays, a person's and that of an unknown kind is masked.
    public static func name(of holder: Holder) -> String? {
        holder.kind.subject == .organisation ? holder.name : holder.name.map(name)
    }

    private static func hidden(_ characters: [Character], first: Int, last: Int) -> String {
        String(characters.prefix(first)) + String(repeating: "*", count: characters.count - first - last)
            + String(characters.suffix(last))
    }
}
