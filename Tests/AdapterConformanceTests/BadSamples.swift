import AdapterKit
import AdapterTesting
import Cryptography
import Diagnostics
import Foundation
import LicenceModel
import Transport

extension BadSample {
    static let all: [BadSample] = [
        describing, mapping, resuming, limiting, hostile, asking, probing, hiding, cancelling, files,
    ].flatMap { $0 }

    /// A person in the answers, as the suite's hostile answers have one.
    private static let canary = "430102199003070020"
    private static let cut = SourceError.Code(rawValue: "document.truncated")

    // MARK: C01, C02

    private static let describing: [BadSample] = [
        .edited(
            "a path that lint notes", [.c01], says: "lint: ",
            (
                "cursor: { from: $.updatedAt,", "cursor: { from: \"$..updatedAt\","
            )),
        .bent("another id than its folder", [.c01], says: "is not the folder's name") {
            $0.description = { description in
                var other = description
                other.id = SourceID("other-library")
                return other
            }
        },
        .bent("no owner", [.c01], says: "name or owner is missing") {
            $0.description = { changed($0) { $0.owner = "" } }
        },
        .bent("another revision each time it is asked", [.c02], says: "differently the second time") { bend in
            let counter = Counter()
            bend.description = { changed($0) { $0.mappingRevision = "r\(counter.next())" } }
        },
        .bent("no licence type", [.c02], says: "offers no licence type") {
            $0.description = { changed($0) { $0.interfaces[0].licenceTypes = [] } }
        },
        .bent("neither pulls nor questions", [.c02, .c09], says: "can neither be pulled nor asked") {
            $0.description = {
                changed($0) {
                    $0.interfaces[0].pulls = []
                    $0.interfaces[0].questions = []
                }
            }
        },
        BadSample("a type that is not registered", [.c02], says: "which is not registered").with {
            $0.adapter = { $0.registeredTypes = [LicenceTypeCode("11100000000013127D001")] }
        },
        BadSample("another revision for each adapter made", [.c02], says: "a second adapter").with {
            $0.adapter = { adapter in
                let (counter, straight) = (Counter(), adapter.make)
                adapter.make = { (transport, settings, clock) throws(SourceError) in
                    var bend = Bend()
                    let revision = "r\(counter.next())"
                    bend.description = { changed($0) { $0.mappingRevision = revision } }
                    return BentSource(straight: try straight(transport, settings, clock), bend: bend)
                }
            }
        },
    ]

    // MARK: C03, C04, C07

    private static let mapping: [BadSample] = [
        .edited(
            "a status mapped otherwise than expected", [.c03], says: "not what is expected",
            ("注销: cancelled", "注销: revoked")),
        BadSample("no golden case at all", [.c03, .c10], says: "has no golden case").with {
            $0.folder = { try FileManager.default.removeItem(atPath: $0 + "/fixtures") }
        },
        BadSample("a golden case that expects nothing", [.c03], says: "neither expected.json").with {
            $0.folder = {
                try FileManager.default.removeItem(atPath: $0 + "/fixtures/licences/first-page/expected.json")
            }
        },
        .bent("an empty key", [.c04, .c07], says: "an empty key", golden: true) {
            $0.record = { changed($0) { $0.key = SourceRecordKey(source: $0.key.source, parts: [""]) } }
        },
        .bent("no type", [.c04], says: "a record has no type", golden: true) {
            $0.record = { changed($0) { $0.typeCode = LicenceTypeCode("") } }
        },
        .bent("nothing to find a record by", [.c04], says: "neither identifier nor number nor holder", golden: true) {
            $0.record = {
                changed($0) {
                    $0.identifier = nil
                    $0.number = nil
                    $0.holders = []
                }
            }
        },
        .bent("an absent field as an empty text", [.c04, .c07], says: "made an empty text", golden: true) {
            $0.record = { changed($0) { $0.identifier = LicenceIdentifier("") } }
        },
        .bent("an empty face field", [.c04], says: "an empty face field", golden: true) {
            $0.record = { changed($0) { $0.faceFields.append(FaceField("remark", "")) } }
        },
        .bent("leading zeros lost", [.c07], says: "is not in the answer as it was written", golden: true) {
            $0.record = {
                changed($0) { $0.number = $0.number.map { LicenceNumber($0.raw.replacing("-00", with: "-")) } }
            }
        },
    ]

    // MARK: C05

