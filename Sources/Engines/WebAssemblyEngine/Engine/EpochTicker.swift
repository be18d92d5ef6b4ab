// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A thread that moves an engine's epoch while programs run, and sleeps while none do.
///
/// The thread ends with the ticker: whoever lets go of it has nothing else to do.
final class EpochTicker: Sendable {
    private let clockwork: Clockwork
    private let thread: pthread_t

    /// - Throws: ``EngineRefusal/unavailable(_:)`` when there is no thread to be had.
    init(engine: EngineCore) throws(EngineRefusal) {
        clockwork = Clockwork(engine: engine)
        // The thread holds the clockwork and not the ticker, so that the ticker can go.
        let held = Unmanaged.passRetained(clockwork)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { clockwork in
                guard let clockwork else { return nil }
                Unmanaged<Clockwork>.fromOpaque(clockwork).takeRetainedValue().loop()
                return nil
            }, held.toOpaque())
        guard status == 0 else {
            held.release()
            throw .unavailable("no thread: error \(status)")
        }
        self.thread = thread
    }

    deinit {
        clockwork.stop()
        pthread_join(thread, nil)
    }

    /// The number of steps so far.
    var now: UInt64 { clockwork.now }

    /// Ticks for as long as `body` runs.
    func whileTicking<Result>(_ body: () -> Result) -> Result {
        clockwork.begin()
        defer { clockwork.end() }
        return body()
    }
}

/// What the ticker and its thread share.
///
/// The pthread objects live as long as it does; everything else is read and written only under
/// `mutex`, which is what makes the unchecked conformance sound.
private final class Clockwork: @unchecked Sendable {
    private let engine: EngineCore
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var running = 0
    private var isStopping = false
    private var epoch: UInt64 = 0

    init(engine: EngineCore) {
        self.engine = engine
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(wake)
        mutex.deallocate()
        wake.deallocate()
    }

    var now: UInt64 { locked { epoch } }

    func begin() {
        locked {
            running += 1
            if running == 1 { pthread_cond_signal(wake) }
        }
    }

    func end() { locked { running -= 1 } }

    func stop() {
        locked {
            isStopping = true
            pthread_cond_signal(wake)
        }
    }

    func loop() {
        while waitForWork() {
            usleep(UInt32(WebAssemblyRunner.tickMilliseconds) * 1_000)
            locked { epoch += 1 }
            engine.advanceEpoch()
        }
    }

    /// Sleeps while no program runs; false at the end.
    private func waitForWork() -> Bool {
        locked {
            while running == 0 && !isStopping { pthread_cond_wait(wake, mutex) }
            return !isStopping
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
