// SPDX-License-Identifier: Apache-2.0

/// Changes of a store that lie somewhere in memory: a commit looks at them where they are, so that
/// hundreds of thousands cost no copy and no allocation.
public protocol ChangeSource: Sendable {
    /// About how many bytes all keys and values have.
    var payloadBytes: Int { get }

    /// Lends each change in turn, the same ones each time; a value that is nothing removes the key.
    func forEach(
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?)
            throws(DiskFailure) -> Void
    ) throws(DiskFailure)
}

/// Changes as arrays.
public struct ChangeArray: ChangeSource {
    private let changes: [(key: [UInt8], value: [UInt8]?)]

    /// Takes changes as they are.
    public init(_ changes: [(key: [UInt8], value: [UInt8]?)]) { self.changes = changes }

    /// The bytes of all keys and values.
    public var payloadBytes: Int {
        changes.reduce(0) { $0 + $1.key.count + ($1.value?.count ?? 0) }
    }

    /// Lends each change in order.
    public func forEach(
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?)
            throws(DiskFailure) -> Void
    ) throws(DiskFailure) {
        for change in changes {
            let outcome = change.key.withUnsafeBytes { key -> Result<Void, DiskFailure> in
                Self.attempt { () throws(DiskFailure) in
                    guard let value = change.value else { return try body(key, nil) }
                    try value.withUnsafeBytes { value in
                        Self.attempt { () throws(DiskFailure) in try body(key, value) }
                    }.get()
                }
            }
            try outcome.get()
        }
    }

    private static func attempt(
        _ body: () throws(DiskFailure) -> Void
    ) -> Result<Void, DiskFailure> {
        do throws(DiskFailure) { return .success(try body()) } catch { return .failure(error) }
    }
}
