// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import CatalogueContract
import Diagnostics
import InterfaceHealth
import LicenceModel

/// The page at `/metrics`.
struct MetricsPage {
    var counts: GatewayMetrics.Counts
    var states: [InterfaceState]?
    var statistics: CatalogueStatistics?
    var health: [InterfaceHealthReport]
    var version: String
    var now: Timestamp

    var text: String {
        var page = PrometheusText()
        page.family("licgate_build_info", .gauge, "The running program; the value is always 1.")
        page.sample([("version", version)], 1)
        page.family("licgate_clock_timestamp_seconds", .gauge, "The gateway's wall clock.")
        page.sample([], Double(now.milliseconds) / 1000)
        syncs(&page)
        interfaces(&page)
        catalogue(&page)
        lookups(&page)
        requests(&page)
        return page.text
    }

    private func labels(_ id: InterfaceID) -> [(String, String)] {
        [("source", id.source.rawValue), ("interface", id.name)]
    }

    private func syncs(_ page: inout PrometheusText) {
        page.family("licgate_sync_runs_total", .counter, "Runs that ended, by outcome.")
        for (key, count) in counts.runs.sorted(by: {
            ($0.key.interface, $0.key.outcome) < ($1.key.interface, $1.key.outcome)
        }) {
            page.sample(labels(key.interface) + [("outcome", key.outcome)], count)
        }
        page.family(
            "licgate_sync_records_total", .counter,
            "Records received by runs that ended, by what became of them; created, updated, unchanged and late were accepted."
        )
        for (interface, sum) in counts.records.sorted(by: { $0.key < $1.key }) {
            let results = [
                ("created", sum.created), ("updated", sum.updated), ("unchanged", sum.unchanged), ("late", sum.late),
                ("rejected", sum.rejected),
            ]
            for (result, count) in results { page.sample(labels(interface) + [("result", result)], count) }
        }
        page.family("licgate_sync_withdrawn_records_total", .counter, "Records withdrawn by runs that ended.")
        for (interface, sum) in counts.records.sorted(by: { $0.key < $1.key }) {
            page.sample(labels(interface), sum.withdrawn)
        }
        page.family("licgate_sync_retries_total", .counter, "Pages that were asked for again.")
        for (interface, count) in counts.retries.sorted(by: { $0.key < $1.key }) {
            page.sample(labels(interface), count)
        }
        page.family("licgate_source_errors_total", .counter, "Errors of pulls, by their code.")
        for (key, count) in counts.errors.sorted(by: {
            ($0.key.interface, $0.key.code) < ($1.key.interface, $1.key.code)
        }) {
            page.sample(labels(key.interface) + [("code", key.code)], count)
        }
    }

    private func interfaces(_ page: inout PrometheusText) {
        page.family(
            "licgate_interface_health", .gauge, "1 for the verdict that holds, 0 for the others.")
        for report in health {
            for verdict in HealthVerdict.allCases {
                page.sample(
                    labels(report.interface) + [("verdict", verdict.rawValue)], report.verdict == verdict ? 1 : 0)
            }
        }
        page.family("licgate_interface_health_since_timestamp_seconds", .gauge, "Since when the verdict holds.")
        for report in health { page.sample(labels(report.interface), seconds(report.since)) }
        page.family(
            "licgate_interface_last_complete_pull_timestamp_seconds", .gauge, "As of when the last complete pull is.")
        for report in health {
            if let pull = report.lastComplete { page.sample(labels(report.interface), seconds(pull.asOf)) }
        }
        page.family(
            "licgate_interface_newest_change_timestamp_seconds", .gauge, "When a new or changed record last arrived.")
        for report in health {
            if let newest = report.newestChangeAt { page.sample(labels(report.interface), seconds(newest)) }
        }
        page.family(
            "licgate_interface_certificate_remaining_seconds", .gauge,
            "Time until the source's certificate ends, in whole days."
        )
        for report in health {
            if let days = report.certificateDaysLeft { page.sample(labels(report.interface), days * 86_400) }
        }
        page.family("licgate_interface_latency_seconds", .gauge, "The middle one of the latest latencies.")
        for report in health {
            if let latency = report.latency { page.sample(labels(report.interface), latency.inSeconds) }
        }
    }

    private func seconds(_ moment: Timestamp) -> Double { Double(moment.milliseconds) / 1000 }

    private func catalogue(_ page: inout PrometheusText) {
        page.family("licgate_catalogue_readable", .gauge, "1 when the catalogue could be read for this page.")
        page.sample([], statistics == nil || states == nil ? 0 : 1)
        if let statistics {
            page.family("licgate_catalogue_records", .gauge, "Records held, by state.")
            page.sample([("state", "current")], statistics.records)
            page.sample([("state", "withdrawn")], statistics.withdrawn)
            page.family("licgate_catalogue_versions", .gauge, "Versions held.")
            page.sample([], statistics.versions)
            page.family("licgate_catalogue_changes", .gauge, "Entries of the change feed held.")
            page.sample([], statistics.changes)
            page.family("licgate_store_size_bytes", .gauge, "Bytes on disk, by part of the store.")
            for (part, bytes) in statistics.bytesOnDisk.sorted(by: { $0.key < $1.key }) {
                page.sample([("part", part)], bytes)
            }
        }
        if let states {
            page.family("licgate_quarantine_records", .gauge, "Records in quarantine.")
            let byInterface = Dictionary(grouping: states, by: \.interface)
            for (interface, states) in byInterface.sorted(by: { $0.key < $1.key }) {
                page.sample(labels(interface), states.reduce(0) { $0 + $1.openRejects })
            }
            page.family("licgate_interface_records", .gauge, "Current records of an interface.")
            for (interface, states) in byInterface.sorted(by: { $0.key < $1.key }) {
                page.sample(labels(interface), states.reduce(0) { $0 + $1.records })
            }
        }
    }

    private func lookups(_ page: inout PrometheusText) {
        page.family("licgate_lookups_total", .counter, "Answers given, by verdict.")
        for verdict in ["holds", "does_not_hold", "no_record", "cannot_tell"] {
            page.sample([("verdict", verdict)], counts.lookups[verdict] ?? 0)
        }
        page.family("licgate_lookup_doubts_total", .counter, "Answers that could not tell, by cause.")
        for (cause, count) in counts.doubts.sorted(by: { $0.key < $1.key }) { page.sample([("cause", cause)], count) }
    }

    private func requests(_ page: inout PrometheusText) {
        page.family("licgate_http_requests_total", .counter, "Requests answered.")
        let ordered = counts.requests.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        for (key, count) in ordered {
            page.sample([("route", key.route), ("method", key.method), ("status", String(key.status))], count)
        }
        page.family("licgate_http_request_duration_seconds", .histogram, "Time from a request's head to its answer.")
        for (route, histogram) in counts.durations.sorted(by: { $0.key < $1.key }) {
            for (index, bound) in GatewayMetrics.Histogram.bounds.enumerated() {
                page.sample(
                    [("route", route), ("le", PrometheusText.number(bound))], Double(histogram.buckets[index]),
                    suffix: "_bucket")
            }
            page.sample([("route", route), ("le", "+Inf")], Double(histogram.count), suffix: "_bucket")
            page.sample([("route", route)], histogram.sum, suffix: "_sum")
            page.sample([("route", route)], Double(histogram.count), suffix: "_count")
        }
    }
}
