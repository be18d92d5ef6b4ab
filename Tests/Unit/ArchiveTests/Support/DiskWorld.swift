// SPDX-License-Identifier: Apache-2.0
import Effects
import TestSupport

typealias DiskWorld = LoopWorld

extension Effects {
    /// Changes a file's bytes as another hand would.
    func change(_ path: String, _ body: (inout [UInt8]) -> Void) async throws {
        var bytes = try await disk.read(path, limit: 1 << 26)
        body(&bytes)
        try await disk.replace(path, with: bytes)
    }
}
