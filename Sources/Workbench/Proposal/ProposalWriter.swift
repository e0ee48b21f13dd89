// SPDX-License-Identifier: Apache-2.0
internal import LicenceModel

/// Writes a proposal block by block.
struct ProposalWriter {
    let input: ProposalInput
    let sample: ParsedSample
    let list: ListCandidate
    let runnerUp: ListCandidate?
    let names: NameBook
    let registered: Set<LicenceTypeCode>
    let profiles: [FieldProfile]
    let innerTexts: [(path: SamplePath, kind: String)]
    let envelope: Envelope
    let roles: [Role: FieldFinding]
    let identity: IdentityFinding
    let request: PlannedRequest
    /// False when the request was given and asks for everything.
    let asksForChanges: Bool
    let way: ProposalInput.Way
    var draft = ManifestDraft()
    var settings: [(name: String, meaning: String)] = []
    var secrets: [String] = []

    init(
        input: ProposalInput, sample: ParsedSample, candidates: [ListCandidate], names: NameBook,
        registered: Set<LicenceTypeCode>
    ) {
        let list = candidates[0]
        self.input = input
        self.sample = sample
        self.list = list
        runnerUp = candidates.dropFirst().first
        self.names = names
        self.registered = registered
        // Beyond some hundred records a page shows nothing new.
        let all = FieldProfile.all(of: Array(list.records.prefix(300)))
        profiles = all.profiles
        innerTexts = all.inner
        envelope = Envelope.read(sample.root, without: list)
        var finder = RecordFinder(names: names, profiles: all.profiles, registered: registered)
        finder.isDocument = input.isDocumented
        let changes = RequestPlanner.changes(input.request)
        finder.asksByNumber =
            changes.until == nil && changes.from.map { Int64($0.value) != nil && $0.value.count < 10 } ?? false
        finder.asksByTime =
            changes.until != nil || changes.from.map { Int64($0.value) == nil && !$0.value.isEmpty } ?? false
        // A page token that is the last record's number says by what the source counts.
        if let token = envelope.token?.node.text {
            let number = String(token.drop { !("0"..."9").contains($0) })
            finder.asksByNumber =
                finder.asksByNumber
                || !number.isEmpty
                    && all.profiles.contains { profile in
                        profile.isAscending && list.records.last?.member(profile.path.last)?.text == number
                    }
        }
        roles = finder.roles()
        var identity = finder.identity(roles)
        asksForChanges = input.request == nil || changes.from != nil || changes.until != nil
        identity.asked = asksForChanges
        self.identity = identity
        if let way = input.way {
            self.way = way
        } else if case .csv = sample.format, input.request == nil {
            self.way = .files
        } else {
            self.way = .pull
        }
        let planner = RequestPlanner(
            request: input.request, envelope: envelope, records: list.records.count,
            cursor: asksForChanges ? identity.cursor : nil,
            cursorIsTime: identity.cursorIsTime, sourceID: input.id)
        if case .find(let kind) = self.way {
            request = planner.find(kind, names: names)
        } else {
            request = planner.pull()
        }
    }

    func root(_ path: SamplePath) -> String { path.fromRoot(sample.format) }
    func inside(_ path: SamplePath) -> String { path.inRecord(sample.format) }
    var overHTTP: Bool { way != .files }

    mutating func write() {
        writeTop()
        if overHTTP { writeStatus() }
        draft.line("interfaces:")
        draft.line("- name: \(input.interface)", indent: 2)
        writeType()
        switch way {
        case .pull: writePull()
        case .files: writeFiles()
        case .find(let kind): writeFind(kind)
        }
        writeDecoding()
        writeFields()
    }

