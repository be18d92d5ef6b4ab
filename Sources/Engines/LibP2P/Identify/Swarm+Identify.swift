// SPDX-License-Identifier: Apache-2.0

/// The names of the identify protocols.
enum IdentifyProtocol {
    static let ask = "/ipfs/id/1.0.0"
    static let push = "/ipfs/id/push/1.0.0"
    /// The most messages one answer may be cut into.
    static let messagesMax = 10
}

/// A node's own record, and what it says.
struct SealedRecord: Sendable {
    let addresses: [Multiaddr]
    let sealed: [UInt8]
}

extension Swarm {
    /// Answers who this node is, and takes what others push (LIBP-18).
    func serveIdentify() {
        serve(IdentifyProtocol.ask) { [weak self] stream in
            guard let self else { return }
            // A peer that goes away meanwhile asks no more.
            try? await stream.write(message: self.introduction(to: stream.address).encoded)
            stream.finish()
        }
        serve(IdentifyProtocol.push) { [weak self] stream in
            guard let self else { return }
            await self.readIdentify(stream)
        }
    }

    /// Tells all connected peers what this node is now.
    public func pushIdentify() async {
        for connection in connections {
            guard
                description(of: connection.peer)?.protocols.contains(IdentifyProtocol.push) == true,
                let stream = try? await open([IdentifyProtocol.push], with: connection.peer)
            else { continue }
            // What a peer does not hear now it hears when it asks.
            try? await stream.write(message: introduction(to: connection.address).encoded)
            stream.close()
        }
    }

    /// Asks the other end of a link who it is.
    func identify(over link: PeerLink, _ peer: PeerID) async {
        guard let stream = try? await link.open([IdentifyProtocol.ask]) else { return }
        stream.finish()
        await readIdentify(stream)
        stream.close()
    }

    private func introduction(to address: Multiaddr) -> IdentifyMessage {
        var message = IdentifyMessage()
        message.protocolVersion = configuration.protocolVersion
        message.agent = configuration.agent
        message.key = IdentityKey(configuration.identity.publicKey).encoded
        let own = ownRecord()
        message.listenAddresses = own.addresses.map(\.bytes)
        message.observedAddress = address.bytes
        message.protocols = Array(protocols.prefix(IdentifyMessage.protocolsMax))
        message.signedRecord = own.sealed
        return message
    }

    /// Where this node says that it is.
    ///
    /// It is sealed again only when that changes: what is the same is no news to others, and a
    /// stranger costs no signature.
    func ownRecord() -> SealedRecord {
        let addresses = Array(addresses.prefix(Multiaddr.listMax))
        if let last = state.withLock({ $0.record }), last.addresses == addresses { return last }
        let record = PeerRecord(
            peer: peer, sequence: effects.time.wallClock().value, addresses: addresses)
        let sealed = SealedRecord(
            addresses: addresses, sealed: record.sealed(with: configuration.identity))
        state.withLock { $0.record = sealed }
        return sealed
    }

    private func readIdentify(_ stream: PeerStream) async {
        let deadline = deadline(for: stream)
        defer { deadline.meet() }
        var messages = MessageStream(stream, messageBytesMax: IdentifyMessage.messageBytesMax)
        var count = 0
        while count < IdentifyProtocol.messagesMax, let bytes = try? await messages.next() {
            guard let message = try? IdentifyMessage(bytes) else { return stream.reset() }
            count += 1
            note(message, from: stream.peer)
        }
    }

    private func note(_ message: IdentifyMessage, from peer: PeerID) {
        let page = state.withLock { state in
            state.book.update(peer) { message.apply(to: &$0, of: peer) }
            if let observed = message.observedAddress.flatMap({ try? Multiaddr($0) }),
                observed.endpoint != nil
            {
                state.observed.note(observed.withoutPeer, by: peer)
            }
            return state.book[peer]
        }
        if let page { tell(.identified(peer, page)) }
    }
}
