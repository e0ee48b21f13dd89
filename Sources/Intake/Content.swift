// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Archives
internal import Diagnostics

/// The content of a file that may be packed: what is fed comes out in pieces, as it is or unpacked.
///
/// One owner, not Sendable.
final class Content {
    private let unarchiver: Unarchiver?
    private var waiting: [UInt8]?
    private let place: Place

    /// - Parameter contentBytes: how large the content may be, when it is packed.
    init(_ container: FileContainer?, contentBytes: Int, place: Place) {
        self.place = place
        let limits = ArchiveLimits(contentBytes: contentBytes)
        unarchiver =
            switch container {
            case nil: nil
            case .gzip: Unarchiver(.gzip, limits: limits, place: place)
            case .zip(let member):
                Unarchiver(.zip(member: member.flatMap { MemberPattern($0) }), limits: limits, place: place)
            }
    }

    func feed(_ bytes: [UInt8]) {
        if let unarchiver { unarchiver.feed(bytes) } else { waiting = bytes }
    }

    /// The next piece; nil when more has to be fed first.
    func next() throws(SourceError) -> [UInt8]? {
        guard let unarchiver else {
            defer { waiting = nil }
            return waiting
        }
        do throws(ArchiveError) { return try unarchiver.next() } catch { throw fault(error) }
    }

    /// Only after this is everything that came out right.
    func finish() throws(SourceError) {
        do throws(ArchiveError) { try unarchiver?.finish() } catch { throw fault(error) }
    }

    private func fault(_ error: ArchiveError) -> SourceError {
        var finding = error.diagnostic
        finding.place = finding.place.within(place)
        return SourceError(finding, recovery: .stopRun)
    }
}
