import AdapterKit
import AdapterTesting
import Foundation

/// An adapter made by bending one thing of a good one, and the rules that have to refuse it.
struct BadSample: Sendable, CustomStringConvertible {
    /// What is wrong with it.
    let description: String
    /// The rules that refuse it: these and no others.
    let refusedBy: Set<ConformanceTest>
    /// What the first of them says.
    let says: String
    /// The good one: the library, or a shipped adapter.
    var good = "good-library"
    /// Changes the adapter's folder, a copy of the good one.
    var folder: @Sendable (_ path: String) throws -> Void = { _ in }
    /// Changes what is made of the folder.
    var bend: (@Sendable () -> Bend)?
    /// Changes what is known about it from outside.
    var adapter: @Sendable (inout AdapterUnderTest) -> Void = { _ in }
    /// Whether the expectations are written anew from what the bent adapter gives, as by somebody who does not look.
    var rewritesGolden = false

    init(_ description: String, _ refusedBy: Set<ConformanceTest>, says: String) {
        self.description = description
        self.refusedBy = refusedBy
        self.says = says
    }

    /// The same with something changed.
    func with(_ change: (inout BadSample) -> Void) -> BadSample {
        var sample = self
        change(&sample)
        return sample
    }

    static func bent(
        _ description: String, _ refusedBy: Set<ConformanceTest>, says: String, golden: Bool = false,
        _ bend: @escaping @Sendable (inout Bend) -> Void
    ) -> BadSample {
        var sample = BadSample(description, refusedBy, says: says)
        sample.rewritesGolden = golden
        sample.bend = {
            var made = Bend()
            bend(&made)
            return made
        }
        return sample
    }

    static func edited(
        _ description: String, _ refusedBy: Set<ConformanceTest>, says: String, golden: Bool = false,
        _ edits: (String, String)...
    ) -> BadSample {
        var sample = BadSample(description, refusedBy, says: says)
        sample.rewritesGolden = golden
        sample.folder = { path in
            let file = path + "/manifest.yaml"
            var text = try String(contentsOfFile: file, encoding: .utf8)
            for (old, new) in edits {
                guard text.contains(old) else { throw Unfit(text: "the good manifest has no `\(old)`") }
                text = text.replacing(old, with: new)
            }
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        return sample
    }

    struct Unfit: Error { let text: String }

    /// Makes the adapter in a folder of its own, and hands it over while that is there.
    func made<Outcome>(_ body: (AdapterUnderTest) async throws -> Outcome) async throws -> Outcome {
        let root = NSTemporaryDirectory() + "licgate-bad-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let isShipped = good != "good-library"
        let home = isShipped ? AdapterFolders.root + "/Adapters" : AdapterFolders.samples
        try FileManager.default.copyItem(atPath: "\(home)/\(good)", toPath: "\(root)/\(good)")
        try folder("\(root)/\(good)")
        let dialects = isShipped ? AdapterFolders.root + "/Config/dialects" : AdapterFolders.samples + "/dialects"
        var made = AdapterFolders.adapter(good, in: root, dialects: dialects)
        if let bend = bend?() {
            let straight = made.make
            made.make = { (transport, settings, clock) throws(SourceError) in
                BentSource(straight: try straight(bend.transport(transport), settings, clock), bend: bend)
            }
        }
        adapter(&made)
        if rewritesGolden { try await rewrite(made) }
        return try await body(made)
    }

    private func rewrite(_ adapter: AdapterUnderTest) async throws {
        guard let interface = adapter.formats.keys.first else { throw Unfit(text: "no interface") }
        let root = adapter.folder + "/fixtures/" + interface
        for name in try FileManager.default.contentsOfDirectory(atPath: root) {
            let found = await GoldenExpectation.text(
                of: adapter, interface: interface, caseFolder: "\(root)/\(name)")
            guard let text = found.text else { throw Unfit(text: "\(name): \(found.problems)") }
            for file in ["expected.json", "expected-error.txt"] {
                try? FileManager.default.removeItem(atPath: "\(root)/\(name)/\(file)")
            }
            let file = found.isError ? "expected-error.txt" : "expected.json"
            try text.write(toFile: "\(root)/\(name)/\(file)", atomically: true, encoding: .utf8)
        }
    }
}
