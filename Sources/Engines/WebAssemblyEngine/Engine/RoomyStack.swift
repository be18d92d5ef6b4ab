// SPDX-License-Identifier: Apache-2.0
import CWasmtime
import Glibc

/// Runs work where the native stack is large enough for it.
///
/// A program may use ``WebAssemblyRunner/stackBytesMax`` of native stack before the engine stops
/// it; on a smaller stack it would meet the thread's end first, and take the process with it.
enum RoomyStack {
    /// What a run needs free: a program's stack, and room to compile and for the host's functions.
    static let freeBytesMin = WebAssemblyRunner.stackBytesMax + (1 << 20)
    /// The stack of a thread made for a run.
    static let threadBytes = 8 << 20

    /// Calls `body` on this thread when it has room, else on one made for it; nothing when there
    /// is no such thread to be had.
    static func run<Result>(_ body: () -> Result) -> Result? {
        freeBytes >= freeBytesMin ? body() : runOnOwnThread(body)
    }

    /// The bytes of this thread's stack that are not in use; 0 when unknown.
    static var freeBytes: Int {
        var here: UInt8 = 0
        guard let lowest = lowestAddress else { return 0 }
        return withUnsafeMutablePointer(to: &here) { max(0, Int(bitPattern: $0) - lowest) }
    }

    /// Where each thread keeps the lowest address of its stack, which for the first thread takes
    /// reading a file to find out.
    private static let lowestKey: pthread_key_t? = {
        var key = pthread_key_t()
        return pthread_key_create(&key, nil) == 0 ? key : nil
    }()

    private static var lowestAddress: Int? {
        guard let key = lowestKey else { return nil }
        if let known = pthread_getspecific(key) { return Int(bitPattern: known) }
        var attributes = pthread_attr_t()
        guard pthread_getattr_np(pthread_self(), &attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(&attributes) }
        var lowest: UnsafeMutableRawPointer?
        var size = 0
        guard pthread_attr_getstack(&attributes, &lowest, &size) == 0 else { return nil }
        pthread_setspecific(key, lowest)
        return Int(bitPattern: lowest)
    }

    private static func runOnOwnThread<Result>(_ body: () -> Result) -> Result? {
        var result: Result?
        withoutActuallyEscaping({ result = body() }) { work in
            let errand = Errand(work)
            var attributes = pthread_attr_t()
            guard pthread_attr_init(&attributes) == 0 else { return }
            defer { pthread_attr_destroy(&attributes) }
            guard pthread_attr_setstacksize(&attributes, threadBytes) == 0 else { return }
            var thread = pthread_t()
            let status = pthread_create(
                &thread, &attributes,
                { errand in
                    guard let errand else { return nil }
                    Unmanaged<Errand>.fromOpaque(errand).takeUnretainedValue().work()
                    return nil
                }, Unmanaged.passUnretained(errand).toOpaque())
            // The errand lives on this stack until the thread has ended.
            if status == 0 { pthread_join(thread, nil) }
            withExtendedLifetime(errand) {}
        }
        return result
    }
}

private final class Errand {
    let work: () -> Void

    init(_ work: @escaping () -> Void) {
        self.work = work
    }
}
