// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import Diagnostics
import LicenceModel

extension HealthWords {
    /// What a verdict means for look-ups.
    static func consequence(
        _ verdict: HealthVerdict, types: Int, copyUntil: Timestamp?, pulled: Bool, paused: Bool, now: Timestamp
    ) -> BilingualSentence {
        func say(_ zh: String, _ en: String) -> BilingualSentence { BilingualSentence(chinese: zh, english: en) }
        let kinds = "\(types) licence type\(types == 1 ? "" : "s")"
        if verdict.isHealthy { return say("查询照常。", "Look-ups go on as usual.") }
        if paused {
            return say("其 \(types) 类证照一律答“无法判断”。", "Look-ups of its \(kinds) are answered “cannot tell”.")
        }
        guard pulled else {
            return say("无法现场核验其 \(types) 类证照。", "Its \(kinds) cannot be asked about.")
        }
        if let copyUntil, copyUntil > now {
            return say(
                "\(copyUntil.iso8601) 前仍可用副本作答，此后其 \(types) 类证照答“无法判断”。",
                "Its copy still answers until \(copyUntil.iso8601); after that its \(kinds) are “cannot tell”.")
        }
        return say(
            "其 \(types) 类证照中查不到的一律答“无法判断”，不会答“没有”。",
            "Its \(kinds) are answered “cannot tell”, never “no”.")
    }

    /// What a person should do.
    static func remedy(
        _ verdict: HealthVerdict, root: HealthFinding?, interface: InterfaceID, owner: String, paused: Bool
    ) -> BilingualSentence {
        func say(_ zh: String, _ en: String) -> BilingualSentence { BilingualSentence(chinese: zh, english: en) }
        switch verdict {
        case .healthy: return say("无需处理。", "Nothing to do.")
        case .healthyUnproven:
            return say(
                "在适配器 manifest 的 health 中配置已知问题，并运行 `licgate health --probe \(interface)`。",
                "Declare a question under `golden` in its manifest and put its secret in place, then run `licgate health --probe \(interface)`."
            )
        case .inMaintenance:
            return paused
                ? say(
                    "恢复：`licgate sources resume \(interface.source)`。",
                    "Resume it: `licgate sources resume \(interface.source)`.")
                : say("等待计划停机结束。", "Wait for the planned downtime to end.")
        case .unknown:
            return say(
                "运行 `licgate sync \(interface)` 或 `licgate health --probe \(interface)`。",
                "Run `licgate sync \(interface)` or `licgate health --probe \(interface)`.")
        case .degraded, .down:
            let advice = advice(root?.aspect, interface: interface, owner: owner)
            return say(advice.chinese, root?.remedy.map { $0.isEmpty ? advice.english : $0 } ?? advice.english)
        }
    }

    private static func advice(_ aspect: HealthAspect?, interface: InterfaceID, owner: String) -> BilingualSentence {
        func say(_ zh: String, _ en: String) -> BilingualSentence { BilingualSentence(chinese: zh, english: en) }
        let call = "\(owner)"
        switch aspect {
        case .nameResolution, .connect:
            return say(
                "检查 base_url 与网络；仍不通时联系\(call)。",
                "Check `base_url` and the network; if it stays, call \(call).")
        case .tls: return say("检查证书链与主机名；联系\(call)。", "Check the certificate chain and its name; call \(call).")
        case .authentication:
            return say("更新凭据后重新探测。", "Renew the credentials in the secrets, then probe again.")
        case .certificate: return say("请\(call)在到期前更换证书。", "Ask \(call) to renew the certificate in time.")
        case .volume:
            return say(
                "与\(call)核对；若减少属实，请按运行编号批准该次同步。",
                "Ask \(call) whether the loss is real; if so, approve that run by name.")
        case .rejects:
            return say(
                "查看 `licgate quarantine list`，修正映射后重放。", "See `licgate quarantine list`, mend the mapping and replay.")
        case .freshness, .latency: return say("联系\(call)核实。", "Ask \(call).")
        case .completeness:
            return say("运行 `licgate sync \(interface)` 并查看原因。", "Run `licgate sync \(interface)` and read why.")
        case .http, .businessStatus, .shape, .content, nil:
            return say(
                "运行 `licgate health --probe \(interface)`，把结果交给\(call)。",
                "Run `licgate health --probe \(interface)` and show the result to \(call).")
        }
    }
}
