// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import Glibc

/// A program that may be run as a tap: one entry of the allow-list in the configuration.
public struct TapProgram: Sendable, Hashable {
    /// The executable, an absolute path.
    public var executable: String
    /// Its SHA-256 in hexadecimal, when it is pinned.
    public var sha256: String?

    /// Makes an entry.
    public init(executable: String, sha256: String? = nil) {
        self.executable = executable
        self.sha256 = sha256
    }

    /// What speaks against running it, or nil; blocking.
    func problem() -> String? {
        guard executable.hasPrefix("/") else { return "its path is not absolute" }
        var status = stat()
        guard stat(executable, &status) == 0 else { return "there is no such file" }
        guard status.st_mode & S_IFMT == S_IFREG else { return "it is not a file" }
        guard access(executable, X_OK) == 0 else { return "it may not be executed by us" }
        guard status.st_mode & 0o022 == 0 else { return "others than its owner may write it" }
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            return "it belongs neither to us nor to the system"
        }
        guard let sha256 else { return nil }
        guard digest() == sha256.lowercased() else { return "its SHA-256 is not the one in the configuration" }
        return nil
    }

    private func digest() -> String? {
        // The configuration may name a link, as those of a virtual environment: what is run is what it leads to.
        guard let resolved = realpath(executable, nil) else { return nil }
        defer { free(resolved) }
        guard let file = OpenFile(String(cString: resolved)) else { return nil }
        let digest = SHA256Stream()
        var offset = 0
        while let bytes = file.read(at: offset, 1 << 20) {
            if bytes.isEmpty { return digest.finish().description }
            digest.update(bytes)
            offset += bytes.count
        }
        return nil
    }
}
