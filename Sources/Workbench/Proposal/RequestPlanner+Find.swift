// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import LicenceModel

extension RequestPlanner {
    static let purposeNames: Set<String> = [
        "usecause", "purpose", "querycause", "yymd", "cause", "reason", "certificatecopycause", "syyy",
    ]
    static let matterNames: Set<String> = ["itemcode", "matter", "mattercode", "certificateeventcode", "sxbm"]
    static let systemNames: Set<String> = ["system", "systemname", "certificatesystemname", "appid", "businesssystem"]
    static let operatorNames: Set<String> = ["operator", "operatoraccount", "operatorid", "czry"]

    /// The request of a question: who or what is asked about becomes a placeholder.
    func find(_ kind: LookupQuestion.Kind, names: NameBook) -> PlannedRequest {
        var plan = PlannedRequest()
        plan.method = request?.method ?? "POST"
        plan.pagesFinding = Finding(evidence: "one question, one answer", doubt: nil)
        var replaced: [(name: String, placeholder: String)] = []
        var asked = false
        func placeholder(_ name: String, _ value: String) -> String? {
            let plain = NameBook.plain(name)
            if RequestPlanner.purposeNames.contains(plain) { return "${purpose}" }
            if RequestPlanner.matterNames.contains(plain) { return "${matter}" }
            if RequestPlanner.systemNames.contains(plain) { return "${system}" }
            if RequestPlanner.operatorNames.contains(plain) { return "${operator}" }
            if RequestPlanner.credentials.contains(where: { plain.contains($0) }) {
                plan.secrets.append(name)
                return "${secret:\(sourceID.split(separator: "-").joined(separator: "_"))_\(plain)}"
            }
            let best = [Role.holderCode, .holderKind, .holderName, .licenceType, .number, .identifier].map {
                ($0, names.score(name, $0))
            }.max { $0.1 < $1.1 }
            guard let best, best.1 >= 4 else { return FieldProfile.proof(value) == .none ? nil : "${holder_code}" }
            switch best.0 {
            case .holderCode: return kind == .holder ? "${holder_code}" : nil
            case .holderKind: return kind == .holder ? "${holder_kind}" : nil
            case .holderName: return kind == .holder ? "${holder_name}" : nil
            case .licenceType: return "${licence_type}"
            case .number: return kind == .number ? "${number}" : nil
            case .identifier: return kind == .identifier ? "${identifier}" : nil
            default: return nil
            }
        }
        let wanted =
            ["holder": "${holder_code}", "number": "${number}", "identifier": "${identifier}"][kind.rawValue] ?? ""
        plan.path = RequestPlanner.filled(request?.path ?? "/") { name in
            plan.askedByPath = plan.askedByPath ?? (placeholder(name, "") == wanted ? name : nil)
            let setting = RequestPlanner.settingName(name)
            plan.settings.append((setting, "what stands for `{\(name)}` in the path"))
            return "${config:\(setting)}"
        }
        for pair in request?.query ?? [] {
            let mark = placeholder(pair.name, pair.value)
            asked = asked || mark == wanted
            if mark?.hasPrefix("${secret") == true { continue }
            plan.query.append((pair.name, mark ?? pair.value))
        }
        for pair in BodyTemplate.fields(request?.body) {
            guard let mark = placeholder(pair.name, pair.value) else {
                plan.kept.append(pair.name)
                continue
            }
            asked = asked || mark == wanted
            replaced.append((pair.name, mark))
        }
        if let body = request?.body { plan.body = BodyTemplate.make(body, replaced, request) }
        if !asked {
            if request?.method == "GET" {
                plan.query.append(("code", wanted))
            } else if plan.body == nil {
                plan.body = ("json", "{\"code\":\"\(wanted)\"}", nil)
            } else {
                plan.query.append(("code", wanted))
            }
            if plan.method == "GET", plan.body != nil { plan.method = "POST" }
        }
        return plan
    }
}
