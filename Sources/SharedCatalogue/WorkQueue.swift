// SPDX-License-Identifier: Apache-2.0
internal import CatalogueContract
internal import Glibc

/// Threads of our own that take jobs from a bounded queue, so that no blocking call runs on Swift's cooperative pool.
///
/// `@unchecked Sendable`: every field below is touched only with `lock` held, except `threads`, which `start` and
/// `stop` use from one caller at a time (the catalogue's open and close).
final class WorkQueue: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t> = .allocate(capacity: 1)
    private let wake: UnsafeMutablePointer<pthread_cond_t> = .allocate(capacity: 1)
    private var bound: Int
    private var jobs: [@Sendable () -> Void] = []
    private var first = 0
    private var open = true
    private var threads: [pthread_t] = []

    init(threads count: Int, bound: Int) throws(CatalogueError) {
        self.bound = bound
        pthread_mutex_init(lock, nil)
        pthread_cond_init(wake, nil)
        for _ in 0..<count {
            var thread = pthread_t()
            let context = Unmanaged.passRetained(self)
            let started = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<WorkQueue>.fromOpaque(context).takeRetainedValue().work()
                    return nil
                }, context.toOpaque())
            guard started == 0 else {
                context.release()
                stop()
                throw StoreFailure.system("A thread of the store cannot be started", file: "", number: started)
            }
            threads.append(thread)
        }
    }

    deinit {
        pthread_cond_destroy(wake)
        pthread_mutex_destroy(lock)
        wake.deallocate()
        lock.deallocate()
    }

    private func work() {
        while true {
            pthread_mutex_lock(lock)
            while first == jobs.count, open { pthread_cond_wait(wake, lock) }
            guard first < jobs.count else {
                pthread_mutex_unlock(lock)
                return
            }
            let job = jobs[first]
            first += 1
            if first == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                first = 0
            } else if first >= 1024 {
                jobs.removeFirst(first)
                first = 0
            }
            pthread_mutex_unlock(lock)
            job()
        }
    }

    /// Puts a job into the queue, or says why not.
    private func submit(_ job: @escaping @Sendable () -> Void, always: Bool) -> CatalogueError? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        guard open else { return StoreFailure.closed }
        guard always || jobs.count - first < bound else { return StoreFailure.busy }
        jobs.append(job)
        pthread_cond_signal(wake)
        return nil
    }

    /// Runs `body` on one of the threads; `always` even when the queue is full, for giving things back.
    func run<T: Sendable>(
        always: Bool = false, _ body: @escaping @Sendable () throws(CatalogueError) -> T
    ) async throws(CatalogueError) -> T {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<T, CatalogueError>, Never>) in
            let job: @Sendable () -> Void = {
                do throws(CatalogueError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if let refused = submit(job, always: always) { continuation.resume(returning: .failure(refused)) }
        }
        return try result.get()
    }

    /// Sets how many jobs may wait.
    func rebound(_ bound: Int) {
        pthread_mutex_lock(lock)
        self.bound = bound
        pthread_mutex_unlock(lock)
    }

    /// Takes no more jobs, finishes those it has, and waits for the threads; blocks, so never on the cooperative pool.
    func stop() {
        pthread_mutex_lock(lock)
        open = false
        pthread_cond_broadcast(wake)
        pthread_mutex_unlock(lock)
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }
}
