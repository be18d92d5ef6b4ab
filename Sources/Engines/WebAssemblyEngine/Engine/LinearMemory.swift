// SPDX-License-Identifier: Apache-2.0
import CWasmtime
import Glibc

/// One reservation of address space that holds one program's linear memory at a time.
///
/// The library's own memory would do as well, but does not tell its owner when it refuses to grow:
/// this one does, which is what makes ``RunOutcome/memoryExceeded`` certain.
final class LinearMemory {
    let base: UnsafeMutableRawPointer
    let reservedBytes: Int
    let mappedBytes: Int
    /// How many bytes from the base can be read and written.
    private var openBytes = 0
    /// How many bytes the program has.
    private(set) var bytes = 0
    private var budget: MemoryBudget?

    /// Reserves address space, of which nothing can be touched yet; nothing when there is none.
    init?(reservedBytes: Int, guardBytes: Int) {
        let mapped = reservedBytes + guardBytes
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let base = mmap(nil, mapped, PROT_NONE, flags, -1, 0), base != MAP_FAILED else {
            return nil
        }
        self.base = base
        self.reservedBytes = reservedBytes
        mappedBytes = mapped
    }

    deinit {
        munmap(base, mappedBytes)
    }

    /// Gives a program its first bytes, all zero, and charges its budget; false when refused.
    func begin(bytes: Int, budget: MemoryBudget) -> Bool {
        self.budget = budget
        self.bytes = 0
        // A memory used before stays open as far as it was; beyond its size it must fault.
        if openBytes > bytes {
            guard mprotect(base + bytes, openBytes - bytes, PROT_NONE) == 0 else {
                budget.fail("closing memory: error \(errno)")
                return false
            }
            openBytes = bytes
        }
        return resize(to: bytes)
    }

    /// Makes the memory larger; false when the budget or the machine refuses.
    func resize(to size: Int) -> Bool {
        guard let budget, budget.admits(size), size <= reservedBytes else { return false }
        if size > openBytes {
            let wanted = size - openBytes
            guard mprotect(base + openBytes, wanted, PROT_READ | PROT_WRITE) == 0 else {
                budget.fail("opening \(wanted) bytes of memory: error \(errno)")
                return false
            }
            openBytes = size
        }
        bytes = size
        budget.count(size)
        return true
    }

    /// Gives the pages back, so that the next program finds zeros; false when that fails.
    func end() -> Bool {
        budget = nil
        bytes = 0
        guard openBytes > 0 else { return true }
        return madvise(base, openBytes, MADV_DONTNEED) == 0
    }
}

extension LinearMemory {
    /// What the library calls. The memory itself is the environment and is released at the end.
    static func describe(_ memory: LinearMemory, in pool: LinearMemoryPool)
        -> wasmtime_linear_memory_t
    {
        let loan = MemoryLoan(memory: memory, pool: pool)
        return wasmtime_linear_memory_t(
            env: Unmanaged.passRetained(loan).toOpaque(),
            get_memory: { environment, size, capacity in
                guard let memory = MemoryLoan.at(environment)?.memory else { return nil }
                size?.pointee = memory.bytes
                capacity?.pointee = memory.reservedBytes
                return memory.base.assumingMemoryBound(to: UInt8.self)
            },
            grow_memory: { environment, size in
                let isGiven = MemoryLoan.at(environment)?.memory.resize(to: size) ?? false
                return isGiven ? nil : wasmtime_error_new("memory refused")
            },
            finalizer: { environment in
                guard let environment else { return }
                let loan = Unmanaged<MemoryLoan>.fromOpaque(environment).takeRetainedValue()
                loan.pool.giveBack(loan.memory)
            })
    }
}

/// A memory in use and the pool it goes back to.
private final class MemoryLoan {
    let memory: LinearMemory
    let pool: LinearMemoryPool

    init(memory: LinearMemory, pool: LinearMemoryPool) {
        self.memory = memory
        self.pool = pool
    }

    /// The loan behind an environment pointer, which the library keeps until its finalizer runs.
    static func at(_ environment: UnsafeMutableRawPointer?) -> MemoryLoan? {
        guard let environment else { return nil }
        return Unmanaged<MemoryLoan>.fromOpaque(environment).takeUnretainedValue()
    }
}
