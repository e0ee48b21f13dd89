// SPDX-License-Identifier: Apache-2.0
import CCurl
public import Diagnostics
import Glibc
import Synchronization

/// HTTP on libcurl's multi interface: any number of exchanges on one thread of its own.
///
/// Shape: HTTP/1.1 with kept connections, gzip, deflate and what else libcurl decodes; no proxy, no cookies, no netrc;
/// redirects only within the origin of the request's address.
/// Limits: a connection-delimited body (`ExchangeReceipt.bodyEndDeclared` is false) that is cut looks whole, and so does
/// a compressed body whose own end mark is missing; the reader of the document has to notice.
public final class CurlTransport: HTTPExchanging {
    private let inbox: Inbox
    private let limits: TransportLimits

    /// Starts the thread; nothing is sent until something is asked.
    public init(
        clock: any GatewayClock, limits: TransportLimits = TransportLimits(), observer: (any ExchangeObserving)? = nil
    ) {
        let multi = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK ? curl_multi_init() : nil
        inbox = Inbox(multi: multi, capacity: limits.maxInFlight + limits.maxWaiting)
        self.limits = limits
        guard let multi else { return }
        let start = LoopStart(multi: multi, inbox: inbox, clock: clock, limits: limits, observer: observer)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(start)
        let failed = pthread_create(&thread, nil, runLoop, context.toOpaque()) != 0
        if failed {
            context.release()
            inbox.forgetMulti()
            curl_multi_cleanup(multi)
            inbox.gone()
        } else {
            pthread_detach(thread)
        }
    }

    deinit { inbox.close() }

    /// Ends every exchange with `transport.cancelled`, closes all connections, and returns when the thread is done.
    public func shutDown() async {
        inbox.close()
        await inbox.ended()
    }

    /// One exchange with the whole body in memory.
    public func exchange(_ request: ExchangeRequest) async throws(TransportError) -> ExchangeResponse {
        let (target, place) = try CurlTransport.checked(request)
        let ticket = inbox.ticket()
        let inbox = inbox
        let result: Result<ExchangeResponse, TransportError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sink = Sink.whole(continuation)
                let job = Job(ticket: ticket, request: request, target: target, place: place, sink: sink)
                if let refusal = inbox.start(job) { sink.fail(TransportError(refusal, place: place)) }
            }
        } onCancel: {
            inbox.cancel(ticket)
        }
        return try result.get()
    }

    /// One exchange whose body is read as it comes.
    public func stream(_ request: ExchangeRequest) async throws(TransportError) -> StreamedExchange {
        let (target, place) = try CurlTransport.checked(request)
        let ticket = inbox.ticket()
        let (inbox, ahead) = (inbox, limits.streamAhead.bytes)
        let body = Box()
        let result: Result<StreamHead, TransportError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let channel = StreamChannel(ahead: ahead, opening: continuation)
                body.value.withLock { $0 = RunningBody(channel: channel, ticket: ticket, inbox: inbox) }
                let sink = Sink.stream(channel)
                let job = Job(ticket: ticket, request: request, target: target, place: place, sink: sink)
                if let refusal = inbox.start(job) { sink.fail(TransportError(refusal, place: place)) }
            }
        } onCancel: {
            inbox.cancel(ticket)
        }
        let head = try result.get()
        guard let running = body.value.withLock({ $0 }) else { throw TransportError(.misuse, place: place) }
        return StreamedExchange(status: head.status, headers: head.headers, body: BodyStream(source: running))
    }

    /// Refuses what must not be sent, before anything is.
    static func checked(_ request: ExchangeRequest) throws(TransportError) -> (RequestTarget, Place) {
        var place = request.place
        let target: RequestTarget
        do {
            target = try RequestTarget(request.url)
        } catch {
            place.request = request.method.rawValue
            throw TransportError(.urlRefused, place: place, detail: error.rawValue)
        }
        place.request = target.place(request.method)
        if let (name, why) = request.headers.refused {
            throw TransportError(.headerRefused, place: place, detail: "\(name), because \(why)")
        }
        return (target, place)
    }
}
