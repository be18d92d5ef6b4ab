// SPDX-License-Identifier: Apache-2.0
import Effects

extension GossipService {
    /// How long to wait before a stream is asked for again, in milliseconds.
    private static let retryMilliseconds: UInt64 = 500
    /// How long after its end a stream is opened anew, in milliseconds.
    private static let reopenMilliseconds: UInt64 = 5_000

    /// Opens the stream that this side writes to; the other side opens its own.
    func reach(_ peer: PeerID, isOutbound: Bool) {
        let isNew = state.withLock { state -> Bool in
            guard !state.isStopped, state.outgoing[peer]?.isOpen != true else { return false }
            state.outgoing[peer, default: Outgoing()].isOpen = true
            return true
        }
        guard isNew else { return }
        effects.tasks.spawn("gossip writes") { await self.write(to: peer, isOutbound: isOutbound) }
    }

    func lose(_ peer: PeerID) {
        let now = now
        let gate = state.withLock { state -> OneShot? in
            state.router.disconnected(peer, now: now)
            return state.outgoing.removeValue(forKey: peer)?.gate
        }
        gate?.open()
    }

    private func write(to peer: PeerID, isOutbound: Bool) async {
        guard let stream = await openStream(with: peer) else { return lose(peer) }
        meet(peer, GossipVersion(name: stream.protocolName) ?? .flood, isOutbound: isOutbound)
        while let bytes = await nextWrite(peer) {
            guard (try? await stream.write(bytes)) != nil else { break }
        }
        stream.close()
        lose(peer)
        // A stream that ends while its connection stands is opened anew after a while.
        await effects.time.sleep(milliseconds: Self.reopenMilliseconds)
        if swarm.isConnected(peer) { reach(peer, isOutbound: isOutbound) }
    }

    private func openStream(with peer: PeerID) async -> PeerStream? {
        for attempt in 0..<Self.attemptsMax {
            do throws(StreamFailure) {
                return try await swarm.open(GossipVersion.names, with: peer)
            } catch .refused {
                return nil
            } catch {
                guard swarm.isConnected(peer), attempt + 1 < Self.attemptsMax else { return nil }
                await effects.time.sleep(milliseconds: Self.retryMilliseconds)
            }
        }
        return nil
    }

    /// Makes a peer known to the router, whichever of the two streams comes first.
    private func meet(_ peer: PeerID, _ version: GossipVersion, isOutbound: Bool) {
        // Many peers at one private address are one household, not one liar.
        let ip = swarm.connections.first { $0.peer == peer }?.address.ip
            .flatMap { PublicAddress.isPublic($0) ? $0 : nil }
        perform(
            state.withLock {
                $0.router.connected(peer, version: version, isOutbound: isOutbound, ip: ip)
            })
    }

    // Frames that wait, up to one write; nothing once the peer is lost.
    private func nextWrite(_ peer: PeerID) async -> [UInt8]? {
        while true {
            let gate = OneShot()
            let bytes = state.withLock { state -> [UInt8]? in
                guard let isEmpty = state.outgoing[peer]?.frames.isEmpty else { return nil }
                guard !isEmpty else {
                    state.outgoing[peer]?.gate = gate
                    return []
                }
                // In place: a copy of the queue would cost more than the write.
                return state.outgoing[peer]?.take(Self.writeBytesMax)
            }
            guard let bytes, !Task.isCancelled else { return nil }
            if !bytes.isEmpty { return bytes }
            await gate.wait()
        }
    }

    /// Reads what a peer says until its stream ends.
    func hear(_ stream: PeerStream, _ version: GossipVersion) async {
        let peer = stream.peer
        reach(peer, isOutbound: !swarm.connections.contains { $0.peer == peer && $0.isInbound })
        meet(
            peer, version,
            isOutbound: !swarm.connections.contains { $0.peer == peer && $0.isInbound })
        var messages = MessageStream(stream, messageBytesMax: GossipRPC.encodedBytesMax)
        while let batch = try? await messages.nextBatch(), !batch.isEmpty {
            guard let rpcs = try? Self.merged(batch) else { return stream.reset() }
            let now = now
            for rpc in rpcs {
                perform(state.withLock { $0.router.receive(rpc, from: peer, now: now) })
            }
        }
    }

    /// Reads RPCs and joins those that bring messages alone, so that their signatures are decided
    /// together; all else keeps its place.
    static func merged(_ batch: [[UInt8]]) throws(WireFailure) -> [GossipRPC] {
        var rpcs: [GossipRPC] = []
        for bytes in batch {
            let rpc = try GossipRPC(bytes)
            guard let last = rpcs.indices.last, rpc.bringsMessagesAlone,
                rpcs[last].bringsMessagesAlone
            else {
                rpcs.append(rpc)
                continue
            }
            rpcs[last].messages += rpc.messages
            rpcs[last].malformedMessages += rpc.malformedMessages
        }
        return rpcs
    }
}

extension GossipService.Outgoing {
    /// Takes whole frames up to so many bytes, and at least one.
    mutating func take(_ limit: Int) -> [UInt8] {
        var count = 0
        var taken: [UInt8] = []
        for frame in frames {
            guard count == 0 || taken.count + frame.count <= limit else { break }
            taken += frame
            count += 1
        }
        frames.removeFirst(count)
        bytes -= taken.count
        return taken
    }
}
