// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
internal import Cryptography
public import Diagnostics
internal import LicenceModel
internal import Synchronization

/// Takes pushed batches in: proves who sends, bounds what is sent, and keeps it aside until it is proven.
///
/// A signature covers time, nonce, path, batch id and body. Nonces are remembered in memory for as long as their time
/// could be accepted; what was signed before this desk was made is refused, so that a restart opens no door.
public final class PushDesk: Sendable {
    /// Nonces remembered for one interface; full, further batches are asked to wait.
    static let noncesMax = 20_000
    /// Bodies received at the same time.
    static let receivingMax = 16
    /// How long one body may take: nobody is proven yet, and a body that drips keeps the place of another.
    static let receivingFor = Duration.seconds(300)

    private struct State {
        var nonces: [String: [String: Int64]] = [:]
        var receiving = 0
        var working: Set<String> = []
    }

    private let folder: String
    private let clock: any GatewayClock
    private let opened: Timestamp
    private let lane = FileLane()
    private let state = Mutex(State())

    /// Makes a desk.
    ///
    /// - Parameter folder: where bodies wait, unseen by others, until their signature is checked.
    public init(folder: String, clock: any GatewayClock) {
        self.folder = folder
        self.clock = clock
        opened = clock.now
    }

    /// Receives one batch and proves it; its records are not read yet.
    public func receive(_ call: PushCall, _ body: PushBody, for intakes: [PushIntake]) async throws(PushRefusal)
        -> PushedBatch
    {
        let intake = try choose(call, intakes)
        let proof = try PushProof(call)
        try checkTime(proof, intake)
        if seen(proof, intake) { throw PushFault.nonceUsed }
        if let declared = call.declaredBytes, declared > intake.bodyBytes { throw PushFault.tooLarge(intake.bodyBytes) }
        guard
            state.withLock({ state in
                if state.receiving >= Self.receivingMax { return false }
                state.receiving += 1
                return true
            })
        else { throw PushFault.busy }
        defer { state.withLock { $0.receiving -= 1 } }
        let (spool, digest) = try await keep(body, intake)
        guard PushSignature.verify(proof, target: call.target, digest: digest, intake) else {
            throw PushFault.badSignature
        }
        try remember(proof, intake)
        return PushedBatch(
            intake: intake, id: proof.batch, digest: BinaryText.hex.text(digest), spool: spool, lane: lane)
    }

    /// Does one thing for a source at a time: two batches at once would not know of each other.
    public func alone<T: Sendable>(
        _ batch: PushedBatch, _ work: () async throws(PushRefusal) -> T
    ) async throws(PushRefusal) -> T {
        let source = batch.intake.interface.source.rawValue
        guard state.withLock({ $0.working.insert(source).inserted }) else { throw PushFault.busy }
        defer { state.withLock { _ = $0.working.remove(source) } }
        return try await work()
    }

    private func choose(_ call: PushCall, _ intakes: [PushIntake]) throws(PushRefusal) -> PushIntake {
        guard !intakes.isEmpty else { throw PushFault.off }
        if let name = call.interface {
            guard let found = intakes.first(where: { $0.interface.name == name }) else { throw PushFault.off }
            return found
        }
        guard intakes.count == 1 else { throw PushFault.whichInterface }
        return intakes[0]
    }

    private func checkTime(_ proof: PushProof, _ intake: PushIntake) throws(PushRefusal) {
        let window = intake.window.components.seconds
        guard abs(clock.now.milliseconds / 1000 - proof.seconds) <= window else {
            throw PushFault.outsideWindow(window)
        }
        guard proof.seconds >= opened.milliseconds / 1000 else { throw PushFault.beforeStart }
    }

    private func seen(_ proof: PushProof, _ intake: PushIntake) -> Bool {
        state.withLock { $0.nonces[intake.interface.description]?[proof.nonce] != nil }
    }

    private func remember(_ proof: PushProof, _ intake: PushIntake) throws(PushRefusal) {
        let now = clock.now.milliseconds / 1000
        let name = intake.interface.description
        let outcome: PushRefusal? = state.withLock { state in
            var known = state.nonces[name] ?? [:]
            if known.count >= Self.noncesMax { known = known.filter { $0.value >= now } }
            if known[proof.nonce] != nil { return PushFault.nonceUsed }
            if known.count >= Self.noncesMax { return PushFault.busy }
            known[proof.nonce] = proof.seconds + intake.window.components.seconds
            state.nonces[name] = known
            return nil
        }
        if let outcome { throw outcome }
    }

    /// Writes the body where nobody sees it, bounded, and digests it on the way.
    private func keep(_ body: PushBody, _ intake: PushIntake) async throws(PushRefusal) -> (Spool, [UInt8]) {
        let folder = folder
        guard let spool = await lane.run({ Spool(below: folder) }) else { throw PushFault.noRoom }
        guard let digest = try? DigestStream(intake.algorithm.digest) else { throw PushFault.noRoom }
        var received = 0
        let begun = clock.elapsed
        do {
            for try await piece in body {
                guard clock.elapsed - begun <= Self.receivingFor else { throw PushFault.tooSlow }
                received += piece.count
                guard received <= intake.bodyBytes else { throw PushFault.tooLarge(intake.bodyBytes) }
                digest.update(piece)
                guard await lane.run({ spool.append(piece) }) else { throw PushFault.noRoom }
            }
        } catch let refusal as PushRefusal {
            throw refusal
        } catch {
            throw PushFault.cutOff
        }
        return (spool, digest.finish())
    }
}

/// The parts of a call that have to be there.
struct PushProof: Sendable {
    var batch: String
    var timestamp: String
    var seconds: Int64
    var nonce: String
    var signature: [UInt8]

    init(_ call: PushCall) throws(PushRefusal) {
        guard let timestamp = call.timestamp, let nonce = call.nonce, let signature = call.signature,
            let batch = call.batch
        else { throw PushFault.unsigned }
        guard Self.isWord(batch, 1...64) else { throw PushFault.badBatchID }
        guard Self.isWord(nonce, 16...64), timestamp.utf8.count <= 12, let seconds = Int64(timestamp), seconds > 0,
            String(seconds) == timestamp, let bytes = BinaryText.hex.bytes(signature.lowercased()), bytes.count == 32
        else { throw PushFault.unsigned }
        self.batch = batch
        self.timestamp = timestamp
        self.seconds = seconds
        self.nonce = nonce
        self.signature = bytes
    }

    private static func isWord(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                    || [45, 46, 95].contains($0)
            }
    }
}

/// What is signed, and how.
public enum PushSignature {
    /// The text that is signed: seven lines, the last without an end.
    public static func text(
        timestamp: String, nonce: String, target: String, batch: String, bodyDigest: String
    ) -> String {
        "licgate-push-v1\n\(timestamp)\n\(nonce)\nPOST\n\(target)\n\(batch)\n\(bodyDigest)"
    }

    static func verify(_ proof: PushProof, target: String, digest: [UInt8], _ intake: PushIntake) -> Bool {
        let text = text(
            timestamp: proof.timestamp, nonce: proof.nonce, target: target, batch: proof.batch,
            bodyDigest: BinaryText.hex.text(digest))
        let key = Array(intake.secret.revealed.utf8)
        guard key.count >= 16, let expected = try? intake.algorithm.digest.hmac(Array(text.utf8), key: key) else {
            return false
        }
        return equalInConstantTime(expected, proof.signature)
    }
}

extension PushAlgorithm {
    var digest: MessageDigest { self == .hmacSM3 ? .sm3 : .sha256 }
}
