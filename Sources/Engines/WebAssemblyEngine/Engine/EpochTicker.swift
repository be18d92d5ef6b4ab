// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A thread that moves an engine's epoch while programs run, and sleeps while none do.
///
/// The pthread objects live as long as the ticker; `running` and `isStopping` are read and
/// written only under `mutex`, `epoch` too.
final class EpochTicker: @unchecked Sendable {
    private let engine: EngineCore
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var running = 0
    private var isStopping = false
    private var epoch: UInt64 = 0
    private var thread = pthread_t()

    /// - Throws: ``EngineRefusal/unavailable(_:)`` when there is no thread to be had.
    init(engine: EngineCore) throws(EngineRefusal) {
        self.engine = engine
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
        // The thread does not own the ticker: `stop` waits for it before the ticker goes.
        let status = pthread_create(
            &thread, nil,
            { ticker in
                guard let ticker else { return nil }
                Unmanaged<EpochTicker>.fromOpaque(ticker).takeUnretainedValue().loop()
                return nil
            }, Unmanaged.passUnretained(self).toOpaque())
        guard status == 0 else { throw .unavailable("no thread: error \(status)") }
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(wake)
        mutex.deallocate()
        wake.deallocate()
    }

    /// Ends the thread; call once, before the ticker is let go.
    func stop() {
        locked {
            isStopping = true
            pthread_cond_signal(wake)
        }
        pthread_join(thread, nil)
    }

    /// The number of steps so far.
    var now: UInt64 { locked { epoch } }

    /// Ticks for as long as `body` runs.
    func whileTicking<Result>(_ body: () -> Result) -> Result {
        locked {
            running += 1
            if running == 1 { pthread_cond_signal(wake) }
        }
        defer { locked { running -= 1 } }
        return body()
    }

    private func loop() {
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
