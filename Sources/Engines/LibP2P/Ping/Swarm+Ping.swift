// SPDX-License-Identifier: Apache-2.0

/// The ping protocol: 32 bytes there and back.
enum PingProtocol {
    static let name = "/ipfs/ping/1.0.0"
    static let byteCount = 32
}

extension Swarm {
    /// Echoes 32 bytes at a time until the other side has no more (LIBP-19).
    func servePing() {
        serve(PingProtocol.name) { stream in
            while let bytes = try? await stream.read(exactly: PingProtocol.byteCount) {
                guard (try? await stream.write(bytes)) != nil else { return }
            }
        }
    }

    /// Measures the way to a connected peer and back, in microseconds.
    ///
    /// - Throws: ``StreamFailure``; ``StreamFailure/wire(_:)`` when other bytes come back.
    public func ping(_ peer: PeerID) async throws(StreamFailure) -> UInt64 {
        let stream = try await open([PingProtocol.name], with: peer)
        let deadline = deadline(for: stream)
        defer {
            deadline.meet()
            stream.close()
        }
        let bytes = effects.chance.bytes(PingProtocol.byteCount)
        let begun = effects.time.now()
        do throws(StreamFailure) {
            try await stream.write(bytes)
            let answer = try await stream.read(exactly: bytes.count)
            guard answer == bytes else { throw .wire(.malformed(.message)) }
        } catch {
            throw deadline.explain(error)
        }
        return (max(effects.time.now(), begun).value - begun.value) / 1_000
    }
}
