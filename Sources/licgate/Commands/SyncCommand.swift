// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Diagnostics

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Pull sources into the catalogue now.",
        discussion: """
            Goes on where the last pull stopped: an interrupted one is taken up, a complete one is followed by what changed.
            Works while `serve` runs (it then does the work). Exit code: 0 every run reached its source's end, 1 a run
            stopped (the reason is on standard error; what was committed is kept), 2 a run could not begin. With
            `--dry-run`: 0 every record shown becomes a licence, 1 one would be set aside, 2 could not run.
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("What to pull.", valueName: "source[/interface]"))
    var selection: [String] = []
    @Flag(help: "Every source in service, due or not.")
    var all = false
    @Flag(help: "Everything again, not only what changed.")
    var full = false
    @Flag(
        help: "Believe a pull that is empty, has rejects without a key, or withdraws more than the limit. Look first.")
    var approveWithdrawals = false

    @Flag(help: "Also outside the source's allowed hours and inside its planned downtime.")
    var outsideHours = false
    @Flag(
        help: "Leave out a page that keeps failing (one interface by name): the run goes on and cannot be complete.")
    var skipPage = false

    @Option(
        help: ArgumentHelp(
            "Show the first records before and after mapping, masked; write nothing and open no store.",
            valueName: "n"))
    var dryRun: Int?

    func validate() throws {
        if let dryRun, !(1...1000).contains(dryRun) { throw ValidationError("--dry-run shows 1 to 1000 records.") }
        if dryRun != nil, full || approveWithdrawals || skipPage {
            throw ValidationError(
                "--dry-run writes nothing; --full, --approve-withdrawals and --skip-page do not go with it.")
        }
        if skipPage, selection.count != 1 || selection.first?.contains("/") != true {
            throw ValidationError(
                "--skip-page goes with one interface by name: `licgate sync SOURCE/INTERFACE --skip-page`.")
        }
        if all == !selection.isEmpty {
            throw ValidationError("Name the sources to pull, or say --all. `licgate sources list` shows them.")
        }
    }

    func run() async throws {
        if let dryRun {
            return try await DryRun(shared: shared, selection: selection, all: all, records: dryRun).run()
        }
        try await perform(
            .sync(
                selection: selection, full: full, approveWithdrawals: approveWithdrawals, outsideHours: outsideHours,
                skipPage: skipPage), shared)
    }
}

/// Performs an operation in a running `serve`, or in this process when nobody serves, and exits with its code.
func perform(_ operation: Operation, _ shared: SharedOptions) async throws {
    let clock = SystemGatewayClock()
    let output = Console.output(shared.format, clock: clock)
    let settings = try Startup.settings(shared.configurationFile)
    if let code = try await Startup.throughServer(operation, settings, output) { throw ExitCode(code) }
    let code = try await Startup.withWriter(settings, clock: clock) { runner in
        await runner.perform(operation, output: output)
    }
    throw ExitCode(code)
}
