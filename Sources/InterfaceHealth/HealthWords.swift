// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import LicenceModel

/// The short sentences of a health report, Chinese and English.
enum HealthWords {
    static func name(_ aspect: HealthAspect) -> (zh: String, en: String) {
        switch aspect {
        case .nameResolution: ("域名解析", "the host name's resolution")
        case .connect: ("网络连接", "the connection")
        case .tls: ("TLS 握手", "TLS")
        case .authentication: ("身份认证", "authentication")
        case .http: ("HTTP 应答", "HTTP")
        case .businessStatus: ("业务状态", "the business status")
        case .shape: ("应答结构", "the answer's shape")
        case .content: ("已知问题核对", "the golden question")
        case .completeness: ("完整同步", "complete pulls")
        case .volume: ("数据量", "the number of records")
        case .rejects: ("隔离记录", "quarantined records")
        case .freshness: ("数据新鲜度", "freshness")
        case .latency: ("响应时间", "latency")
        case .certificate: ("证书有效期", "the certificate")
        }
    }

    private static func pair(_ zh: String, _ en: String) -> BilingualSentence {
        BilingualSentence(chinese: zh, english: en)
    }

    static func layerPassed(_ aspect: HealthAspect) -> BilingualSentence {
        pair("\(name(aspect).zh)正常。", "\(capital(name(aspect).en)) is as it should be.")
    }
    static func seenInRun(_ aspect: HealthAspect) -> BilingualSentence {
        pair("同步时\(name(aspect).zh)正常。", "\(capital(name(aspect).en)) was as it should be during a pull.")
    }
    static func notApplicable(_ aspect: HealthAspect) -> BilingualSentence {
        pair("不适用：\(name(aspect).zh)。", "\(capital(name(aspect).en)) does not apply here.")
    }
    static func failed(_ aspect: HealthAspect, code: String, what: String) -> BilingualSentence {
        pair("\(name(aspect).zh)异常（\(code)）。", "\(capital(name(aspect).en)) fails [\(code)]: \(closed(what))")
    }
    static func consequence(_ aspect: HealthAspect, of root: HealthAspect) -> BilingualSentence {
        pair(
            "因\(name(root).zh)异常，无法检查\(name(aspect).zh)。",
            "\(capital(name(aspect).en)) could not be checked, because \(name(root).en) fails.")
    }
    static func goldenPassed(_ count: Int) -> BilingualSentence {
        pair("\(count) 个已知问题全部答对。", "Answered \(count) golden question\(count == 1 ? "" : "s") rightly.")
    }
    static let noGoldenQuestion = pair(
        "各层正常；未配置已知问题，无法证明应答内容正确。",
        "Every layer passes; no golden question is declared, so nothing proves that its answers are right.")
    static let goldenNotAsked = pair(
        "各层正常；近期未提过已知问题，无法证明应答内容正确。",
        "Every layer passes; no golden question was asked lately, so nothing proves that its answers are right.")
    static let neverAsked = pair("尚未探测，也未同步。", "It was never probed and never pulled.")
    static let paused = pair("操作员已暂停该来源。", "An operator paused this source.")
    static func plannedDowntime(until end: Timestamp) -> BilingualSentence {
        pair("计划停机，\(clockTime(end)) 恢复。", "Planned downtime, back at \(clockTime(end)).")
    }
    static func silent(since: Timestamp) -> BilingualSentence {
        pair("自 \(since.iso8601) 起没有任何消息。", "Nothing was heard of it since \(since.iso8601).")
    }
    static let neverComplete = pair("从未完整同步过一次。", "No pull of it has ever come to its end.")
    static func copyTooOld(_ asOf: Timestamp, now: Timestamp, _ limit: Duration) -> BilingualSentence {
        pair(
            "副本已 \(words(now - asOf).zh)未更新，超过 \(words(limit).zh)的上限。",
            "The copy is \(words(now - asOf).en) old, more than the limit of \(words(limit).en).")
    }
    static func runStopped(_ run: RunRecord) -> BilingualSentence {
        let code = run.code ?? "unknown"
        return pair("最近一次同步中止（\(code)）。", "The last run stopped [\(code)]: \(closed(run.message ?? code))")
    }
    static func complete(_ asOf: Timestamp) -> BilingualSentence {
        pair("已完整同步至 \(asOf.iso8601)。", "Completely pulled as of \(asOf.iso8601).")
    }
    static func withheld(_ count: Int) -> BilingualSentence {
        pair(
            "最近一次全量同步缺少 \(count) 条记录，超过允许范围，未作任何撤回。",
            "The last full pull lacked \(count) records, more than allowed; nothing was withdrawn.")
    }
    static func empty(_ stored: Int) -> BilingualSentence {
        pair(
            "最近一次全量同步为空，而目录中有 \(stored) 条记录。",
            "The last full pull was empty, while the catalogue holds \(stored) records of it.")
    }
    static func received(_ count: Int) -> BilingualSentence {
        pair("最近一次全量同步收到 \(count) 条记录。", "The last full pull brought \(count) records.")
    }
    static func unexpected(_ count: Int, _ expected: ClosedRange<Int>) -> BilingualSentence {
        let most = expected.upperBound == .max
        return pair(
            "最近一次全量同步收到 \(count) 条记录，预期\(most ? "至少 \(expected.lowerBound)" : "\(expected.lowerBound) 至 \(expected.upperBound)") 条。",
            "The last full pull brought \(count) records, expected are \(most ? "at least \(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)")."
        )
    }
    static func rejects(open: Int, withoutHolder: Int) -> BilingualSentence {
        guard withoutHolder > 0 else {
            return pair("隔离区有 \(open) 条记录。", "\(open) records lie in quarantine.")
        }
        return pair(
            "隔离区有 \(open) 条记录，其中 \(withoutHolder) 条无法识别持证主体。",
            "\(open) records lie in quarantine, \(withoutHolder) of them with a holder that cannot be read.")
    }
    static func newestChange(_ newest: Timestamp, now: Timestamp, late: Bool) -> BilingualSentence {
        let age = words(now - newest)
        return late
            ? pair("已 \(age.zh)没有新记录，不符合该来源的更新规律。", "Nothing new for \(age.en), against the rhythm of this source.")
            : pair("最新变更在 \(age.zh)前。", "The newest change came \(age.en) ago.")
    }
    static func latency(_ latency: Duration, objective: Duration) -> BilingualSentence {
        pair(
            "响应 \(latency.wholeMilliseconds) 毫秒，目标 \(objective.wholeMilliseconds) 毫秒。",
            "It answers in \(latency.wholeMilliseconds) ms; the objective is \(objective.wholeMilliseconds) ms.")
    }
    static func certificate(_ days: Int) -> BilingualSentence {
        days < 0
            ? pair("证书已过期。", "Its certificate has ended.")
            : pair("证书还有 \(days) 天到期。", "Its certificate ends in \(days) day\(days == 1 ? "" : "s").")
    }

