// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Cryptography
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

/// A source that is what its manifest says.
struct DeclarativeSource: LicenceSource {
    var client: SourceClient
    let files: (any FileDropReading)?
    let taps: (any TapRunning)?

    var manifest: SourceManifest { client.manifest }

    func describe() -> SourceDescription { manifest.description }

    func pull(_ request: PullRequest) -> any AsyncSequence<SourceBatch, SourceError> & Sendable {
        let place = Place(source: manifest.id.rawValue, interface: request.interface.name, run: request.run.rawValue)
        guard request.interface.source == manifest.id,
            let interface = manifest.interfaces.first(where: { $0.name == request.interface.name })
        else { return FailedPull(error: unsupported("there is no such interface", place)) }
        if let other = otherPull(interface, request, place) { return other }
        guard let plan = interface.pull else {
            return FailedPull(error: unsupported("this interface only answers questions", place))
        }
        if request.mode == .incremental, !plan.isIncremental {
            return FailedPull(error: unsupported("this interface is pulled whole only", place))
        }
        let known =
            plan.parent != nil
            ? PartitionValue.isSound(request.partition ?? "")
            : plan.partitions.isEmpty ? request.partition == nil : plan.partitions.contains(request.partition ?? "")
        guard known else { return FailedPull(error: unsupported("the partition is not one of the manifest's", place)) }
        let client = self.client
        return PullSequence { () throws(SourceError) in
            try PageWalker(client: client, interface: interface, plan: plan, request: request)
        }
    }

    func partitions(of interface: InterfaceID, for run: RunID) async throws(SourceError) -> [String] {
        guard let plan = manifest.interfaces.first(where: { $0.name == interface.name }), let pull = plan.pull,
            let parent = pull.parent
        else { return describe().interfaces.first { $0.id == interface }?.partitions ?? [] }
        let request = PullRequest(interface: interface, mode: .full, windowEnd: client.clock.now, run: run)
        var walker = try PageWalker(
            client: client, interface: plan, plan: parent.pull(nil), request: request)
        walker.after = PageWalker.RecordsEnd()
        var values: [String] = []
        var seen: Set<String> = []
        while true {
            if Task.isCancelled { throw client.cancelled(walker.place) }
            let page = try await walker.nextPage()
            for (outcome, _) in page.outcomes {
                guard case .gone(let member) = outcome, let value = member.key.parts.first,
                    PartitionValue.isSound(value)
                else {
                    throw walker.shape("a member of the list of partitions has no usable value", walker.place)
                }
                if seen.insert(value).inserted { values.append(value) }
            }
            guard values.count <= ManifestBuilder.partitionsMax else {
                throw walker.shape(
                    "the source names more than \(ManifestBuilder.partitionsMax) partitions", walker.place)
            }
            guard page.isLast else { continue }
            // No partition at all is a failing source: an empty round would be complete without a record.
            guard !values.isEmpty else { throw walker.shape("the list of partitions is empty", walker.place) }
            return values
        }
    }

    func remap(_ reject: Reject) -> Result<Licence, SourceError> {
        let place = Place(source: manifest.id.rawValue, interface: reject.interface.name)
        guard let interface = manifest.interfaces.first(where: { $0.name == reject.interface.name }),
            let identity = interface.pull?.identity ?? interface.ways.identity ?? interface.find?.identity
        else { return .failure(unsupported("the interface of this record is no longer there", place)) }
        do throws(DocumentError) {
            guard let record = try Replay.read(reject.raw, interface.document, limits: client.documentLimits) else {
                return .failure(unsupported("the kept bytes hold no record", place))
            }
            let mapper = RecordMapper(manifest: manifest, plan: interface, identity: identity)
            let (outcome, fields) = mapper.mapWithFields(
                mapper.decoded(record), digest: SHA256.digest(record.raw), at: place, partition: reject.partition,
                fetchedAt: reject.fetchedAt)
            // Replayed means read whole: a field that is still set aside comes with the next pull of its record.
            if let field = fields.first { return .failure(SourceError(field.reason, recovery: .stopRun)) }
            switch outcome {
            case .licence(let licence):
                // Each of two that differ under one key maps by itself; which of them is right is still not known.
                if reject.reason.code == RecordFault.Code.keyTwice.rawValue, licence.key == reject.key {
                    return .failure(SourceError(reject.reason, recovery: .stopRun))
                }
                return .success(licence)
            case .reject(let again): return .failure(SourceError(again.reason, recovery: .stopRun))
            case .gone: return .failure(unsupported("the record says that it is gone; a pull will bring that", place))
            }
        } catch {
            return .failure(SourceError(error, place: place))
        }
    }

    func unsupported(_ what: String, _ place: Place) -> SourceError {
        SourceError(
            .questionNotSupported, what, place: place, remedy: "Ask for what `describe` offers, or extend the manifest",
            recovery: .fixConfiguration)
    }

    func mapping(_ interface: InterfacePlan, _ identity: RecordIdentity, _ records: StreamPath) -> ManifestMapping {
        var limits = client.documentLimits
        limits.records = 100_000_000
        return ManifestMapping(
            mapper: RecordMapper(manifest: manifest, plan: interface, identity: identity), records: records,
            limits: limits)
    }
}

/// The manifest's mapping for whoever reads the records some other way.
struct ManifestMapping: RecordMapping {
    let mapper: RecordMapper
    let records: StreamPath
    let limits: DocumentLimits

    var interface: InterfaceID { mapper.interface }
    var format: DocumentFormat { mapper.plan.document.format }
    var charset: DocumentCharset? { mapper.plan.document.charset }

    func map(_ event: DocumentEvent, at place: Place, partition: String?, fetchedAt: Timestamp) -> MappedRecord {
        let mapped = mapper.event(event, cursor: nil, at: place, partition: partition, fetchedAt: fetchedAt)
        return switch mapped.outcome {
        case .licence(let licence): mapped.fields.isEmpty ? .licence(licence) : .partly(licence, mapped.fields)
        case .gone(let tombstone): .gone(tombstone)
        case .reject(let reject): .reject(reject)
        }
    }
}
