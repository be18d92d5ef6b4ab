// SPDX-License-Identifier: Apache-2.0
import CSodium

/// Bytes that are wiped when their last reference ends, and that never print themselves.
///
/// The memory is never written after creation, so that references may be shared between threads.
/// It is not locked: a machine that holds keys has its swap off or encrypted (CRYPTO-12).
final class SecretBytes: @unchecked Sendable {
    private let storage: UnsafeMutableRawBufferPointer

    /// Lets `body` fill `count` bytes, which start as zeros.
    init(count: Int, filledBy body: (UnsafeMutableRawBufferPointer) -> Void) {
        CryptographyLibrary.start()
        storage = .allocate(byteCount: count, alignment: 16)
        storage.initializeMemory(as: UInt8.self, repeating: 0)
        body(storage)
    }

    /// Copies bytes; the caller's copy remains the caller's to wipe.
    convenience init(copying bytes: some Collection<UInt8>) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    deinit {
        sodium_memzero(storage.firstByte, storage.count)
        storage.deallocate()
    }

    /// How many bytes there are.
    var count: Int { storage.count }

    /// The bytes, for the length of one call; the pointer must not leave it.
    func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        withExtendedLifetime(self) { body(UnsafePointer(storage.firstByte)) }
    }

    /// A copy outside this memory, for the rare caller that must write the secret elsewhere.
    func copied() -> [UInt8] { Array(storage) }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    /// How long the secret is, and nothing of it.
    var description: String { "SecretBytes(\(count))" }

    /// Nothing, so that dump() shows nothing.
    var customMirror: Mirror { Mirror(self, children: []) }
}
