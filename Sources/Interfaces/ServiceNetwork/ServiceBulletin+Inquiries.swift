// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P
import ServiceDiscovery
import Vocabulary

/// A newcomer's question to a peer: announcements of a capability, after a machine.
struct ServiceInquiry: CanonicalCodable {
    /// The longest question: 33 bytes of a name and 35 of a machine.
    static let encodedBytesMax = 128

    let capability: Capability
    let after: ServiceID?

    init(capability: Capability, after: ServiceID?) {
        self.capability = capability
        self.after = after
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(capability)
        encoder.write(after != nil)
        if let after {
            encoder.write(after.signer)
            encoder.write(after.instance)
        }
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        capability = try decoder.read()
        after =
            try decoder.readFlag()
            ? try ServiceID(signer: decoder.read(), instance: decoder.read()) : nil
    }
}

/// The answer: announcements in the order of their machines; fewer than the most are the last.
struct ServiceAnswer: CanonicalCodable {
    /// The most announcements of one answer.
    static let announcementsMax = 64
    /// The longest answer: 64 of the longest announcements, 128 KiB, and their count.
    static let encodedBytesMax = announcementsMax * ServiceAnnouncement.encodedBytesMax + 8

    let announcements: [SignedAnnouncement]

    init(_ announcements: [SignedAnnouncement]) {
        self.announcements = Array(announcements.prefix(Self.announcementsMax))
    }

    func encode(to encoder: inout CanonicalEncoder) { encoder.writeList(announcements) }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        announcements = try decoder.readList(limit: Self.announcementsMax)
    }
}

extension ServiceBulletin {
    /// The most pages taken from one peer: 4,096 announcements.
    static let pagesMax = 64

    /// Answers those who ask, and asks each peer that has said that it answers.
    func serveInquiries(about capabilities: [Capability]) {
        swarm.serve(topics.inquiries) { [weak self] in await self?.answer($0) }
        swarm.observe { [weak self] event in
            guard case .identified(let peer, let page) = event, let self,
                page.protocols.contains(self.topics.inquiries)
            else { return }
            self.effects.tasks.spawn("service inquiry") {
                for capability in capabilities { await self.ask(peer, capability) }
            }
        }
    }

    private func answer(_ stream: PeerStream) async {
        var messages = MessageStream(stream, messageBytesMax: ServiceInquiry.encodedBytesMax)
        while let bytes = try? await messages.next() {
            guard let inquiry = try? ServiceInquiry(canonicalBytes: bytes) else {
                return stream.reset()
            }
            let now = now
            let page = state.withLock { state in
                state.directory.machines(
                    with: inquiry.capability, after: inquiry.after,
                    limit: ServiceAnswer.announcementsMax, at: now)
            }
            let answer = ServiceAnswer(page.map(\.signed)).canonicalBytes
            guard (try? await stream.write(message: answer)) != nil else { return }
        }
    }

    /// Asks a peer for all it knows of a capability.
    func ask(_ peer: PeerID, _ capability: Capability) async {
        var after: ServiceID?
        for _ in 0..<Self.pagesMax {
            let inquiry = ServiceInquiry(capability: capability, after: after)
            guard
                let bytes = try? await swarm.request(
                    inquiry.canonicalBytes, [topics.inquiries], of: peer,
                    answerBytesMax: ServiceAnswer.encodedBytesMax),
                let answer = try? ServiceAnswer(canonicalBytes: bytes)
            else { return }
            for signed in answer.announcements {
                if let checked = try? signed.checked(on: chain, at: now) { await keep(checked) }
            }
            guard answer.announcements.count == ServiceAnswer.announcementsMax,
                let last = answer.announcements.last?.announcement.id,
                after.map({ $0 < last }) ?? true
            else { return }
            after = last
        }
    }

    /// Looks into the distributed hash table for machines with a capability, and keeps what it
    /// finds.
    ///
    /// - Returns: How many machines were found.
    @discardableResult
    public func lookUp(_ capability: Capability) async -> Int {
        guard let table,
            let peers = try? await table.providers(
                of: topics.content(of: capability), count: Self.providersMax)
        else { return 0 }
        var found = 0
        for peer in peers {
            guard let key = peer.key?.ed25519 else { continue }
            let id = ServiceID(signer: key, instance: 0)
            guard let value = try? await table.get(ServiceTopics.key(of: id)),
                let signed = try? SignedAnnouncement(received: value),
                let checked = try? signed.checked(on: chain, at: now)
            else { continue }
            await keep(checked)
            found += 1
        }
        return found
    }
}
