// SPDX-License-Identifier: Apache-2.0
import CTLS
import Foundation
import Glibc
import Synchronization

/// A port behind TLS that asks for a client certificate, with an authority made for this one city.
///
/// How a system uses it: `SourceProfile.mutualTLS = true` is all. Its listener then answers on
/// `https://127.0.0.1:port`, and `RunningCity.settings` has `ca_file`, `client_certificate` and `client_key`: paths
/// for the manifest's `tls` block. A caller without the certificate never reaches the face. Faults, delays and cut
/// bodies work as on a plain port.
///
/// Authority, server's and client's certificates are made at start (P-256, one year) and stand in a folder of mode 0700
/// below the temporary folder; they go with the last user.
final class CityTLS: Sendable {
    /// Where authority, client certificate and client key stand.
    let folder: String
    private let context: Mutex<OpaquePointer?>

    var settings: [String: String] {
        [
            "ca_file": "\(folder)/ca.pem", "client_certificate": "\(folder)/client.pem",
            "client_key": "\(folder)/client.key",
        ]
    }

    init() throws(CityError) {
        let folder = NSTemporaryDirectory() + "licgate-city-tls-" + UUID().uuidString
        self.folder = folder
        let made = Result {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        guard case .success = made, let context = Self.made(in: folder) else { throw CityError.folder(folder) }
        self.context = Mutex(context)
    }

    deinit {
        context.withLock { SSL_CTX_free($0) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The bytes of a connection, behind TLS.
    func wire(_ socket: Int32) -> any CityWire {
        TLSWire(socket: socket, session: context.withLock { SSL_new($0) }, keeps: self)
    }

    /// Certificates on disk, and a context that serves with them.
    private static func made(in folder: String) -> OpaquePointer? {
        guard let authority = CityCertificate.authority("licgate city"),
            let server = CityCertificate.leaf("127.0.0.1", .server, by: authority),
            let client = CityCertificate.leaf("licgate", .client, by: authority),
            authority.write(to: "\(folder)/ca"), client.write(to: "\(folder)/client"),
            let context = SSL_CTX_new(TLS_server_method())
        else { return nil }
        lg_lowest_version(context)
        // Without it a caller who takes up its session, after a reset, is refused: it had shown a certificate.
        SSL_CTX_set_session_id_context(context, Array("licgate city".utf8), 12)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        guard server.use(in: context), X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.certificate) == 1
        else {
            SSL_CTX_free(context)
            return nil
        }
        return context
    }
}

/// A key and its certificate.
final class CityCertificate {
    enum Role { case server, client }
    let key: OpaquePointer
    let certificate: OpaquePointer

    private init(key: OpaquePointer, certificate: OpaquePointer) { (self.key, self.certificate) = (key, certificate) }

    deinit {
        EVP_PKEY_free(key)
        X509_free(certificate)
    }

    static func authority(_ name: String) -> CityCertificate? {
        guard let made = blank(name, serial: 1), X509_set_issuer_name(made.certificate, made.name) == 1,
            lg_add_extension(made.certificate, made.certificate, NID_basic_constraints, "critical,CA:TRUE") == 1,
            lg_add_extension(made.certificate, made.certificate, NID_key_usage, "critical,keyCertSign,cRLSign") == 1,
            lg_add_extension(made.certificate, made.certificate, NID_subject_key_identifier, "hash") == 1,
            X509_sign(made.certificate, made.key, EVP_sha256()) > 0
        else { return nil }
        return made
    }

    static func leaf(_ name: String, _ role: Role, by authority: CityCertificate) -> CityCertificate? {
        let usage = role == .server ? "serverAuth" : "clientAuth"
        guard let made = blank(name, serial: role == .server ? 2 : 3),
            X509_set_issuer_name(made.certificate, authority.name) == 1,
            lg_add_extension(made.certificate, authority.certificate, NID_basic_constraints, "critical,CA:FALSE") == 1,
            lg_add_extension(made.certificate, authority.certificate, NID_ext_key_usage, usage) == 1,
            role == .client
                || lg_add_extension(
                    made.certificate, authority.certificate, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost") == 1,
            X509_sign(made.certificate, authority.key, EVP_sha256()) > 0
        else { return nil }
        return made
    }

    private var name: OpaquePointer? { X509_get_subject_name(certificate) }

    private static func blank(_ name: String, serial: Int) -> CityCertificate? {
        guard let key = lg_new_key() else { return nil }
        guard let certificate = X509_new() else {
            EVP_PKEY_free(key)
            return nil
        }
        let made = CityCertificate(key: key, certificate: certificate)
        guard X509_set_version(certificate, 2) == 1,
            ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial) == 1,
            X509_gmtime_adj(X509_getm_notBefore(certificate), -86_400) != nil,
            X509_gmtime_adj(X509_getm_notAfter(certificate), 365 * 86_400) != nil,
            X509_set_pubkey(certificate, key) == 1,
            X509_NAME_add_entry_by_txt(made.name, "CN", 0x1000 | 1, name, -1, -1, 0) == 1
        else { return nil }
        return made
    }

    /// Writes `path.pem` and `path.key`, readable by us only.
    func write(to path: String) -> Bool {
        Self.write(path + ".pem") { PEM_write_bio_X509($0, certificate) == 1 }
            && Self.write(path + ".key") { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) == 1 }
    }

    func use(in context: OpaquePointer) -> Bool {
        SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1
    }

    private static func write(_ path: String, _ body: (OpaquePointer) -> Bool) -> Bool {
        guard let bio = BIO_new_file(path, "w") else { return false }
        defer { BIO_free(bio) }
        return chmod(path, 0o600) == 0 && body(bio)
    }
}

/// One connection behind TLS: OpenSSL between two memory buffers, our own calls on the socket.
///
/// Why not OpenSSL's own: it writes with `write`, and a caller who has gone would then end the whole process by SIGPIPE.
final class TLSWire: CityWire {
    private let socket: Int32
    private let owner: CityTLS
    private let session: Mutex<Session>

