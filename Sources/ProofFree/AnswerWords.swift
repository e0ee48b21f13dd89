// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import LicenceModel

/// The next step in plain words, for a clerk with a citizen in front of them.
///
/// Never a value out of a record: no name, code, number or date of a licence; the record beside it has those.
struct AnswerWords: Sendable {
    /// Sources by the names that people know them by.
    var names: [SourceID: String]

    func sentence(for verdict: Verdict, codeCheck: HolderCodeCheck) -> BilingualSentence {
        switch verdict {
        case .holds:
            return BilingualSentence(
                chinese: "证照有效，可直接办理，请勿再要求申请人提供纸质证明。",
                english: "The licence is valid. Please proceed without asking the applicant for paper.")
        case .doesNotHold(let reason): return denial(reason)
        case .noRecord: return none(codeCheck)
        case .cannotTell(let doubt, let retryAt):
            let (why, whyEnglish) = reason(doubt)
            let (next, nextEnglish) = step(doubt, retryAt)
            return BilingualSentence(chinese: why + next, english: whyEnglish + " " + nextEnglish)
        }
    }

    private func denial(_ reason: DenialReason) -> BilingualSentence {
        let (chinese, english) =
            switch reason {
            case .expired: ("证照已过有效期", "The licence has expired")
            case .notYetValid: ("证照尚未生效", "The licence is not valid yet")
            case .status(let status): status.words
            case .removedBySource:
                ("来源系统已不再保存该证照", "The source no longer keeps this licence")
            }
        return BilingualSentence(
            chinese: chinese + "，不能作为办理依据。请告知申请人原因；如申请人有异议，请联系发证机关核实。",
            english: english
                + " and cannot be relied on. Please tell the applicant why; if they disagree, ask the issuing authority."
        )
    }

    private func none(_ check: HolderCodeCheck) -> BilingualSentence {
        if check == .checkFailed || check == .malformed {
            return BilingualSentence(
                chinese: "按所填号码未查到证照，且该号码不符合编码规则，请先核对号码是否录入有误，再重新查询。",
                english: "Nothing was found under this number, and the number does not follow its own rule. "
                    + "Please check how it was entered and ask again.")
        }
        return BilingualSentence(
            chinese: "所有相关来源均已完整查询，未查到该证照。请与申请人核对号码和证照类型；确未办理的，请引导其按规定申办。",
            english: "Every source that could have it was checked completely, and none has such a licence. "
                + "Please check number and type with the applicant, and if there is none, show how to apply for one.")
    }

    private func reason(_ doubt: Doubt) -> (String, String) {
        switch doubt {
        case .neverSynced(let source):
            (
                "“\(name(source))”的数据尚未完整接入，暂时无法判断。",
                "The data of \(name(source)) have not been received completely yet, so nobody can tell."
            )
        case .sourceDown(let source):
            (
                "“\(name(source))”目前不能正常提供数据，现有数据已超过使用期限，暂时无法判断。",
                "\(name(source)) fails at the moment and our copy is too old, so nobody can tell."
            )
        case .staleCopy(let source):
            (
                "“\(name(source))”的数据已超过使用期限，暂时无法判断。",
                "Our copy of \(name(source)) is too old, so nobody can tell."
            )
        case .paused(let source):
            ("“\(name(source))”已暂停使用，暂时无法判断。", "\(name(source)) is paused, so nobody can tell.")
        case .newerVersionUnreadable:
            (
                "该证照有更新的数据尚未能读取，暂时无法判断是否仍然有效。",
                "Newer data on this licence could not be read yet, so nobody can tell whether it still counts."
            )
        case .recordUnreadable:
            (
                "有可能与该查询有关的数据尚未能读取，暂时无法判断。",
                "Data that may concern this question could not be read yet, so nobody can tell."
            )
        case .ambiguous:
            (
                "查到的信息不一致，或号码属于其他证件类型，无法判断。",
                "What was found is contradictory, or the number belongs to another kind of document."
            )
        case .validityUnknown:
            ("来源未提供可用的有效期，无法判断是否有效。", "The source gives no usable end of validity, so nobody can tell.")
        case .statusUnknown:
            (
                "来源提供的状态不能说明该日期证照是否有效。",
                "The source's status does not say whether the licence counted on that day."
            )
        case .noSource:
            ("该类证照尚未接入数据来源，无法判断。", "No source is connected for this type of licence.")
        case .tooMany:
            ("查到的记录过多，无法一次判断。", "More records were found than one answer can weigh.")
        case .catalogueUnavailable:
            ("系统暂时繁忙，未能完成查询。", "The system is busy and could not finish the look-up.")
        }
    }

    private func step(_ doubt: Doubt, _ retryAt: Timestamp?) -> (String, String) {
        switch doubt {
        case .ambiguous:
            return (
                "这不表示没有证照。请核对证件类型和号码，或联系发证机关核实，不要直接退回申请人。",
                "This is not a \"no\": please check the kind of document and the number, or ask the issuing authority."
            )
        case .tooMany:
            return (
                "这不表示没有证照。请填写证照类型或证照编号后重新查询。",
                "This is not a \"no\": please name the type or the number of the licence and ask again."
            )
        case .catalogueUnavailable:
            return (
                "这不表示没有证照。请稍候重新查询。", "This is not a \"no\": please ask again in a moment."
            )
        case .validityUnknown, .statusUnknown, .noSource:
            return (
                "这不表示没有证照。请联系发证机关核实，或按规定采用告知承诺等方式办理，不要直接退回申请人。",
                "This is not a \"no\": please ask the issuing authority, or proceed by a written promise where rules allow."
            )
        default:
            let (when, whenEnglish) =
                retryAt.map { ("\($0.minute)之后", "after \($0.minute)") } ?? ("稍后", "later")
            return (
                "这不表示没有证照。请\(when)重新查询；急需办理的，请按规定采用告知承诺、容缺受理等方式，不要直接退回申请人。",
                "This is not a \"no\": please ask again \(whenEnglish), and in urgent cases proceed by a written promise "
                    + "where rules allow."
            )
        }
    }

    private func name(_ source: SourceID) -> String { names[source] ?? source.rawValue }
}

extension LicenceStatus {
    fileprivate var words: (String, String) {
        switch self {
        case .valid: ("证照有效", "The licence is valid")
        case .suspended: ("证照已被暂扣", "The licence is suspended")
        case .expired: ("证照已失效", "The licence has lapsed")
        case .cancelled: ("证照已注销", "The licence was cancelled")
        case .revoked: ("证照已被撤销", "The licence was revoked")
        case .withdrawn: ("证照已被吊销", "The licence was withdrawn")
        case .superseded: ("证照已换发新证", "The licence was replaced by a newer one")
        case .transferred: ("证照已转出", "The licence was transferred to another authority")
        case .restricted: ("证照已被限制使用", "The use of the licence is restricted")
        case .unknown: ("证照状态不明", "The status of the licence is not known")
        }
    }
}

extension Timestamp {
    /// `2026-11-25 09:30` in UTC+8, without seconds.
    fileprivate var minute: String { String(iso8601.prefix(16)).replacing("T", with: " ") }
}
