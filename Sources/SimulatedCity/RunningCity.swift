// SPDX-License-Identifier: Apache-2.0
public import AdapterKit
import Cryptography
public import Diagnostics
public import LicenceModel

/// The city of Changsha's licence sources, simulated on loopback: synthetic people, deterministic by seed.
public enum SimulatedCity {
    /// The sources there are, in the order of their ports.
    public static var sources: [SourceID] { SourceProfile.all.map(\.id) }

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
    private let books: [SourceID: SourceBook]
    private let listeners: [SourceID: LoopbackListener]
    private let control: LoopbackListener
    private let drop: DropWriter?

    init(_ options: CityOptions) throws(CityError) {
        self.options = options
        let generator = CityGenerator(seed: options.seed)
        people = generator.people
        controlToken = options.controlToken ?? hexadecimal(secureRandomBytes(16))
        var books: [SourceID: SourceBook] = [:]
        var listeners: [SourceID: LoopbackListener] = [:]
        var drop: DropWriter?
        for profile in SourceProfile.all {
            let book = SourceBook(profile, options, generator: generator)
            guard let face = Self.face(profile) else {
                guard let folder = options.dropFolder else { continue }
                books[profile.id] = book
                drop = DropWriter(book: book, folder: folder)
                continue
            }
            books[profile.id] = book
            let dispatcher = Dispatcher(
                book: book, face: face, secrets: CitySecrets(seed: options.seed, number: profile.number),
                slowPause: options.slowPauseMilliseconds)
            listeners[profile.id] = try LoopbackListener(port: options.port == 0 ? 0 : options.port + profile.number) {
                dispatcher.answer($0)
            }
        }
        (self.books, self.listeners, self.drop) = (books, listeners, drop)
        let desk = ControlDesk(token: controlToken, books: books, listeners: listeners, drop: drop)
        control = try LoopbackListener(port: options.port) { desk.answer($0) }
        try drop?.write()
        for listener in listeners.values { listener.setListening(true) }
        control.setListening(true)
    }

    private static func face(_ profile: SourceProfile) -> (any SourceFace)? {
        switch profile.number {
        case 1: DistrictLibraryFace()
        case 2: TransportFace()
        case 3: RealEstateFace()
        case 4: HealthFace()
        case 6: PlatformFace()
        default: nil
        }
    }

    /// The sources that are there: all, or all but the file drop when no folder was given.
    public var sources: [SourceID] { SimulatedCity.sources.filter { books[$0] != nil } }

    /// Where a source answers, for example `http://127.0.0.1:8491`; nil for a file drop.
    public func baseURL(_ source: SourceID) -> String? {
        listeners[source].map { "http://127.0.0.1:\($0.port)" }
    }

    /// Where the control endpoint is.
    public var controlURL: String { "http://127.0.0.1:\(control.port)" }

    /// What a source's manifest refers to: `base_url`, `user`, `drop_folder`, and the source's secrets.
    public func settings(_ source: SourceID) -> FixedAdapterSettings {
        var settings = ["user": "licgate"]
        settings["base_url"] = baseURL(source)
        settings["drop_folder"] = drop.map(\.folder)
        return FixedAdapterSettings(secrets: books[source].map(secrets(of:)) ?? [:], settings: settings)
    }

    /// Every secret of every source, by name: keys, passwords, and the codes of golden holders.
    public var secrets: [String: Secret] {
        books.values.reduce(into: [:]) { all, book in all.merge(secrets(of: book)) { first, _ in first } }
    }

    private func secrets(of book: SourceBook) -> [String: Secret] {
        let key = CitySecrets(seed: options.seed, number: book.profile.number).key
        var secrets = [book.secretName("key"): Secret(key)]
        for golden in book.golden() + [book.secondGolden()].compactMap({ $0 }) {
            secrets[golden.secretName] = Secret(golden.holder.code)
        }
        return secrets
    }

    /// What a source holds now, as a right reader must have it; spoiled records apart.
    ///
    /// Cost: one pass over the source, about 15 microseconds a record; memory for every key.
    public func ledger(_ source: SourceID) -> CityLedger {
        books[source]?.ledger() ?? CityLedger(entries: [], spoiled: [])
    }

    /// What a source has served so far.
    public func served(_ source: SourceID) -> ServedCounts { books[source]?.served ?? ServedCounts() }

    /// Holders whose answers are known.
    public func golden(_ source: SourceID) -> [GoldenHolder] { books[source]?.golden() ?? [] }

    /// A record of a source, by its place in it: what a right mapping gives, and the source's own words.
    public func record(_ index: Int, of source: SourceID) -> CityRecord? {
        guard let book = books[source], (0..<book.count).contains(index) else { return nil }
        return book.record(index: index, generation: book.generation)
    }

    /// Sets a source's switch; with `requests`, for so many of the next requests only.
    ///
    /// `down` refuses connections at once and resets open ones; file drops are written anew.
    public func set(_ fault: CityFault?, for source: SourceID, requests: Int? = nil) throws(CityError) {
        guard let book = books[source] else { return }
        book.set(fault, requests: requests)
        listeners[source]?.setListening(fault != .down)
        if listeners[source] == nil { try drop?.write() }
    }

    /// One more generation changes its share of a source's records; false when no more can (20, or every record).
    @discardableResult public func advance(_ source: SourceID) throws(CityError) -> Bool {
        guard let book = books[source], book.advance() else { return false }
        if listeners[source] == nil { try drop?.write() }
        return true
    }

    /// Stops listening and ends every connection; files of the drop stay.
    public func stop() {
        for listener in listeners.values { listener.stop() }
        control.stop()
    }
}
