// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct `The fuzz corpora` {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz/corpus")

    @Test(arguments: ["json", "ndjson", "xml", "csv", "charset", "path", "embedded", "multipart"])
    func `keep every promise`(target: String) throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: target), includingPropertiesForKeys: nil)
        #expect(files.count >= 5, "the corpus is missing")
        for file in files {
            let broken = DocumentPromises.check(target, Array(try Data(contentsOf: file)))
            #expect(broken == nil, "\(target)/\(file.lastPathComponent)")
        }
    }
}
