// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

extension PeerMesh {
    /// Queues a message for one peer, or drops and counts it.
    ///
    /// - Returns: Whether it was queued; false also when the peer is not connected or the message
    ///   is longer than ``MeshConfiguration/messageBytesMax``.
    @discardableResult
    public func trySend(_ bytes: [UInt8], on channel: Channel, to peer: PublicKey) -> Bool {
        guard bytes.count <= configuration.messageBytesMax, let connection = connection(to: peer)
        else { return false }
        return connection.trySend(Self.frame(bytes, channel))
    }

    /// Queues a message for one peer, after waiting for room in its class.
    ///
    /// - Throws: ``SendFailure/notConnected``, also when the connection ends while waiting;
    ///   ``SendFailure/tooLong(length:limit:)``; ``SendFailure/cancelled``.
    public func send(
        _ bytes: [UInt8], on channel: Channel, to peer: PublicKey
    ) async throws(SendFailure) {
        let limit = configuration.messageBytesMax
        guard bytes.count <= limit else { throw .tooLong(length: bytes.count, limit: limit) }
        guard let connection = connection(to: peer) else { throw .notConnected }
        try await connection.send(Self.frame(bytes, channel))
    }

    /// Queues one message for every connected peer the filter includes; all share its bytes.
    ///
    /// Cost: one queue entry a peer, whatever the message's length.
    @discardableResult
    public func broadcast(
        _ bytes: [UInt8], on channel: Channel, to filter: PeerFilter = .all
    ) -> BroadcastOutcome {
        var outcome = BroadcastOutcome()
        guard bytes.count <= configuration.messageBytesMax else { return outcome }
        let frame = Self.frame(bytes, channel)
        let isForAll = filter == .all
        for connection in state.withLock({ $0.connected })
        where isForAll || filter.includes(connection.info) {
            if connection.trySend(frame) {
                outcome.queued += 1
            } else {
                outcome.dropped += 1
            }
        }
        return outcome
    }

    /// Asks one peer and waits for its answer.
    ///
    /// - Parameter timeoutMilliseconds: From the call to the answer's last byte.
    /// - Throws: ``RequestFailure`` case by case.
    public func request(
        _ bytes: [UInt8], on channel: Channel, to peer: PublicKey, timeoutMilliseconds: UInt64
    ) async throws(RequestFailure) -> [UInt8] {
        let limit = configuration.messageBytesMax
        guard bytes.count <= limit else { throw .tooLong(length: bytes.count, limit: limit) }
        guard let connection = connection(to: peer) else { throw .notConnected }
        return try await connection.request(
            bytes, on: channel, timeoutMilliseconds: timeoutMilliseconds)
    }

    private func connection(to peer: PublicKey) -> PeerConnection? {
        state.withLock { $0.peers[peer]?.connection }
    }

    private static func frame(_ bytes: [UInt8], _ channel: Channel) -> Frame {
        Frame(
            kind: .message, channel: channel.number, priority: channel.priority, bytes: bytes)
    }
}