    // These pointers are reached under the mutex only, and freed once, by the wire that made them.
    private struct Session: @unchecked Sendable {
        var tls: OpaquePointer?
        var incoming: OpaquePointer?
        var outgoing: OpaquePointer?
    }

    init(socket: Int32, session tls: OpaquePointer?, keeps owner: CityTLS) {
        (self.socket, self.owner) = (socket, owner)
        var session = Session(tls: tls)
        if let tls {
            (session.incoming, session.outgoing) = (BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()))
            SSL_set_bio(tls, session.incoming, session.outgoing)
            SSL_set_accept_state(tls)
        }
        self.session = Mutex(session)
    }

    deinit { session.withLock { SSL_free($0.tls) } }

    var holdsBytes: Bool { session.withLock { $0.tls != nil && SSL_pending($0.tls) > 0 } }

    func receive(_ buffer: inout [UInt8]) -> Int {
        session.withLock { session in
            guard session.tls != nil else { return 0 }
            while true {
                let count = SSL_read(session.tls, &buffer, Int32(buffer.count))
                let reason = SSL_get_error(session.tls, count)
                ERR_clear_error()
                guard flush(session) else { return 0 }
                if count > 0 { return Int(count) }
                guard reason == SSL_ERROR_WANT_READ, take(session) else { return 0 }
            }
        }
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        session.withLock { session in
            guard session.tls != nil else { return 0 }
            let count = SSL_write(session.tls, bytes.baseAddress, Int32(min(bytes.count, 64 << 10)))
            ERR_clear_error()
            return count > 0 && flush(session) ? Int(count) : 0
        }
    }

    /// What came over the socket goes to OpenSSL; false when nothing more comes.
    private func take(_ session: Session) -> Bool {
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(socket, &piece, piece.count, 0)
        return count > 0 && BIO_write(session.incoming, piece, Int32(count)) == Int32(count)
    }

    /// What OpenSSL has to say goes over the socket.
    private func flush(_ session: Session) -> Bool {
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = BIO_read(session.outgoing, &piece, Int32(piece.count))
            guard count > 0 else { return true }
            var sent = 0
            while sent < Int(count) {
                let gone = piece.withUnsafeBytes { raw in
                    Glibc.send(socket, raw.baseAddress?.advanced(by: sent), Int(count) - sent, Int32(MSG_NOSIGNAL))
                }
                guard gone > 0 else { return false }
                sent += gone
            }
        }
    }
}
