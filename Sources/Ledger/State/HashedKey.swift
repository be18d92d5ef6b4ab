// SPDX-License-Identifier: Apache-2.0

/// A key of a dictionary that is hashed as one run of bytes.
///
/// An array of bytes hashes element by element, which costs a tenth of executing a block.
struct HashedKey: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
