// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel

/// One source as it is served: its interfaces, its port or its folder.
struct SourceHouse: Sendable {
    let id: SourceID
    let number: Int
    /// One for a system; one a row for the provincial interfaces.
    let books: [SourceBook]
    let listener: LoopbackListener?
    private let folder: String?
    private let tls: CityTLS?

    /// A system: one book, behind a port or in a folder; nil for a source that drops files when there is no folder.
    init?(system book: SourceBook, _ options: CityOptions, _ state: CityState, _ loop: ServingLoop) throws(CityError) {
        let profile = book.profile
        (id, number, books) = (profile.id, profile.number, [book])
        guard let face = profile.face else {
            guard let folder = options.dropFolder else { return nil }
            // The first of them has the folder itself, as it always had; others each have one of their own in it.
            self.folder = profile.number == 5 ? folder : folder + "/" + profile.id.rawValue
            listener = nil
            tls = nil
            return
        }
        folder = nil
        let dispatcher = Dispatcher(
            book: book, face: face, secrets: CitySecrets(seed: options.seed, number: profile.number), state: state)
        let tls = profile.mutualTLS ? try CityTLS() : nil
        self.tls = tls
        listener = try LoopbackListener(
            port: options.port == 0 ? 0 : options.port + profile.number, loop: loop,
            wire: { tls?.wire($0) ?? PlainWire(socket: $0) }, answer: { dispatcher.answer($0) })
    }

    /// The provincial rows: one book each behind one port.
    init(rows books: [SourceBook], _ options: CityOptions, _ state: CityState, _ loop: ServingLoop) throws(CityError) {
        (id, number, self.books) = (ProvincialRow.source, ProvincialRow.place, books)
        (folder, tls) = (nil, nil)
        let door = ProvincialDoor(books, CitySecrets(seed: options.seed, number: ProvincialRow.place), state)
        listener = try LoopbackListener(port: options.port == 0 ? 0 : options.port + number, loop: loop) {
            door.answer($0)
        }
    }

    var baseURL: String? { listener.map { "\(tls == nil ? "http" : "https")://127.0.0.1:\($0.port)" } }

    var settings: [String: String] {
        var settings = books.first?.profile.settings ?? [:]
        settings["base_url"] = baseURL
        settings["drop_folder"] = folder
        settings.merge(tls?.settings ?? [:]) { $1 }
        settings["done_folder"] = folder.map { $0 + "/done" }
        settings["rejected_folder"] = folder.map { $0 + "/rejected" }
        return settings
    }

    /// Keys, passwords, and what golden questions ask by.
    func secrets(seed: UInt64) -> [String: Secret] {
        var secrets: [String: Secret] = [:]
        if listener != nil {
            let name = id.rawValue.split(separator: "-").joined(separator: "_") + "_key"
            secrets[name] = Secret(CitySecrets(seed: seed, number: number).key)
        }
        for book in books {
            for (name, value) in book.profile.furtherSecrets(seed) { secrets[book.secretName(name)] = Secret(value) }
            for golden in book.golden() + [book.secondGolden()].compactMap({ $0 }) {
                secrets[golden.secretName] = Secret(golden.asked)
            }
        }
        return secrets
    }

    func open() throws(CityError) {
        try drop()
        listener?.setListening(true)
    }

    /// Writes the files anew, for a source that drops some.
    func drop() throws(CityError) {
        guard let folder else { return }
        for book in books { try book.profile.drop?.write(book, to: folder) }
    }

    func set(_ fault: CityFault?, requests: Int?) throws(CityError) {
        for book in books { book.set(fault, requests: requests) }
        listener?.setListening(fault != .down)
        try drop()
    }

    func advance() throws(CityError) -> Bool {
        var done = false
        for book in books where book.advance() { done = true }
        if done { try drop() }
        return done
    }

    func stop() { listener?.stop() }
}
