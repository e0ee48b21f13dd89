// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Diagnostics
internal import Glibc

/// Sorts the texts of the engines below into errors a person can act on.
enum StoreFailure {
    static func error(_ text: String, _ what: String) -> CatalogueError {
        let said = "\(what): \(text.prefix(300))"
        if text.contains("No space left") || text.contains("disk is full") {
            return CatalogueError(
                .diskFull, said, consequence: "Nothing half-written is kept; the cursor stays where it was.",
                remedy: "Free space on this disk and start again.")
        }
        if text.contains("LOCK:") || text.contains("lock hold by current process") || text.contains("While lock file") {
            return locked(said)
        }
        if text.hasPrefix("Corruption") || text.contains("malformed") {
            return CatalogueError(
                .corrupt, said, consequence: "Nothing is answered from this catalogue.",
                remedy:
                    "Check the disk; restore the last backup, or start an empty catalogue and pull the sources again.")
        }
        return CatalogueError(
            .disk, said, consequence: "Nothing half-written is kept; the cursor stays where it was.",
            remedy: "See that the folder can be written by this user, then start again.")
    }

    static func locked(_ what: String) -> CatalogueError {
        CatalogueError(
            .locked, what, consequence: "One process writes a catalogue at a time.",
            remedy: "Commands that write reach a running `licgate serve` by themselves; else stop the other process.")
    }

    static func corrupt(_ what: String) -> CatalogueError {
        error("Corruption: the bytes do not have the form this program writes", what)
    }

    /// The last system call's failure.
    static func system(_ what: String, file: String, number: Int32 = errno) -> CatalogueError {
        var failure = error(String(cString: strerror(number)), what)
        failure.diagnostic.place = Place(file: file)
        return failure
    }

    static var closed: CatalogueError {
        CatalogueError(
            .closed, "The catalogue is closed", remedy: "This follows from shutting down; nothing is to be done.")
    }

    static var busy: CatalogueError {
        CatalogueError(
            .busy, "The store has as much to do as it may queue", consequence: "This call was not made.",
            remedy: "Ask again in a moment; when it stays so, the disk is too slow for the load.")
    }
}

/// Decodes bytes of ours; what does not decode is `catalogue.corrupt`.
func decoding<T>(
    _ what: String, _ body: () throws(MalformedBytes) -> T
) throws(CatalogueError) -> T {
    do {
        return try body()
    } catch {
        throw StoreFailure.corrupt("\(what) cannot be read")
    }
}
