// SPDX-License-Identifier: Apache-2.0

extension KeySpec {
    /// The mark that every block of a manifest can carry.
    static let confirm = KeySpec(
        "confirm", .either(.boolean, .list(.text(max: 64), max: 32)), .optional("nothing here waits for a person"),
        "Proposed from a sample, not confirmed yet: `true` for the whole block, or the names of its keys that are. "
            + "Lint warns, sync and serve refuse, until a person removes it.",
        example: "[ key, total ]")
}

extension BlockSpec {
    /// Blocks of files that nobody proposes from a sample, and questions whose answers a person knows.
    static let withoutConfirm: Set<String> = ["dialect", "golden question", "vocabulary", "known shape"]
}

extension ManifestLanguage {
    /// What a recording of a live answer may keep.
    static let notPersonalKey = KeySpec(
        "not_personal", .list(.text(max: 64), max: 64),
        .optional("nothing: a recording keeps what the manifest itself lists, and replaces every other value"),
        "Fields, by the source's names, whose values `licgate adapter record` keeps as they are.",
        example: "[ certificateTypeName, message ]")
}
