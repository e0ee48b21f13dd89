// SPDX-License-Identifier: Apache-2.0
public import Cryptography

extension Licence {
    /// SHA-256 of everything the record says, without where and when it was fetched.
    ///
    /// Two records with the same content have the same digest whatever interface, page or time they came from; the
    /// simulated city's ledger and the kill tests compare by it. Every field is written with its length, so that no
    /// two contents share a text.
    public var contentDigest: Digest256 {
        var out: [UInt8] = []
        func put(_ text: String?) {
            guard let text else {
                out.append(45)
                return
            }
            out.append(contentsOf: "\(text.utf8.count):".utf8)
            out.append(contentsOf: text.utf8)
        }
        put(key.source.rawValue)
        put(key.joined)
        put(typeCode.rawValue)
        put(identifier?.raw)
        put(number?.raw)
        put(String(holders.count))
        for holder in holders {
            put(holder.kind.rawValue)
            put(holder.code)
            put(holder.name)
        }
        put(issuingAuthority?.code)
        put(issuingAuthority?.name)
        put(issuingAuthority?.region)
        put(issuedOn?.description)
        put(validity.from?.description)
        switch validity.until {
        case .absent: put(nil)
        case .openEnded: put("open")
        case .day(let day): put(day.description)
        }
        put(status.rawValue)
        put(trustGrade?.rawValue)
        put(String(faceFields.count))
        for field in faceFields {
            put(field.name)
            put(field.value)
        }
        return SHA256.digest(out)
    }
}
