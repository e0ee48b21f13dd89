// SPDX-License-Identifier: Apache-2.0
internal import Diagnostics
package import LicenceModel

// The errors that every engine words alike.
extension CatalogueError.Code {
    /// Two records have the same catalogue id: the store refuses to mix them.
    public static let identityCollision = CatalogueError.Code(rawValue: "catalogue.identity_collision")
    /// There is no catalogue in the folder.
    public static let absent = CatalogueError.Code(rawValue: "catalogue.absent")
}

extension CatalogueError {
    package static func misuse(_ what: String, run: RunID? = nil, page: Int? = nil) -> CatalogueError {
        CatalogueError(
            .misuse, what, place: Place(run: run?.rawValue, page: page), consequence: "Nothing was written.",
            remedy: "This is a fault of the program: report it with this text.")
    }

    package static func unknownRun(_ run: RunID) -> CatalogueError {
        misuse("The run is not open: it was never begun, is finished, or was interrupted by a restart", run: run)
    }

    package static func leaseHeld(_ source: SourceID, by owner: String) -> CatalogueError {
        CatalogueError(
            .leaseHeld, "Another run holds this source: \(owner)", place: Place(source: source.rawValue),
            consequence: "This run was not started.",
            remedy: "Wait for the other run to end, or stop it; a lease is given back when its process ends.")
    }

    package static func quarantineFull(_ interface: InterfaceID, run: RunID, limit: String) -> CatalogueError {
        CatalogueError(
            .quarantineFull, "The quarantine has reached its limit of \(limit)",
            place: Place(source: interface.source.rawValue, interface: interface.name, run: run.rawValue),
            consequence: "The page was not written and the cursor stays before it.",
            remedy: "Look with `licgate quarantine list`, mend and replay or purge, or raise the limit.")
    }

    package static func noSuchReject(_ number: Int64) -> CatalogueError {
        CatalogueError(
            .notFound, "There is no open reject with number \(number)",
            remedy: "List the open ones with `licgate quarantine list`.")
    }

    package static var tokenUnknown: CatalogueError {
        CatalogueError(
            .tokenUnknown, "The change token is not one of this catalogue's",
            remedy: "Hand back a token exactly as the change feed gave it, or start without one.")
    }

    package static var tokenExpired: CatalogueError {
        CatalogueError(
            .tokenExpired, "The change token is older than the changes kept",
            consequence: "Continuing from it would skip changes.",
            remedy: "Read the catalogue whole (`licgate catalogue export`), then start the feed without a token.")
    }
}
