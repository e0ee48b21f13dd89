// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intake
import Yams

extension ConfigurationValues {
    /// The allow-list of programs that may be run as Singer taps.
    mutating func readTaps(_ node: Node) {
        if node.scalar?.string.isEmpty == true || node == Node("null") { return }
        guard let mapping = node.mapping else {
            tree.report("configuration.wrong_type", node.mark, "`taps` takes keys", "Indent a program's name under it")
            return
        }
        for (nameNode, value) in mapping {
            guard let name = nameNode.scalar?.string, let keys = value.mapping else {
                tree.report(
                    "configuration.wrong_type", value.mark, "an entry of `taps` takes keys",
                    "Write `name: { executable: /path/to/it }`")
                continue
            }
            if let program = program(name, keys, nameNode.mark) { taps[name] = program }
        }
    }

    private mutating func program(_ name: String, _ keys: Node.Mapping, _ mark: Mark?) -> TapProgram? {
        var texts: [String: String] = [:]
        for (key, value) in keys {
            guard let word = key.scalar?.string, ["executable", "sha256"].contains(word) else {
                tree.report(
                    "configuration.unknown_key", key.mark, "an entry of `taps` has `executable` and `sha256` only",
                    "Remove the key, or correct it")
                continue
            }
            texts[word] = value.scalar?.string ?? ""
        }
        guard let executable = texts["executable"], executable.hasPrefix("/") else {
            tree.report(
                "configuration.wrong_value", mark, "`taps.\(name).executable` is no absolute path",
                "Write where the program is, from `/` on")
            return nil
        }
        if let digest = texts["sha256"], digest.utf8.count != 64 || !digest.allSatisfy(\.isHexDigit) {
            tree.report(
                "configuration.wrong_value", mark, "`taps.\(name).sha256` is no SHA-256 in hexadecimal",
                "Write the 64 digits that `sha256sum` prints")
            return nil
        }
        return TapProgram(executable: executable, sha256: texts["sha256"])
    }
}