    private static let resuming: [BadSample] = [
        .bent("other records the second time", [.c05], says: "gives other records the second time") { bend in
            let counter = Counter()
            bend.batch = { batch, _ in
                let source = SourceID("good-library-\(counter.next())")
                return changed(batch) { batch in
                    batch.records = batch.records.map {
                        changed($0) { $0.key = SourceRecordKey(source: source, parts: $0.key.parts) }
                    }
                }
            }
        },
        .bent("a page cut short when it is taken up", [.c05], says: "a page delivered twice gives other records") {
            $0.batch = { batch, request in
                changed(batch) { if request.resume != nil { $0.records = Array($0.records.dropLast()) } }
            }
        },
        .bent("a cursor of its own that it refuses", [.c05], says: "does not take up at the cursor") {
            $0.refusal = {
                $0.resume == nil ? nil : SourceError(.shape, "what is this", remedy: "None", recovery: .stopRun)
            }
        },
        .bent("a cursor as long as a page", [.c05], says: "longer than 4 KiB", golden: true) {
            $0.batch = { batch, _ in
                changed(batch) { $0.resume = ResumeCursor(rawValue: String(repeating: "7", count: 5000)) }
            }
        },
        .bent("nothing asked when it is taken up", [.c05], says: "nothing was asked after resuming") {
            $0.isEmpty = { $0.resume != nil }
        },
    ]

    // MARK: C06

    private static let limiting: [BadSample] = [
        .bent("a limit that is told as something else", [.c06], says: "an answer over the limit gives") {
            $0.pullError = { error, _ in
                .failure(changed(error) { if $0.code.rawValue == "transport.response_too_large" { $0.code = .shape } })
            }
        },
        .bent("a time-out that is told as something else", [.c06], says: "a time-out gives") {
            $0.transport = { straight in
                BentTransport(
                    straight: straight,
                    error: { changed($0) { if $0.layer == .body, $0.code == .totalTimeout { $0.code = .truncated } } })
            }
        },
        .bent("the same page again and again", [.c06], says: "the same page again and again") {
            $0.repeats = { [.pagingLoop, .totalMismatch, .totalShrank].contains($0.code) ? 9 : 0 }
        },
    ]

    // MARK: C08, C09, C10

    private static let hostile: [BadSample] = [
        .bent("a record out of a cut document", [.c08], says: "a record was made of it") {
            $0.pullError = { error, request in
                guard error.code == cut else { return .failure(error) }
                return .success(SourceBatch(records: [record(request.interface)], position: .end(declaredTotal: nil)))
            }
        },
        .bent("a cut document as the end of a pull", [.c08], says: "it passed as an empty pull") {
            $0.pullError = { error, _ in error.code == cut ? .success(nil) : .failure(error) }
        },
        .bent("a page cut in its list as the end of a pull", [.c08], says: "8: it passed as a whole one") {
            $0.pullError = { error, _ in
                let isInList = error.code == cut && error.diagnostic.place.path?.contains("list") == true
                return isInList ? .success(nil) : .failure(error)
            }
        },
        .bent("a cut document asked for again at once", [.c08], says: "asked 6 times") {
            $0.repeats = { $0.code == cut ? 5 : 0 }
        },
        .bent("an error without a remedy", [.c08], says: "the error has no remedy") {
            $0.pullError = { error, _ in .failure(changed(error) { if $0.code == cut { $0.diagnostic.remedy = "" } }) }
        },
        .bent("an error of no source", [.c08], says: "does not name the source") {
            $0.pullError = { error, _ in
                .failure(changed(error) { if $0.code == cut { $0.diagnostic.place.source = nil } })
            }
        },
        .bent("an error that quotes the answer", [.c08, .c12], says: "the error shows what came") {
            $0.pullError = { error, _ in
                .failure(changed(error) { if $0.code == cut { $0.diagnostic.what += canary } })
            }
        },
        .bent("a cut document as \"there is none\"", [.c08], says: "it passed as an answer") {
            $0.finding = { result, _ in
                if case .failure(let error) = result, error.code == cut { return .success(.none(evidence: "cut")) }
                return result
            }
        },
    ]

    // MARK: Files, C08 and C13

    private static let files: [BadSample] = ofFiles.map { sample in sample.with { $0.good = "cs-education" } }

    private static let ofFiles: [BadSample] = [
        .bent("a spoilt file as the end of a pull", [.c08], says: "it passed as a whole one", golden: true) {
            $0.pullError = { error, _ in error.code == .cancelled ? .failure(error) : .success(nil) }
        },
        .bent("an error that quotes a spoilt file", [.c08], says: "the error shows what came") {
            $0.pullError = { error, _ in .failure(changed(error) { $0.diagnostic.what += canary }) }
        },
        .bent("a cancelled pull as a missing file", [.c13], says: "a cancelled pull of files ends with") {
            $0.pullError = { error, _ in
                .failure(changed(error) { if $0.code == .cancelled { $0.code = .unavailable } })
            }
        },
    ]

