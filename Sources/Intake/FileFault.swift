// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import Glibc

/// The errors of a drop.
enum FileFault {
    private static func fault(
        _ code: String, _ what: String, _ place: Place, consequence: String? = nil, remedy: String,
        recovery: SourceError.Recovery = .stopRun
    ) -> SourceError {
        SourceError(
            SourceError.Code(rawValue: code), what, place: place, consequence: consequence, remedy: remedy,
            recovery: recovery)
    }

    static func folder(_ place: Place) -> SourceError {
        fault(
            "intake.folder_unreadable", "the drop folder cannot be read", place,
            remedy: "Check that the folder of this source's settings is there and that we may read it",
            recovery: .fixConfiguration)
    }

    static func nothing(_ place: Place, waiting: Int) -> SourceError {
        fault(
            "intake.no_complete_file",
            waiting == 0
                ? "no new data file lies in the drop"
                : "\(waiting) data files lie in the drop without their ready file, and no new one with it",
            place, consequence: "Nothing was read; the copy keeps its age",
            remedy: "Wait for the source to finish writing; ask its owner if it stays")
    }

    static func badName(_ place: Place, count: Int) -> SourceError {
        fault(
            "intake.bad_name", "\(count) names in the drop hold control characters or are not UTF-8", place,
            consequence: "Nothing was read, for the order of the files is not known",
            remedy: "Rename them, and ask the source's owner for plain names")
    }

    static func unreadable(_ place: Place) -> SourceError {
        fault(
            "intake.file_unreadable", "the file or its ready file cannot be read", place,
            remedy: "Check permissions; links are refused, and a ready file has at most 64 KiB")
    }

    static func readyUnreadable(_ place: Place) -> SourceError {
        fault(
            "intake.ready_unreadable", "the ready file lacks row count or SHA-256 as declared", place,
            consequence: "The data file was not read", remedy: "Compare it with `files.ready` in the manifest")
    }

    static func notAsDeclared(_ what: String, _ place: Place) -> SourceError {
        fault(
            "intake.not_as_declared", what, place,
            consequence: "The file is not taken as complete; nothing is concluded from what is missing",
            remedy: "It may still be written: it is tried again at the next slot; ask the owner if it stays")
    }

    static func miscounted(declared: Int, found: Int, _ place: Place) -> SourceError {
        fault(
            "intake.miscounted", "the ready file declares \(declared) records and the file has \(found)", place,
            consequence: "The pull is not complete; nothing is concluded from what is missing",
            remedy: "Ask the owner for the whole file under a new name")
    }

    static func noList(_ place: Place) -> SourceError {
        fault(
            "intake.no_list", "the list of records is not where the manifest says", place,
            consequence: "The file is not taken as an empty list", remedy: "Compare the file with `files.records`")
    }

    static func changed(_ place: Place) -> SourceError {
        fault(
            "intake.file_changed", "the file changed while it was read", place, consequence: "The pull is not complete",
            remedy: "Ask the owner to write a new file instead of changing one")
    }

    static func older(_ place: Place) -> SourceError {
        fault(
            "intake.older_file", "this file's name lies before one that was taken already", place,
            consequence: "It was not read: older news must not overwrite newer",
            remedy: "If it holds something new, drop it again under a name that sorts last")
    }

    static func replaced(_ place: Place) -> SourceError {
        fault(
            "intake.file_replaced", "a file of this name was taken already, with other content", place,
            consequence: "It was not read",
            remedy: "If it holds something new, drop it again under a name that sorts last"
        )
    }

    static func moreWait(_ place: Place) -> SourceError {
        fault(
            "intake.more_files_wait", "more than \(DropMemory.takenMax) files wait, and one run takes no more", place,
            consequence: "What was read is kept; the copy is not called complete yet",
            remedy: "Run `licgate sync` again, or wait for the next slot; look why files gather if it stays")
    }

    static func notMoved(_ number: Int32, _ place: Place) -> Diagnostic {
        Diagnostic(
            .warning, code: "intake.not_moved",
            what: "the file could not be moved to its folder (\(String(cString: strerror(number))))", place: place,
            consequence: "Its records are kept and it is not read again; the next run tries to move it",
            remedy: "Check room and rights; `done` and `rejected` lie on the file system of the drop folder")
    }

    static func cancelled(_ place: Place) -> SourceError {
        SourceError(
            .cancelled, "the work was given up", place: place, remedy: "Nothing: whoever asked has stopped asking",
            recovery: .cancelled)
    }

    /// True when the file itself is at fault for good: it is as whole as its owner says, and cannot be used.
    static func isFinal(_ error: SourceError) -> Bool {
        ["document.", "archive."].contains { error.code.rawValue.hasPrefix($0) }
            || ["intake.miscounted", "intake.no_list"].contains(error.code.rawValue)
    }
}
