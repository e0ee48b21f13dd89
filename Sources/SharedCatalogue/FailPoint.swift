// SPDX-License-Identifier: Apache-2.0
public import CatalogueContract

/// The places where a test may stop, kill or hold the store.
public enum CatalogueFailPoint: String, Sendable, CaseIterable {
    /// A page, a switch or a resolution is ready and not written.
    case beforeBatch
    /// It is written and not acknowledged.
    case afterBatch
    /// A run is about to be ended.
    case finish
    /// A part of a run's withdrawals is written and more are to come, or the end of the run is.
    case withdrawal
    /// A reading thread is about to read.
    case read
}

/// Called at fail points, on the store's own thread: it may return, throw, block, or end the process.
public typealias CatalogueFailPointHook = @Sendable (CatalogueFailPoint) throws(CatalogueError) -> Void
