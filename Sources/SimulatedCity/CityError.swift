// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Why a simulated city could not start or write its files.
public struct CityError: DiagnosedError {
    /// The finding.
    public let diagnostic: Diagnostic

    static func noSocket() -> CityError {
        CityError(
            diagnostic: Diagnostic(
                code: "city.no_socket", what: "the simulated city got no socket",
                remedy: "Raise the limit of open files (`ulimit -n`) and start again"))
    }

    static func portTaken(_ port: Int) -> CityError {
        CityError(
            diagnostic: Diagnostic(
                code: "city.port_taken", what: "port \(port) on 127.0.0.1 cannot be had",
                consequence: "The simulated city did not start",
                remedy: "Choose other ports, or 0 to let the machine choose; perhaps a city is running already"))
    }

    static func folder(_ folder: String) -> CityError {
        CityError(
            diagnostic: Diagnostic(
                code: "city.folder", what: "the folder for file drops cannot be written", place: Place(file: folder),
                consequence: "Sources that drop files have nothing to read", remedy: "Make it, or choose another"))
    }
}
