// SPDX-License-Identifier: Apache-2.0
public import Effects
import Synchronization

/// Finds the peers of this machine's local networks, and is found by them (mDNS).
///
/// It tells everybody on these networks that this node is there, so it runs only where it was
/// asked for. What is heard is hearsay: a peer proves who it is when it is dialled.
///
/// Source: libp2p mdns specification, RFC 6762; LIBP-61 and LIBP-62.
public final class LocalDiscoveryService: Sendable {
    /// What learns of each peer that is heard of; it must not wait.
    public typealias Observer = @Sendable (PeerID, [Multiaddr]) -> Void

    /// The port of multicast DNS.
    static let port: UInt16 = 5_353
    static let groups = (four: "224.0.0.251", six: "ff02::fb")
    /// When questions are asked after the start, in milliseconds; then as often as the last.
    static let questionsMilliseconds: [UInt64] = [0, 1_000, 3_000, 9_000, 27_000, 60_000]
    /// The shortest time between two answers to a whole network (RFC 6762 §6).
    static let answerMilliseconds: UInt64 = 1_000
    /// By how much an answer is held back at least, so that not all speak at once, and by how much
    /// more at most.
    static let answerDelay: (least: UInt64, spread: UInt64) = (20, 100)
    /// The most datagrams read at a time.
    static let batchMax = 32
    /// The most ports: two for each of so many interfaces.
    static let portsMax = 32
    /// The most peers told of again and again between two questions.
    static let newsMax = 1_024

    private struct State {
        var ports: [any DatagramPort] = []
        var nextAnswer: UInt64 = 0
        var news: Set<PeerID> = []
        var isStopped = false
    }

    private let swarm: Swarm
    private let effects: Effects
    private let label: String
    private let observer: Observer
    private let state = Mutex(State())

    /// Prepares the service; nothing happens before ``start()``.
    ///
    /// - Parameter observer: Told of each peer once between two questions, with where it says to
    ///   be reached.
    public init(_ swarm: Swarm, effects: Effects, observer: @escaping Observer = { _, _ in }) {
        self.swarm = swarm
        self.effects = effects
        self.observer = observer
        // 32 letters or digits by chance, as the specification asks for.
        let letters = Array("abcdefghijklmnopqrstuvwxyz012345".utf8)
        label = String(
            decoding: effects.chance.bytes(32).map { letters[Int($0 & 31)] }, as: UTF8.self)
    }

    /// Asks and answers on all networks of this machine from now on.
    ///
    /// - Returns: Whether there is a network that takes part; at once and from time to time it is
    ///   looked again.
    @discardableResult
    public func start() async -> Bool {
        await open()
        let hasPorts = state.withLock { !$0.ports.isEmpty }
        effects.tasks.spawn("mdns questions") { [weak self, effects] in
            var round = 0
            while true {
                let waits = Self.questionsMilliseconds
                let wait = waits[min(round, waits.count - 1)]
                await effects.time.sleep(milliseconds: wait)
                guard let self, !Task.isCancelled, !self.state.withLock({ $0.isStopped }) else {
                    return
                }
                if self.state.withLock({ $0.ports.isEmpty }) { await self.open() }
                await self.ask(isFirst: round < 2)
                round += 1
            }
        }
        return hasPorts
    }

    /// Says that this node goes, and neither asks nor answers any more.
    public func stop() async {
        await tell(seconds: 0)
        let ports = state.withLock { state in
            state.isStopped = true
            defer { state.ports = [] }
            return state.ports
        }
        for port in ports { port.close() }
    }

    private var now: UInt64 { effects.time.now().value / 1_000_000 }

    private var announcement: LocalAnnouncement? {
        LocalAnnouncement(label: label, peer: swarm.peer, addresses: swarm.addresses)
    }

    // MARK: Ports

    // One port for each family at each interface. An interface that refuses has none.
    private func open() async {
        let ways = ((try? effects.network.interfaces()) ?? []).filter(\.isMulticast)
        for way in ways.prefix(Self.portsMax / 2) {
            let hasSix = way.addresses.contains { $0.contains(":") }
            let hasFour = way.addresses.contains { !$0.contains(":") }
            if hasFour { await open("0.0.0.0", Self.groups.four, way) }
            if hasSix { await open("::", Self.groups.six, way) }
        }
    }

    private func open(_ host: String, _ group: String, _ way: NetworkInterface) async {
        var request = DatagramRequest(Endpoint(host: host, port: Self.port))
        request.groups = [group]
        request.interface = way.index
        request.isShared = true
        guard let port = try? await effects.network.bind(request) else { return }
        state.withLock { $0.ports.append(port) }
        effects.tasks.spawn("mdns hears") { [weak self] in
            while let datagrams = try? await port.receive(limit: Self.batchMax) {
                for datagram in datagrams { await self?.receive(datagram, at: port) }
            }
        }
    }

    private static func group(of port: any DatagramPort) -> Endpoint {
        Endpoint(
            host: port.endpoint.host.contains(":") ? groups.six : groups.four, port: Self.port)
    }

    private func send(_ message: DNSMessage) async {
        let bytes = message.encoded
        for port in state.withLock({ $0.ports }) {
            // Lost ones are asked for again.
            _ = try? await port.send([Datagram(Self.group(of: port), bytes)])
        }
    }

    // MARK: Asking and answering

    private func ask(isFirst: Bool) async {
        state.withLock { $0.news = [] }
        await send(LocalAnnouncement.question)
        if isFirst { await tell(seconds: LocalAnnouncement.lifetimeSeconds) }
    }

    private func tell(seconds: UInt32) async {
        guard let announcement, !announcement.addresses.isEmpty else { return }
        await send(announcement.told(seconds: seconds))
    }

    private func receive(_ datagram: Datagram, at port: any DatagramPort) async {
        guard datagram.bytes.count <= DNSMessage.encodedBytesMax,
            let message = try? DNSMessage(datagram.bytes)
        else { return }
        guard !message.isResponse else { return hear(message) }
        guard let announcement, !announcement.addresses.isEmpty,
            var answer = announcement.answer(to: message)
        else { return }
        guard datagram.endpoint.port == Self.port else {
            // A simple asker is answered alone, in its own form (RFC 6762 §6.7).
            guard mayAnswer() else { return }
            answer.id = message.id
            answer.questions = message.questions
            _ = try? await port.send([Datagram(datagram.endpoint, answer.encoded)])
            return
        }
        guard mayAnswer() else { return }
        let word = answer
        effects.tasks.spawn("mdns answer") { [self] in
            let chance = UInt64(effects.chance.bytes(1).first ?? 0)
            await effects.time.sleep(
                milliseconds: Self.answerDelay.least + chance * Self.answerDelay.spread / 256)
            await send(word)
        }
    }

    // Who asks often makes nobody speak more often.
    private func mayAnswer() -> Bool {
        let now = now
        return state.withLock { state in
            guard state.nextAnswer <= now else { return false }
            state.nextAnswer = now + Self.answerMilliseconds
            return true
        }
    }

    private func hear(_ message: DNSMessage) {
        for heard in LocalAnnouncement.heard(in: message)
        where heard.peer != swarm.peer && heard.seconds > 0 {
            let isNews = state.withLock { state in
                guard !state.isStopped, state.news.count < Self.newsMax else { return false }
                return state.news.insert(heard.peer).inserted
            }
            guard isNews else { continue }
            swarm.remember(heard.addresses, of: heard.peer)
            observer(heard.peer, heard.addresses)
        }
    }
}
