// SPDX-License-Identifier: Apache-2.0

/// The entry that libFuzzer calls; the promises are in Tests/SourceDocumentTests/DocumentPromises.swift.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let broken = DocumentPromises.check("embedded", bytes) { fatalError(broken) }
    return 0
}
