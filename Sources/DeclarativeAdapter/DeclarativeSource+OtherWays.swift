// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics
internal import LicenceModel
internal import SourceDocument

// Interfaces that are filled in another way than by asking over HTTP.
extension DeclarativeSource {
    /// The pull of such an interface; nil when it is asked over HTTP.
    func otherPull(
        _ interface: InterfacePlan, _ request: PullRequest, _ place: Place
    ) -> (any AsyncSequence<SourceBatch, SourceError> & Sendable)? {
        guard interface.ways.files != nil || interface.ways.push != nil || interface.ways.tap != nil else { return nil }
        guard interface.ways.push == nil else {
            return FailedPull(error: unsupported("the source pushes this interface's records itself", place))
        }
        guard interface.ways.pulls.contains(request.mode) else {
            let what = request.mode == .full ? "this interface only has changes" : "this interface is pulled whole only"
            return FailedPull(error: unsupported(what, place))
        }
        if let plan = interface.ways.files, let files {
            return files.pull(drop(plan), request, mapping: mapping(interface, plan.identity, plan.records))
        }
        if let plan = interface.ways.tap, let taps {
            return taps.pull(order(plan), request, mapping: mapping(interface, plan.identity, .whole))
        }
        return nil
    }

    var pushes: [PushIntake] {
        manifest.interfaces.compactMap { interface in
            guard let plan = interface.ways.push, let secret = client.settings.secret(plan.secret) else { return nil }
            return PushIntake(
                interface: InterfaceID(manifest.id, interface.name), secret: secret, algorithm: plan.algorithm,
                window: plan.window, bodyBytes: manifest.limits.responseBytes,
                mapping: mapping(interface, plan.identity, plan.records))
        }
    }

    func putsAway(_ interface: InterfaceID) -> Bool {
        manifest.interfaces.first { $0.name == interface.name }?.ways.files?.done != nil
    }

    func putAway(_ interface: InterfaceID, resume: ResumeCursor?) async -> [Diagnostic] {
        guard let plan = manifest.interfaces.first(where: { $0.name == interface.name })?.ways.files, let files else {
            return []
        }
        let place = Place(source: manifest.id.rawValue, interface: interface.name)
        return await files.putAway(drop(plan), resume: resume, place: place)
    }

    /// What a probe says of such an interface; nil when it is asked over HTTP.
    func probeOtherWay(
        _ layer: ProbeLayer, _ interface: InterfacePlan, _ place: Place
    ) async throws(SourceError) -> ProbeResult.Outcome? {
        guard layer == .connect || layer == .businessStatus else {
            let isOther = interface.ways.identity != nil
            return isOther ? .notApplicable("this interface is not asked over HTTP") : nil
        }
        if let plan = interface.ways.files, let files {
            guard plan.done == nil else { return .notApplicable("files are moved away once they are taken") }
            _ = try await files.inspect(drop(plan), place: place)
            return .passed
        }
        if let plan = interface.ways.tap, let taps {
            try await taps.inspect(order(plan), place: place)
            return .passed
        }
        return interface.ways.push == nil ? nil : .notApplicable("the source comes by itself")
    }

    private func drop(_ plan: FilePlan) -> FileDrop {
        func path(_ template: Template?) -> String? {
            template?.render { $0.name.flatMap { client.settings.setting($0) } }
        }
        var shelves: FileDrop.Shelves?
        if let done = path(plan.done), let rejected = path(plan.rejected) {
            shelves = FileDrop.Shelves(done: done, rejected: rejected)
        }
        return FileDrop(
            folder: path(plan.folder) ?? "", pattern: plan.pattern, readySuffix: plan.readySuffix, ready: plan.ready,
            mode: plan.mode, container: plan.container, shelves: shelves)
    }

    private func order(_ plan: TapPlan) -> TapOrder {
        let settings = client.settings
        let configuration = plan.configuration.render { one in
            switch one.kind {
            case .config: one.name.flatMap { settings.setting($0) }
            case .secret: one.name.flatMap { settings.secret($0)?.revealed }
            default: nil
            }
        }
        let secrets = plan.configuration.placeholders.filter { $0.kind == .secret }.compactMap {
            $0.name.flatMap { settings.secret($0) }
        }
        let limits = manifest.limits
        return TapOrder(
            program: plan.program, stream: plan.stream, configuration: Secret(configuration ?? "{}"), secrets: secrets,
            catalogue: plan.catalogue.map { manifest.folder + "/" + $0 }, isSnapshot: plan.isSnapshot,
            deadline: plan.deadline, stall: limits.stallTimeout, lineBytes: max(limits.recordBytes, 1 << 20),
            outputBytes: plan.output, memory: plan.memory)
    }
}
