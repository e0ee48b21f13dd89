// SPDX-License-Identifier: Apache-2.0
import Archives
import Diagnostics

/// What must hold for every input whatever: used by the fuzz target, and by the test that replays its corpus.
enum ArchivePromises {
    /// Nil, or the promise that was broken; the first byte chooses the container and where the input is cut.
    static func check(_ bytes: [UInt8]) -> String? {
        guard let first = bytes.first else { return nil }
        let formats: [ArchiveFormat] = [.gzip, .deflate, .zip(member: nil), .zip(member: MemberPattern("*.json"))]
        let format = formats[Int(first) % formats.count]
        let body = Array(bytes.dropFirst())
        let whole = reading(body, format, step: max(body.count, 1))
        let split = reading(body, format, step: Int(first / 4) % 16 + 1)
        if whole.error != split.error { return "cuts decide what is wrong" }
        if whole.error == nil, whole.content != split.content { return "cuts change the content" }
        if whole.content.count > 3 << 20 { return "more came out than the limit allows" }
        return nil
    }

    private static func reading(_ bytes: [UInt8], _ format: ArchiveFormat, step: Int)
        -> (content: [UInt8], error: ArchiveError.Code?)
    {
        let archive = Unarchiver(format, limits: ArchiveLimits(contentBytes: 2 << 20))
        var content: [UInt8] = []
        do throws(ArchiveError) {
            for start in stride(from: 0, to: bytes.count, by: step) {
                archive.feed(bytes[start..<min(start + step, bytes.count)])
                while let piece = try archive.next() { content += piece }
            }
            try archive.finish()
            return (content, nil)
        } catch {
            _ = error.description
            return (content, error.code)
        }
    }
}