    static func unconfirmed(_ reason: BilingualSentence, needed: Int, of: Int) -> BilingualSentence {
        pair(
            "待确认（最近 \(of) 次中需 \(needed) 次一致）：\(reason.chinese)",
            "Not yet confirmed (\(needed) of the last \(of) must agree): \(reason.english)")
    }

    static func words(_ duration: Duration) -> (zh: String, en: String) {
        let seconds = max(0, Int(duration.components.seconds))
        func en(_ n: Int, _ unit: String) -> String { "\(n) \(unit)\(n == 1 ? "" : "s")" }
        if seconds >= 2 * 86_400 { return ("\(seconds / 86_400) 天", en(seconds / 86_400, "day")) }
        if seconds >= 2 * 3_600 { return ("\(seconds / 3_600) 小时", en(seconds / 3_600, "hour")) }
        if seconds >= 120 { return ("\(seconds / 60) 分钟", en(seconds / 60, "minute")) }
        return ("\(seconds) 秒", en(seconds, "second"))
    }

    /// `08:30`, in UTC+8; with the date where it is needed the caller shows the whole moment beside it.
    static func clockTime(_ moment: Timestamp) -> String { String(moment.iso8601.dropFirst(11).prefix(5)) }

    private static func capital(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
    private static func closed(_ text: String) -> String {
        guard let last = text.last, !".?!。".contains(last) else { return text }
        return text + "."
    }
}