    private static let asking: [BadSample] = [
        .bent("a throttled source that is never asked again", [.c09], says: "429 gives") {
            $0.pullError = { error, _ in
                .failure(changed(error) { if $0.code == .throttled { $0.recovery = .stopRun } })
            }
        },
        .bent("a broken source as \"there is none\"", [.c10], says: "500 is taken for") {
            $0.finding = { result, _ in
                if case .failure(let error) = result, error.code == .unavailable {
                    return .success(.none(evidence: "500"))
                }
                return result
            }
        },
        BadSample("no case of \"there is none\"", [.c10], says: "no golden case shows").with {
            $0.folder = { try FileManager.default.removeItem(atPath: $0 + "/fixtures/licences/find-none") }
        },
    ]

    // MARK: C11

    private static let probing: [BadSample] = [
        .bent("a probe that asks twice", [.c11], says: "asked 2 times") { $0.probes = 2 },
        .bent("a probe of another layer", [.c11], says: "answers for another layer") {
            $0.probe = { changed($0) { $0.layer = $0.layer == .tls ? .http : .tls } }
        },
        .bent("a probe that passes whatever comes", [.c11], says: "passes although") {
            $0.probe = { changed($0) { $0.outcome = .passed } }
        },
        .bent("a probe that fails without a word", [.c11], says: "a failed probe says too little") {
            $0.probe = {
                changed($0) {
                    if case .failed = $0.outcome { $0.outcome = .failed(Diagnostic(code: "", what: "", remedy: "")) }
                }
            }
        },
    ]

    // MARK: C12

    private static let hiding: [BadSample] = [
        .bent("an error that says who was asked about", [.c12], says: "shows who was asked about") {
            $0.finding = { result, question in
                guard case .failure(let error) = result, error.code == .unavailable,
                    case .holder(let holder, _) = question
                else { return result }
                return .failure(changed(error) { $0.diagnostic.what += holder.code })
            }
        },
        .edited(
            "a question in the address", [.c01, .c12], says: "the code stands in the address",
            ("path: /query\n", "method: GET\n        path: /query\n        query: { code: \"${holder_code}\" }\n"),
            (
                "        body: { kind: json, template: '{\"code\": \"${holder_code}\", \"kind\": \"${holder_kind}\", \"why\": \"${purpose}\"}' }\n",
                ""
            )),
        .bent("a reject that quotes the answer", [.c12], says: "a reject's reason shows a value") {
            $0.pullError = { error, request in
                guard error.code == cut else { return .failure(error) }
                let reason = Diagnostic(code: "record.odd", what: "what is \(canary)", remedy: "Look")
                let reject = Reject(
                    interface: request.interface, raw: [], reason: reason, fetchedAt: request.windowEnd,
                    mappingRevision: "r")
                return .success(SourceBatch(records: [], rejects: [reject], position: .end(declaredTotal: nil)))
            }
        },
        .bent("a secret in a path", [.c12], says: "a secret stands in a path") {
            $0.transport = { straight in
                BentTransport(
                    straight: straight,
                    request: {
                        changed($0) {
                            $0.url = $0.url.replacing("/licences", with: "/\(CanarySettings.secret)/licences")
                        }
                    })
            }
        },
    ]

    // MARK: C13

    private static let cancelling: [BadSample] = [
        .bent("exchanges that outlive whoever asked", [.c13], says: "is still open after cancellation") {
            $0.transport = { BentTransport(straight: $0, isDeaf: true) }
        },
        .bent(
            "a cancelled pull as a fault of the source", [.c13], says: "a cancelled pull ends with source.unreachable"
        ) {
            $0.pullError = { error, _ in
                .failure(changed(error) { if $0.code == .cancelled { $0.code = .unreachable } })
            }
        },
        .bent("a cancelled question as \"there is none\"", [.c13], says: "a cancelled question was answered") {
            $0.finding = { result, _ in
                if case .failure(let error) = result, error.code == .cancelled {
                    return .success(.none(evidence: "cancelled"))
                }
                return result
            }
        },
    ]

    private static func record(_ interface: InterfaceID) -> Licence {
        Licence(
            key: SourceRecordKey(source: interface.source, parts: ["1"]), interface: interface,
            typeCode: LicenceTypeCode("11100000000013127D916"), number: LicenceNumber("1"), status: .valid,
            provenance: Provenance(
                sourceVersion: .arrival, fetchedAt: Timestamp(milliseconds: 0), payloadDigest: SHA256.digest([]),
                mappingRevision: "r", simulated: true))
    }
}

/// A value with something changed.
func changed<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
    var other = value
    change(&other)
    return other
}
