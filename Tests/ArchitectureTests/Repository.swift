// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The working copy this suite was compiled from, read as text.
enum Repository {
    /// The folder with Package.swift in it.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Folders that are made, not written: build products, the embedded store, secrets.
    private static func isMade(_ name: String) -> Bool {
        name.hasPrefix(".build") || [".git", "var", "__pycache__", "secrets", "node_modules"].contains(name)
    }

    /// Every file under the folder as a path from the root, sorted; empty when there is no such folder.
    static func files(under folder: String = "", ending: [String] = []) -> [String] {
        var found: [String] = []
        var waiting = [folder]
        while let next = waiting.popLast() {
            let place = next.isEmpty ? root : root.appendingPathComponent(next)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
            for name in names where !isMade(name) {
                let path = next.isEmpty ? name : next + "/" + name
                var isFolder: ObjCBool = false
                guard
                    FileManager.default.fileExists(
                        atPath: place.appendingPathComponent(name).path, isDirectory: &isFolder)
                else { continue }
                if isFolder.boolValue {
                    waiting.append(path)
                } else if ending.isEmpty || ending.contains(where: name.hasSuffix) {
                    found.append(path)
                }
            }
        }
        return found.sorted()
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    static func folders(under folder: String) -> [String] {
        let place = root.appendingPathComponent(folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let path = place.appendingPathComponent(name).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
        }.sorted()
    }

    /// The lines of a text file, without their ends; empty for a file that is not UTF-8.
    static func lines(_ path: String) -> [String] {
        guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}

/// One row of a Markdown table, cell by cell, without back-ticks.
struct TableRow {
    var line: Int
    var cells: [String]
}

enum Markdown {
    /// The rows of the first table below a heading that contains the text; the head and the dashes are left out.
    static func table(under heading: String, in lines: [String]) -> [TableRow] {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("#") && $0.contains(heading) }) else { return [] }
        var rows: [TableRow] = []
        for index in lines.indices where index > start {
            let line = lines[index]
            if line.hasPrefix("|") {
                rows.append(TableRow(line: index + 1, cells: cells(line)))
            } else if !rows.isEmpty || line.hasPrefix("#") {
                break
            }
        }
        return Array(rows.dropFirst(2))
    }

    static func cells(_ line: String) -> [String] {
        line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The lines that are not inside a fenced block of code, with their numbers.
    static func prose(_ lines: [String]) -> [(number: Int, text: String)] {
        var isCode = false
        var result: [(number: Int, text: String)] = []
        for (index, line) in lines.enumerated() {
            if line.trimmingCharacters(in: .whitespaces).hasPrefix("```") {
                isCode.toggle()
            } else if !isCode {
                result.append((index + 1, line))
            }
        }
        return result
    }
}

extension String.UTF8View {
    /// Whether the bytes of the text are in here; far cheaper than a pattern in a debug build.
    func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return true }
        return withContiguousStorageIfAvailable { bytes in
            guard var at = bytes.baseAddress else { return false }
            let end = at + bytes.count
            while end - at >= wanted.count, let found = memchr(at, Int32(first), end - at - wanted.count + 1) {
                at = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
                if memcmp(at, wanted, wanted.count) == 0 { return true }
                at += 1
            }
            return false
        } ?? false
    }
}