    private mutating func writeTop() {
        let count = list.records.count
        if input.isDocumented {
            draft.line("# Made of a document's schema: no answer was seen, so nothing here is proven.")
        }
        draft.line(
            "# Proposed by `licgate adapter new` on \(input.today) from \(input.sampleName): \(count) record\(count == 1 ? "" : "s")."
        )
        draft.line(
            "# What carries `confirm` is a guess with its reason above it. Ask the system's owner, correct it, remove the mark."
        )
        draft.line("manifest_version: 1")
        draft.line("id: \(input.id)")
        draft.line("name: \(YAMLText.scalar(input.name ?? input.id))")
        draft.line("owner: \(YAMLText.scalar(input.owner ?? "not known yet"))")
        var open: [String] = []
        if input.name == nil { open.append("name") }
        if input.owner == nil { open.append("owner") }
        if !open.isEmpty { draft.line("confirm: \(YAMLText.list(open))") }
        draft.line("kind: declarative")
        if input.simulated { draft.line("simulated: true") }
        if overHTTP {
            draft.line("base_url: \"${config:base_url}\"")
            let origin = input.request?.origin.flatMap { $0 == InterfaceDocument.nowhere ? nil : $0 }
            settings.append(("base_url", origin ?? "the system's address, https"))
            settings += request.settings
            writeAuthentication()
        }
        draft.line(
            "# Chosen, not found: what we bear and what we ask of it. Ask how many requests a second are welcome.")
        draft.line("limits: { timeout: 30s, response_bytes: 16MiB, requests_per_second: 2, pages_per_run: 10000 }")
        if case .find = way {} else { draft.line("schedule: { cron: \"30 2 * * *\", jitter: 10m, confirm: true }") }
        draft.line("format: \(sample.format.word)")
        if let charset = sample.charset { draft.line("charset: \(charset)") }
        if !sample.names.declared.isEmpty {
            draft.line("namespaces:")
            for one in sample.names.declared { draft.line("\(one.prefix): \(YAMLText.quoted(one.uri))", indent: 2) }
        }
    }

    private mutating func writeAuthentication() {
        let base = input.id.split(separator: "-").joined(separator: "_")
        switch input.authentication {
        case .none: draft.line("auth: { kind: none }")
        case .unknown:
            draft.line("# auth: nobody said how to sign in. Confirm: the sample cannot show it.")
            draft.line("auth: { kind: none, confirm: true }")
        case .said(let way):
            draft.line(
                "# auth: the document says \(way). Confirm: write it as `auth` of the manifest's reference says.")
            draft.line("auth: { kind: none, confirm: true }")
        case .oauth2(let path, let origin, let scope):
            var parts = ["kind: oauth2"]
            if let origin, origin != input.request?.origin {
                parts.append("base_url: \"${config:login_url}\"")
                settings.append(("login_url", origin))
            }
            parts.append("path: \(YAMLText.scalar(path))")
            parts.append("client_id: \"${config:client_id}\", client_secret: \"${secret:\(base)_client}\"")
            if let scope { parts.append("scope: \(YAMLText.quoted(scope))") }
            settings.append(("client_id", "the client's id"))
            secrets.append("\(base)_client")
            draft.line("# auth: the document says OAuth 2 with client credentials. Confirm: nobody has signed in yet.")
            draft.line("auth: { \(parts.joined(separator: ", ")), confirm: true }")
        case .header(let name):
            draft.line("auth: { kind: header, name: \(YAMLText.scalar(name)), value: \"${secret:\(base)_key}\" }")
            secrets.append("\(base)_key")
        case .query(let name):
            draft.line("auth: { kind: query, name: \(YAMLText.scalar(name)), value: \"${secret:\(base)_key}\" }")
            secrets.append("\(base)_key")
        case .basic:
            draft.line("auth: { kind: basic, user: \"${config:user}\", password: \"${secret:\(base)_key}\" }")
            settings.append(("user", "the account's name"))
            secrets.append("\(base)_key")
        case .bearer:
            draft.line("auth: { kind: bearer, value: \"${secret:\(base)_key}\" }")
            secrets.append("\(base)_key")
        }
        for name in request.secrets { secrets.append("\(base)_\(NameBook.plain(name))") }
    }

