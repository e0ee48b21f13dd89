// SPDX-License-Identifier: Apache-2.0

/// The status of a licence as its authority keeps it.
///
/// `expired` is what a source says; whether a licence is expired on a date is derived from its validity.
public enum LicenceStatus: String, Sendable, Codable, CaseIterable {
    /// 有效.
    case valid
    /// 暂扣: suspended for a time.
    case suspended
    /// 过期, as the source states it.
    case expired
    /// 注销: cancelled, usually at the holder's wish.
    case cancelled
    /// 撤销: revoked, should not have been given.
    case revoked
    /// 吊销: withdrawn as a penalty; also a record that its source no longer has.
    case withdrawn
    /// 换发: replaced by a newer licence.
    case superseded
    /// 转出: transferred to another authority.
    case transferred
    /// 受限使用: restricted, not to be relied on.
    case restricted
    /// The source has a status that says nothing about validity.
    case unknown
}
