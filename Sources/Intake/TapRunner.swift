// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
public import Diagnostics
internal import LicenceModel

/// Runs Singer taps (specification 0.3.0) as child processes: allow-listed, with an empty environment, bounded in time,
/// memory and output, ended with their whole process group.
public final class TapRunner: TapRunning {
    let allowed: [String: TapProgram]
    let folder: String
    let clock: any GatewayClock
    let lane = FileLane()

    /// Makes a runner.
    ///
    /// - Parameter folder: where each run has a private folder while it goes on, with the configuration in it.
    public init(allowed: [String: TapProgram], folder: String, clock: any GatewayClock) {
        self.allowed = allowed
        self.folder = folder
        self.clock = clock
    }

    /// The records of one run of the program.
    public func pull(
        _ tap: TapOrder, _ request: PullRequest, mapping: any RecordMapping
    ) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        TapPull(runner: self, tap: tap, request: request, mapping: mapping)
    }

    /// Looks whether the program may and can be started, without starting it.
    public func inspect(_ tap: TapOrder, place: Place) async throws(SourceError) {
        _ = try await program(tap, place)
    }

    func program(_ tap: TapOrder, _ place: Place) async throws(SourceError) -> TapProgram {
        guard let program = allowed[tap.program] else { throw TapFault.notAllowed(tap.program, place) }
        if let problem = await lane.run({ program.problem() }) { throw TapFault.unfit(tap.program, problem, place) }
        return program
    }

    /// A started program and its private folder.
    func start(_ tap: TapOrder, state: [UInt8]?, _ place: Place) async throws(SourceError) -> StartedTap {
        let program = try await program(tap, place)
        let parent = folder
        guard let folder = await lane.run({ PrivateFolder(below: parent) }) else { throw TapFault.folder(place) }
        var files = [("config.json", Array(tap.configuration.revealed.utf8))]
        if let state { files.append(("state.json", state)) }
        if let catalogue = tap.catalogue {
            let bytes = await lane.run { OpenFile(catalogue)?.read(at: 0, 4 << 20) }
            guard let bytes else { throw TapFault.catalogue(place) }
            files.append(("catalog.json", bytes))
        }
        let written = files
        guard await lane.run({ written.allSatisfy { folder.write($0.0, $0.1) } }) else { throw TapFault.folder(place) }
        var arguments = ["--config", "\(folder.path)/config.json"]
        if state != nil { arguments += ["--state", "\(folder.path)/state.json"] }
        if tap.catalogue != nil { arguments += ["--catalog", "\(folder.path)/catalog.json"] }
        let (given, bounds) = (arguments, ChildProcess.Bounds(stall: tap.stall, deadline: tap.deadline))
        let started = await lane.run { () -> Result<ChildProcess, ChildFailure> in
            do throws(ChildFailure) {
                return .success(
                    try ChildProcess(program.executable, given, folder: folder, memory: tap.memory, bounds: bounds))
            } catch {
                return .failure(error)
            }
        }
        switch started {
        case .success(let child): return StartedTap(child: child, folder: folder)
        case .failure(let failure): throw TapFault.notStarted(failure.number, place)
        }
    }
}

/// A program that runs.
struct StartedTap: Sendable {
    let child: ChildProcess
    let folder: PrivateFolder
}

/// The batches of one run of a tap; the program is read as fast as batches are asked for, and no faster.
struct TapPull: AsyncSequence, Sendable {
    typealias Element = SourceBatch
    typealias Failure = SourceError

    let runner: TapRunner
    let tap: TapOrder
    let request: PullRequest
    let mapping: any RecordMapping

    func makeAsyncIterator() -> Iterator { Iterator(pull: self) }

    var place: Place {
        Place(source: request.interface.source.rawValue, interface: request.interface.name, run: request.run.rawValue)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let pull: TapPull
        private var reading: TapReading?
        private var waiting: [SourceBatch] = []
        private var failure: SourceError?
        private var isDone = false

        init(pull: TapPull) { self.pull = pull }

        mutating func next() async throws(SourceError) -> SourceBatch? { try await next(isolation: nil) }

        /// What was gathered before a failure is handed out first: its state stands for it.
        mutating func next(isolation actor: isolated (any Actor)?) async throws(SourceError) -> SourceBatch? {
            while waiting.isEmpty, !isDone {
                if let failure {
                    isDone = true
                    throw failure
                }
                do throws(SourceError) {
                    var current = if let reading { reading } else { try await TapReading(pull, isolation: actor) }
                    reading = nil
                    let isOver = try await current.step(isolation: actor)
                    waiting = current.takeBatches()
                    if isOver { isDone = true } else { reading = current }
                } catch {
                    failure = error
                }
            }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }
}
