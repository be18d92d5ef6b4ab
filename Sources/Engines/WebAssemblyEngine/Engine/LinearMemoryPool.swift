// SPDX-License-Identifier: Apache-2.0
import CWasmtime
import Glibc
import Synchronization

/// Keeps a few reservations for the next runs; a reservation without a program holds no pages.
final class LinearMemoryPool: Sendable {
    /// The most reservations kept idle: 16 × 4 GiB of 128 TiB of addresses, and no memory.
    static let idleMemoriesMax = 16

    private let idle = Mutex<IdleMemories>(IdleMemories())
    private let threadKey: pthread_key_t

    init() throws(EngineRefusal) {
        var key = pthread_key_t()
        guard pthread_key_create(&key, nil) == 0 else { throw .unavailable("no thread key") }
        threadKey = key
    }

    deinit {
        pthread_key_delete(threadKey)
    }

    /// The number of reservations kept idle.
    var idleCount: Int { idle.withLock { $0.memories.count } }

    /// Lets memories made during `body` on this thread draw on `budget`.
    func withBudget<Result>(_ budget: MemoryBudget, _ body: () -> Result) -> Result {
        withExtendedLifetime(budget) {
            pthread_setspecific(threadKey, Unmanaged.passUnretained(budget).toOpaque())
            defer { pthread_setspecific(threadKey, nil) }
            return body()
        }
    }

    /// What an engine calls to make a memory. The pool must outlive the engine.
    func describeCreator() -> wasmtime_memory_creator_t {
        wasmtime_memory_creator_t(
            env: Unmanaged.passUnretained(self).toOpaque(),
            new_memory: { environment, _, minimum, _, reserved, guardBytes, result in
                guard let environment, let result else { return wasmtime_error_new("no pool") }
                let pool = Unmanaged<LinearMemoryPool>.fromOpaque(environment)
                    .takeUnretainedValue()
                guard
                    let memory = pool.lend(
                        bytes: minimum, reservedBytes: reserved, guardBytes: guardBytes)
                else { return wasmtime_error_new("memory refused") }
                result.pointee = LinearMemory.describe(memory, in: pool)
                return nil
            },
            finalizer: { _ in })
    }

    private func lend(bytes: Int, reservedBytes: Int, guardBytes: Int) -> LinearMemory? {
        guard let raw = pthread_getspecific(threadKey) else { return nil }
        let budget = Unmanaged<MemoryBudget>.fromOpaque(raw).takeUnretainedValue()
        // Refused before any reservation is touched.
        guard budget.admits(bytes) else { return nil }
        let kept = idle.withLock { $0.take(reservedBytes: reservedBytes, guardBytes: guardBytes) }
        guard
            let memory = kept?.memory
                ?? LinearMemory(reservedBytes: reservedBytes, guardBytes: guardBytes)
        else {
            budget.fail("reserving \(reservedBytes) bytes of addresses: error \(errno)")
            return nil
        }
        return memory.begin(bytes: bytes, budget: budget) ? memory : nil
    }

    /// Takes back a memory whose program has ended.
    func giveBack(_ memory: LinearMemory) {
        guard memory.end() else { return }
        let returned = IdleMemory(memory: memory)
        idle.withLock { $0.keep(returned) }
    }
}

/// A memory that no program uses, so that any thread may take it.
private struct IdleMemory: @unchecked Sendable {
    let memory: LinearMemory
}

private struct IdleMemories: Sendable {
    var memories: [IdleMemory] = []

    mutating func take(reservedBytes: Int, guardBytes: Int) -> IdleMemory? {
        guard let last = memories.last, last.memory.reservedBytes == reservedBytes,
            last.memory.mappedBytes == reservedBytes + guardBytes
        else { return nil }
        return memories.removeLast()
    }

    mutating func keep(_ memory: IdleMemory) {
        if memories.count < LinearMemoryPool.idleMemoriesMax { memories.append(memory) }
    }
}
