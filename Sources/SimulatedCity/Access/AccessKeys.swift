// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Diagnostics

/// A key in the query.
struct QueryKey: AccessRule {
    let name: String

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        same(request.query[name], secrets.key) ? .admitted : .refused
    }
}

/// A key in the body: a JSON field (at the top, in `head` or in `data`), a form field or an XML element of this name.
struct BodyKey: AccessRule {
    let name: String

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        let given = request.jsonFields[name] ?? request.element(name) ?? request.formFields[name]
        return same(given, secrets.key) ? .admitted : .refused
    }
}

/// Several rules, in order; the first that does not admit decides.
struct AllDoors: AccessRule {
    let rules: [any AccessRule]

    func check(_ request: CityRequest, _ secrets: CitySecrets, now: Timestamp) -> AccessVerdict {
        for rule in rules {
            let verdict = rule.check(request, secrets, now: now)
            guard case .admitted = verdict else { return verdict }
        }
        return .admitted
    }
}

/// Equality that takes as long wherever two texts differ.
func same(_ given: String?, _ wanted: String) -> Bool {
    given.map { equalInConstantTime(Array($0.utf8), Array(wanted.utf8)) } ?? false
}

extension CityRequest {
    /// The fields of a form body, decoded.
    var formFields: [String: String] {
        guard headers["content-type"]?.hasPrefix("application/x-www-form-urlencoded") == true else { return [:] }
        return RequestReader.target(Substring("/?" + text)).query
    }
}
