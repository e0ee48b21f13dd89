// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import Glibc

/// The errors of a tap.
enum TapFault {
    private static let kept = "The records before this are kept, and so is the state that stood for them"

    private static func fault(
        _ code: String, _ what: String, _ place: Place, consequence: String? = kept, remedy: String,
        recovery: SourceError.Recovery = .stopRun
    ) -> SourceError {
        SourceError(
            SourceError.Code(rawValue: code), what, place: place, consequence: consequence, remedy: remedy,
            recovery: recovery)
    }

    static func notAllowed(_ name: String, _ place: Place) -> SourceError {
        fault(
            "tap.not_allowed", "the program `\(name)` is not in the allow-list", place,
            consequence: "Nothing was started",
            remedy: "Enter it under `taps:` in the configuration: `\(name): { executable: /path/to/it }`",
            recovery: .fixConfiguration)
    }

    static func unfit(_ name: String, _ problem: String, _ place: Place) -> SourceError {
        fault(
            "tap.unfit", "the program `\(name)` is not run: \(problem)", place, consequence: "Nothing was started",
            remedy: "Correct `taps.\(name)` in the configuration, or the file", recovery: .fixConfiguration)
    }

    static func notStarted(_ number: Int32, _ place: Place) -> SourceError {
        fault(
            "tap.not_started", "the program could not be started (\(String(cString: strerror(number))))", place,
            consequence: "Nothing was read", remedy: "Run it by hand with `--help`; check its first line and its rights"
        )
    }

    static func folder(_ place: Place) -> SourceError {
        fault(
            "tap.no_folder", "the private folder for the program's configuration could not be made", place,
            consequence: "Nothing was started", remedy: "Check `intake` in the configuration, its room and its rights")
    }

    static func catalogue(_ place: Place) -> SourceError {
        fault(
            "tap.no_catalogue", "the file named by `tap.catalog` cannot be read", place,
            consequence: "Nothing was started", remedy: "Put it beside the manifest, at most 4 MiB",
            recovery: .fixConfiguration)
    }

    static func failed(_ exit: ChildExit, _ said: String, _ place: Place) -> SourceError {
        fault(
            "tap.failed", "the program ended with \(exit.words)\(said)", place,
            consequence: "The run is not complete. \(kept)",
            remedy: "Read what it said, run it by hand with the same settings, ask its maintainers")
    }

    static func stalled(_ limit: Duration, _ said: String, _ place: Place) -> SourceError {
        fault(
            "tap.stalled", "the program wrote no line for \(limit.wholeMilliseconds / 1000) s and was ended\(said)",
            place, remedy: "Raise `limits.stall_timeout` if its source really is that slow")
    }

    static func tooLong(_ limit: Duration, _ said: String, _ place: Place) -> SourceError {
        fault(
            "tap.deadline", "the program ran longer than \(limit.wholeMilliseconds / 1000) s and was ended\(said)",
            place,
            remedy: "Raise `tap.deadline`, or let it begin later in its data")
    }

    static func flood(_ what: String, _ place: Place) -> SourceError {
        fault(
            "tap.flood", "the program \(what) and was ended", place,
            remedy: "Raise `limits.record_bytes` or `tap.output` if its data really are that large")
    }

    static func garbage(_ line: Int, _ why: String, _ said: String, _ place: Place) -> SourceError {
        fault(
            "tap.garbage", "line \(line) of the program is no message: \(why); it was ended\(said)", place,
            remedy: "A tap writes messages to standard output and everything else to standard error")
    }

    static func noStream(_ stream: String, _ seen: [String], _ place: Place) -> SourceError {
        let others = seen.isEmpty ? "none" : seen.joined(separator: ", ")
        return fault(
            "tap.no_stream", "the program never named the stream `\(stream)`; streams it named: \(others)", place,
            consequence: "The run is not complete", remedy: "Correct `tap.stream`, or select it in the catalogue")
    }

    static func newVersion(_ place: Place) -> SourceError {
        fault(
            "tap.new_version", "the program activated another version of the stream: everything else is gone", place,
            consequence: "Only a whole pull can conclude that; nothing was withdrawn",
            remedy: "Run `licgate sync --full` for this interface")
    }

    static func stateTooLarge(_ place: Place) -> SourceError {
        fault(
            "tap.state_too_large", "the program's state is larger than 4,000 bytes", place,
            remedy: "Take fewer streams or partitions in one interface")
    }

    static func stateUnreadable(_ place: Place) -> SourceError {
        fault(
            "tap.state_unreadable", "the stored cursor is not a state of a tap", place,
            consequence: "Nothing was started", remedy: "Pull the source whole: `licgate sync --full`",
            recovery: .fixConfiguration)
    }

    static func batch(_ what: String, _ place: Place) -> SourceError {
        fault(
            "tap.bad_batch", "a BATCH message \(what)", place,
            remedy: "Batches are lines of JSON, plain or gzip, in files below the program's working folder")
    }

    static func cancelled(_ place: Place) -> SourceError { FileFault.cancelled(place) }
}
