// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// The curve's arithmetic that keys need, and OpenSSL's key objects made from our values.
///
/// Each call makes and frees its own objects: nothing of libcrypto outlives a call, so keys are plain values.
enum SM2Curve {
    /// `04`, x and y of the public point that belongs to a private scalar; nil when the scalar is not from 1 to n - 2.
    static func publicPoint(of scalar: [UInt8]) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let group = EC_GROUP_new_by_curve_name(NID_sm2) else { return nil }
        defer { EC_GROUP_free(group) }
        guard let number = BN_bin2bn(scalar, Int32(scalar.count), nil), let point = EC_POINT_new(group),
            let largest = EC_GROUP_get0_order(group).flatMap({ BN_dup($0) })
        else { return nil }
        defer {
            BN_clear_free(number)
            EC_POINT_free(point)
            BN_free(largest)
        }
        // GB/T 32918.1: the private key lies between 1 and n - 2.
        guard BN_sub_word(largest, 2) == 1, BN_is_zero(number) == 0, BN_cmp(number, largest) <= 0,
            EC_POINT_mul(group, point, number, nil, nil, nil) == 1
        else { return nil }
        var out = [UInt8](repeating: 0, count: 65)
        guard EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, &out, 65, nil) == 65 else { return nil }
        return out
    }

    /// Whether `04`, x and y name a point of the curve.
    static func holds(_ point: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard point.count == 65, point.first == 4, let group = EC_GROUP_new_by_curve_name(NID_sm2) else { return false }
        defer { EC_GROUP_free(group) }
        guard let found = EC_POINT_new(group) else { return false }
        defer { EC_POINT_free(found) }
        return EC_POINT_oct2point(group, found, point, 65, nil) == 1 && EC_POINT_is_at_infinity(group, found) == 0
    }

    /// A key of libcrypto; the caller frees it.
    static func key(point: [UInt8], scalar: [UInt8]?) -> OpaquePointer? {
        guard point.count == 65 else { return nil }
        guard let scalar else { return lg_sm2_key(point, nil) }
        guard let number = BN_bin2bn(scalar, Int32(scalar.count), nil) else { return nil }
        defer { BN_clear_free(number) }
        return lg_sm2_key(point, number)
    }

    /// The private scalar inside a PEM text, 32 bytes; nil when there is no unencrypted SM2 key in it.
    static func scalar(pem: String) -> [UInt8]? {
        defer { ERR_clear_error() }
        return withKey(pem) {
            PEM_read_bio_PrivateKey($0, nil, noPassword, nil)
        } read: { key in
            var number: OpaquePointer?
            guard EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 else { return nil }
            defer { BN_clear_free(number) }
            var out = [UInt8](repeating: 0, count: 32)
            return BN_bn2binpad(number, &out, 32) == 32 ? out : nil
        }
    }

    /// The public point inside a PEM text, 65 bytes; nil when there is no SM2 key in it.
    static func point(pem: String) -> [UInt8]? {
        defer { ERR_clear_error() }
        return withKey(pem) {
            PEM_read_bio_PUBKEY($0, nil, noPassword, nil)
        } read: { key in
            var out = [UInt8](repeating: 0, count: 65)
            var length = 0
            let done = EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, &out, 65, &length)
            return done == 1 && length == 65 ? out : nil
        }
    }

    private static func withKey(
        _ pem: String, _ open: (OpaquePointer) -> OpaquePointer?, read: (OpaquePointer) -> [UInt8]?
    ) -> [UInt8]? {
        let bytes = Array(pem.utf8)
        guard bytes.count <= 16 << 10 else { return nil }
        return bytes.withUnsafeBytes { raw -> [UInt8]? in
            guard let bio = BIO_new_mem_buf(raw.baseAddress, Int32(raw.count)) else { return nil }
            defer { BIO_free(bio) }
            guard let key = open(bio) else { return nil }
            defer { EVP_PKEY_free(key) }
            return EVP_PKEY_is_a(key, "SM2") == 1 ? read(key) : nil
        }
    }

    /// Without it OpenSSL would ask for the password of an encrypted key on the terminal.
    private static let noPassword:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?)
            -> Int32 = { _, _, _, _ in -1 }

    /// A fresh private scalar.
    static func randomScalar() -> [UInt8] {
        while true {
            let scalar = secureRandomBytes(32)
            if publicPoint(of: scalar) != nil { return scalar }
        }
    }
}
