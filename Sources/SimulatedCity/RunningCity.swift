// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
import Cryptography
public import Diagnostics
public import LicenceModel

/// The city of Changsha's licence sources, simulated on loopback: synthetic people, deterministic by seed.
public enum SimulatedCity {
    /// The sources there are, in the order of their ports.
    public static var sources: [SourceID] { SourceProfile.systems.map(\.id) + [ProvincialRow.source] }

    /// Starts every source, and a control endpoint; prints nothing.
    ///
    /// Throws: `city.port_taken`, `city.no_socket`, `city.folder`. Cost: milliseconds, and the time to write the file
    /// drop (about 100,000 rows a second).
    public static func start(_ options: CityOptions = CityOptions()) async throws(CityError) -> RunningCity {
        let opened: Result<RunningCity, CityError> = await withCheckedContinuation { continuation in
            startThread {
                do throws(CityError) {
                    continuation.resume(returning: .success(try RunningCity(options)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try opened.get()
    }
}

/// A city that is served: where it is, what it holds, and its switches.
public final class RunningCity: Sendable {
    /// How it was made.
    public let options: CityOptions
    /// What the control endpoint asks for.
    public let controlToken: String
    /// The inhabitants.
    public let people: CityPeople
    let houses: [SourceID: SourceHouse]
    let state: CityState
    private let loop: ServingLoop
    private let control: LoopbackListener

    init(_ options: CityOptions) throws(CityError) {
        self.options = options
        let generator = CityGenerator(seed: options.seed)
        people = generator.people
        controlToken = options.controlToken ?? hexadecimal(secureRandomBytes(16))
        let (state, loop) = (CityState(options), try ServingLoop())
        (self.state, self.loop) = (state, loop)
        var houses: [SourceID: SourceHouse] = [:]
        for profile in SourceProfile.systems where options.only?.contains(profile.id) ?? true {
            let book = SourceBook(profile, options, generator: generator, city: state)
            houses[profile.id] = try SourceHouse(system: book, options, state, loop)
        }
        if options.only?.contains(ProvincialRow.source) ?? true {
            let books = ProvincialRow.profiles().map {
                SourceBook($0.profile, options, generator: generator, city: state)
            }
            houses[ProvincialRow.source] = try SourceHouse(rows: books, options, state, loop)
        }
        self.houses = houses
        let desk = ControlDesk(token: controlToken, houses: houses, state: state)
        control = try LoopbackListener(port: options.port, loop: loop) { desk.answer($0) }
        for house in houses.values { try house.open() }
        control.setListening(true)
    }

    /// The sources that are there: those asked for, without those that drop files when no folder was given.
    public var sources: [SourceID] { SimulatedCity.sources.filter { houses[$0] != nil } }

    /// Where a source answers, for example `http://127.0.0.1:8491`; nil for a file drop.
    public func baseURL(_ source: SourceID) -> String? { houses[source]?.baseURL }

    /// Where the control endpoint is.
    public var controlURL: String { "http://127.0.0.1:\(control.port)" }

    /// What a source's manifest refers to: `base_url` or `drop_folder`, the source's own settings, and its secrets.
    public func settings(_ source: SourceID) -> FixedAdapterSettings {
        FixedAdapterSettings(
            secrets: houses[source]?.secrets(seed: options.seed) ?? [:], settings: houses[source]?.settings ?? [:])
    }

    /// Every secret of every source, by name: keys, passwords, and the codes of golden holders.
    ///
    /// Cost: a look through some hundred records of each interface, once.
    public var secrets: [String: Secret] {
        houses.values.reduce(into: [:]) { all, house in
            all.merge(house.secrets(seed: options.seed)) { first, _ in first }
        }
    }

    /// What a source holds now, as a right reader must have it; spoiled records apart.
    ///
    /// Cost: one pass over the source, about 15 microseconds a record; memory for every key.
    public func ledger(_ source: SourceID) -> CityLedger {
        (houses[source]?.books ?? []).reduce(CityLedger(entries: [], spoiled: [])) { $0 + $1.ledger() }
    }

    /// What a source has served so far.
    public func served(_ source: SourceID) -> ServedCounts {
        (houses[source]?.books ?? []).reduce(ServedCounts()) { $0 + $1.served }
    }

    /// Holders whose answers are known, of the source's first interface.
    public func golden(_ source: SourceID) -> [GoldenHolder] { houses[source]?.books.first?.golden() ?? [] }

    /// A record of a source's first interface, by its place in it: what a right mapping gives, and the source's words.
    public func record(_ index: Int, of source: SourceID) -> CityRecord? {
        guard let book = houses[source]?.books.first, (0..<book.count).contains(index) else { return nil }
        return book.record(index: index, generation: book.generation)
    }

    /// Sets a source's switch, for all its interfaces; with `requests`, for so many of the next requests only.
    ///
    /// `down` refuses connections at once and resets open ones; file drops are written anew.
    public func set(_ fault: CityFault?, for source: SourceID, requests: Int? = nil) throws(CityError) {
        try houses[source]?.set(fault, requests: requests)
    }

    /// One more generation changes its share of a source's records; false when no more can (20, or every record).
    @discardableResult public func advance(_ source: SourceID) throws(CityError) -> Bool {
        try houses[source]?.advance() ?? false
    }

    /// Switches parts of real life for the whole city; nil leaves a part as it is.
    public func live(windows: Bool? = nil, quotas: Bool? = nil, personalities: Bool? = nil) {
        state.change { life in
            life.windows = windows ?? life.windows
            life.quotas = quotas ?? life.quotas
            life.personalities = personalities ?? life.personalities
        }
    }

    /// Stops listening and ends every connection; files of the drop stay.
    public func stop() {
        for house in houses.values { house.stop() }
        control.stop()
        loop.stop()
    }
}
