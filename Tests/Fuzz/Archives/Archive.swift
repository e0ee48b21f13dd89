// SPDX-License-Identifier: Apache-2.0

/// The entry that libFuzzer calls; the promises are in Tests/ArchivesTests/ArchivePromises.swift.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let broken = ArchivePromises.check(bytes) { fatalError(broken) }
    return 0
}
