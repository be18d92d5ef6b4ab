// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Vocabulary

/// Why a connection could not be made secret.
public enum SecurityFailure: Error, Hashable, Sendable {
    /// A Noise message did not open or came out of turn.
    case noise(NoiseFailure)
    /// What the other side said of itself is malformed, or its key has not signed.
    case payload(WireFailure)
    /// Another peer answered than was dialled.
    case unexpectedPeer(PeerID)
    /// The two sides have no muxer in common.
    case noMuxer
}

/// One side of the libp2p Noise handshake, as a value: bytes in, bytes out, until it is done.
///
/// Source: libp2p noise specification; LIBP-12, LIBP-13.
struct NoiseUpgrade: Sendable {
    /// The protocol's name.
    static let name = "/noise"

    /// What came of some bytes.
    struct Progress: Sendable {
        var send: [UInt8] = []
        var finished: Finished?
    }

    /// A finished handshake.
    struct Finished: Sendable {
        var channel: SecureChannel
        let remote: IdentityKey
        /// The muxer agreed on the way, when both sides named theirs.
        let muxer: String?
    }

    private let side: NoiseHandshake.Side
    private let muxers: [String]
    private let expected: PeerID?
    private let payload: [UInt8]
    private var handshake: NoiseHandshake
    private var frames = NoiseFrames()
    private var remote: NoisePayload?

    init(
        side: NoiseHandshake.Side, identity: SigningKey, staticKey: AgreementKey,
        ephemeralKey: AgreementKey, muxers: [String], expecting expected: PeerID?,
        payload: [UInt8]? = nil
    ) {
        self.side = side
        self.muxers = muxers
        self.expected = expected
        self.payload =
            payload
            ?? NoisePayload(signing: staticKey.publicKey, with: identity, muxers: muxers).encoded
        handshake = NoiseHandshake(
            side: side, staticKey: staticKey, ephemeralKey: ephemeralKey, prologue: [])
    }

    /// What to send before anything arrives.
    mutating func start() throws(SecurityFailure) -> [UInt8] {
        side == .initiator ? try write([]) : []
    }

    /// Takes what has arrived; what comes after the handshake goes to the channel.
    mutating func receive(_ bytes: [UInt8]) throws(SecurityFailure) -> Progress {
        frames.append(bytes)
        var progress = Progress()
        while progress.finished == nil, let message = try nextMessage() {
            let isFirst = side == .responder && remote == nil && !hasWritten
            let content = try read(message)
            if isFirst {
                progress.send += try write(payload)
                hasWritten = true
                continue
            }
            try accept(content)
            if side == .initiator { progress.send += try write(payload) }
            progress.finished = try finish()
        }
        return progress
    }

    private var hasWritten = false

    private mutating func nextMessage() throws(SecurityFailure) -> [UInt8]? {
        do {
            return try frames.next(bytesMin: Bytes32.count)
        } catch {
            throw .noise(error)
        }
    }

    private mutating func accept(_ content: [UInt8]) throws(SecurityFailure) {
        guard let staticKey = handshake.remoteStaticKey else { throw .noise(.outOfTurn) }
        let said: NoisePayload
        do {
            said = try NoisePayload(content, staticKey: staticKey)
        } catch {
            throw .payload(error)
        }
        let peer = PeerID(of: said.key)
        guard expected == nil || expected == peer else { throw .unexpectedPeer(peer) }
        remote = said
    }

    private mutating func finish() throws(SecurityFailure) -> Finished {
        guard let session = handshake.session(), let remote else { throw .noise(.outOfTurn) }
        return Finished(
            channel: SecureChannel(session: session, frames: frames), remote: remote.key,
            muxer: try agreedMuxer(with: remote))
    }

    // The initiator's order decides (libp2p inlined muxer negotiation).
    private func agreedMuxer(with remote: NoisePayload) throws(SecurityFailure) -> String? {
        guard !remote.muxers.isEmpty, !muxers.isEmpty else { return nil }
        let (first, second) =
            side == .initiator ? (muxers, remote.muxers) : (remote.muxers, muxers)
        guard let agreed = first.first(where: second.contains) else { throw .noMuxer }
        return agreed
    }

    private mutating func write(_ payload: [UInt8]) throws(SecurityFailure) -> [UInt8] {
        do {
            return NoiseFrames.frame(try handshake.write(payload: payload))
        } catch {
            throw .noise(error)
        }
    }

    private mutating func read(_ message: [UInt8]) throws(SecurityFailure) -> [UInt8] {
        do {
            return try handshake.read(message)
        } catch {
            throw .noise(error)
        }
    }
}
