// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Vocabulary

/// What three messages over a stream have established, whatever the peer then said of itself.
struct Established: Sendable {
    /// The peer's introduction with its version, signature and chain checked, or why not.
    var introduction: Result<PeerIntroduction, DisconnectReason>
    /// The ciphers and the peer's X25519 key.
    var session: NoiseSession
}

/// Runs the three messages over a stream; each has two bytes of length, big-endian, before it.
///
/// It reads exactly the bytes of each message and refuses a wrong length before reading on, so a
/// stranger costs two bytes until it sends the right ones.
///
/// Source: specs/transport.md TRANSPORT-1, TRANSPORT-2.
struct HandshakeDriver: Sendable {
    /// Both transcripts begin with it, after the protocol's name.
    static let prologue = Array("atoll/transport".utf8)

    let chance: any Chance
    /// This process's key.
    let staticKey: AgreementKey
    /// What this side says of itself, signed once a process: a stranger costs no signature.
    let introduction: [UInt8]
    /// Whose key is not a peer's.
    let ownKey: PublicKey
    /// The only chain whose peers are taken.
    let chain: ChainID

    /// The longest introduction of any version: room for growth, so that another version is told
    /// from noise.
    static let introductionBytesMax = 1_024

    /// The dialling side. The three messages are always exchanged, so that a peer refused for its
    /// version or chain learns the same of this one.
    func initiate(_ stream: any ByteStream) async throws(DisconnectReason) -> Established {
        var handshake = start(.initiator)
        try await write([], &handshake, to: stream)
        let payload = try await read(2...Self.introductionBytesMax, &handshake, from: stream)
        try await write(introduction, &handshake, to: stream)
        return finish(handshake, payload)
    }

    /// Listeners' side.
    func respond(_ stream: any ByteStream) async throws(DisconnectReason) -> Established {
        var handshake = start(.responder)
        _ = try await read(0...0, &handshake, from: stream)
        try await write(introduction, &handshake, to: stream)
        let payload = try await read(2...Self.introductionBytesMax, &handshake, from: stream)
        return finish(handshake, payload)
    }

    /// Reads one sealed record of a few bytes: the welcome or the goodbye after the handshake.
    func readFirstFrame(
        _ stream: any ByteStream, _ reader: inout RecordReader
    ) async throws(DisconnectReason) -> Frame {
        let length = try await Self.read(exactly: RecordBuffer.lengthBytes, from: stream)
        let count = Int(length[0]) << 8 | Int(length[1])
        // A welcome has no content and a goodbye one byte.
        guard count == RecordBuffer.recordBytesMin || count == RecordBuffer.recordBytesMin + 1
        else { throw .malformedRecord }
        let record = try await Self.read(exactly: count, from: stream)
        let frames = try reader.receive(length + record)
        guard let frame = frames.first, frames.count == 1 else { throw .malformedRecord }
        return frame
    }

    private func start(_ side: NoiseHandshake.Side) -> NoiseHandshake {
        guard let ephemeral = AgreementKey(seed: chance.bytes(32)) else {
            preconditionFailure("thirty-two bytes were asked for")
        }
        return NoiseHandshake(
            side: side, staticKey: staticKey, ephemeralKey: ephemeral, prologue: Self.prologue)
    }

    private func finish(_ handshake: NoiseHandshake, _ payload: [UInt8]) -> Established {
        guard let session = handshake.session() else {
            preconditionFailure("three messages make a session")
        }
        return Established(introduction: check(payload, of: session), session: session)
    }

    private func check(
        _ payload: [UInt8], of session: NoiseSession
    ) -> Result<PeerIntroduction, DisconnectReason> {
        do throws(DisconnectReason) {
            let introduction = try PeerIntroduction(
                payload: payload, staticKey: session.remoteStatic)
            guard introduction.chain == chain else { throw .wrongChain(introduction.chain) }
            guard introduction.identity != ownKey else { throw .ownKey }
            return .success(introduction)
        } catch {
            return .failure(error)
        }
    }

    private func write(
        _ payload: [UInt8], _ handshake: inout NoiseHandshake, to stream: any ByteStream
    ) async throws(DisconnectReason) {
        let message: [UInt8]
        do {
            message = try handshake.write(payload: payload)
        } catch {
            throw .handshakeForged
        }
        let length = [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)]
        do {
            try await stream.write(length + message)
        } catch {
            throw .network(error)
        }
    }

    private func read(
        _ payloadCount: ClosedRange<Int>, _ handshake: inout NoiseHandshake,
        from stream: any ByteStream
    ) async throws(DisconnectReason) -> [UInt8] {
        let least = handshake.messageLength(payloadCount: payloadCount.lowerBound)
        let most = handshake.messageLength(payloadCount: payloadCount.upperBound)
        let length = try await Self.read(exactly: 2, from: stream)
        let count = Int(length[0]) << 8 | Int(length[1])
        guard (least...most).contains(count) else { throw .notThisProtocol }
        let message = try await Self.read(exactly: count, from: stream)
        do {
            return try handshake.read(message)
        } catch {
            throw .handshakeForged
        }
    }

    private static func read(
        exactly count: Int, from stream: any ByteStream
    ) async throws(DisconnectReason) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more: [UInt8]
            do {
                more = try await stream.read(limit: count - bytes.count)
            } catch {
                throw error == .closed ? .closedByPeer : .network(error)
            }
            guard !more.isEmpty else { throw .closedByPeer }
            bytes += more
        }
        return bytes
    }
}