    private mutating func writeStatus() {
        let expected = envelope.status.map { "\(YAMLText.key(root($0.path))): \(YAMLText.scalar($0.node.text))" }
        var probe = "probe: { path: \(YAMLText.scalar(request.path))"
        if request.method == "POST" || request.body != nil { probe += ", method: GET" }
        probe += ", expect: { status: 200"
        if !expected.isEmpty { probe += ", equals: { \(expected.joined(separator: ", ")) }" }
        draft.line("# probe: the cheapest request we know of. Confirm: the owner may have a better one.")
        draft.line(probe + ", within: 5s }, confirm: true }")
        guard !envelope.status.isEmpty else {
            draft.because(
                "status", "[]", Finding(evidence: "the answer says no status beside its records", doubt: nil), indent: 0
            )
            draft.line("status: []")
            draft.line("not_found: []")
            return
        }
        let paths = envelope.status.map { root($0.path) }.joined(separator: ", ")
        draft.because(
            "status", paths,
            Finding(
                evidence: "the sample holds records, so its values here are taken as ok",
                doubt: "which other values there are, what they mean, and how \"none\" is said"), indent: 0)
        draft.line("status:")
        for one in envelope.status {
            draft.line(
                "- { from: \(YAMLText.scalar(root(one.path))), ok: [\(YAMLText.quoted(one.node.text))], confirm: true }",
                indent: 2)
        }
        draft.line("# not_found: one good answer cannot show what \"there is none\" looks like.")
        draft.line("not_found: []")
        if case .find = way { draft.line("# (each question below is marked for it)") }
    }

    private mutating func writeType() {
        if let role = roles[.licenceType] {
            let seen = Array(Set(role.profile.filled)).sorted()
            let known = seen.filter { registered.contains(LicenceTypeCode($0)) }
            if !known.isEmpty {
                draft.because(
                    "licence_type_from", inside(role.profile.path),
                    Finding(
                        evidence: "\(known.count) of \(seen.count) values are registered licence types",
                        doubt: "further types may come that this sample does not hold"), indent: 4)
                let codes = known.prefix(400).map { YAMLText.quoted($0) }.joined(separator: ", ")
                draft.line(
                    "licence_type_from: { from: \(YAMLText.scalar(inside(role.profile.path))), codes: [\(codes)], confirm: [codes] }",
                    indent: 4)
                return
            }
            if seen.isEmpty, let ours = input.licenceType ?? registered.min(by: { $0.rawValue < $1.rawValue }) {
                draft.because(
                    "licence_type_from", inside(role.profile.path),
                    Finding(
                        evidence: "by its name; no value was seen",
                        doubt: "which types come; the one here stands for them"), indent: 4)
                draft.line(
                    "licence_type_from: { from: \(YAMLText.scalar(inside(role.profile.path))), codes: [\(YAMLText.quoted(ours.rawValue))], confirm: true }",
                    indent: 4)
                return
            }
            if let ours = input.licenceType ?? registered.sorted(by: { $0.rawValue < $1.rawValue }).first {
                draft.because(
                    "licence_type_from", inside(role.profile.path),
                    Finding(
                        evidence: "by its name; no value is a code of Config/licence-types.csv",
                        doubt: "which of our types each of theirs is; all stand for the same one here"), indent: 4)
                let pairs = seen.prefix(40).map { "\(YAMLText.quoted($0)): \(YAMLText.quoted(ours.rawValue))" }
                draft.line(
                    "licence_type_from: { from: \(YAMLText.scalar(inside(role.profile.path))), map: { \(pairs.joined(separator: ", ")) }, confirm: true }",
                    indent: 4)
                return
            }
        }
        if let given = input.licenceType {
            draft.line("licence_type: \(YAMLText.quoted(given.rawValue))", indent: 4)
            return
        }
        let first = registered.sorted { $0.rawValue < $1.rawValue }.first?.rawValue ?? "00000000000000000X001"
        draft.because(
            "licence_type", first,
            Finding(
                evidence: "no field of the sample says it",
                doubt: "which licence type these records are; `--licence-type` says it"), indent: 4)
        draft.line("licence_type: \(YAMLText.quoted(first))", indent: 4)
        draft.line("confirm: [licence_type]", indent: 4)
    }
}
