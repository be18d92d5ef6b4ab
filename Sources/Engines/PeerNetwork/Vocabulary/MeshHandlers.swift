// SPDX-License-Identifier: Apache-2.0

/// What a mesh calls. Each closure may be called from several tasks at one time.
public struct MeshHandlers: Sendable {
    /// Takes a peer's messages in the order they were sent, as many as have arrived.
    ///
    /// The next batch of the same peer waits until this returns; while it does not, at most
    /// ``MeshConfiguration/inboxBytesMax`` more are read from that peer, so a slow handler slows
    /// the sender. Different peers' batches are delivered at the same time. It must not wait for a
    /// request to the same peer: the answer may stand behind messages it holds up.
    public var messages: @Sendable ([InboundMessage]) async -> Void
    /// Answers one request; ``MeshConfiguration/requestsInboundMax`` of a peer run at one time.
    public var requests: @Sendable (InboundRequest) async -> RequestAnswer
    /// Learns what happens to connections, in order for each peer.
    public var events: @Sendable (PeerEvent) async -> Void

    /// Joins the three; without a responder every request is refused with code 1.
    public init(
        messages: @escaping @Sendable ([InboundMessage]) async -> Void,
        requests: @escaping @Sendable (InboundRequest) async -> RequestAnswer = { _ in
            .refused(code: 1)
        },
        events: @escaping @Sendable (PeerEvent) async -> Void = { _ in }
    ) {
        self.messages = messages
        self.requests = requests
        self.events = events
    }
}
