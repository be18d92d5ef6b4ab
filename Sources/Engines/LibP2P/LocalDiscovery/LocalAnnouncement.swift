// SPDX-License-Identifier: Apache-2.0

/// What peers of one local network ask and tell each other in messages of multicast DNS.
///
/// Source: libp2p mdns specification; LIBP-61.
struct LocalAnnouncement: Hashable, Sendable {
    /// The service all peers belong to.
    static let service = name("_p2p._udp.local")
    /// What is asked for to learn of all services (RFC 6763 §9).
    static let allServices = name("_services._dns-sd._udp.local")
    private static let domain = name("local")
    /// How long word of a peer counts, in seconds.
    static let lifetimeSeconds: UInt32 = 120
    /// The most addresses told of one peer: with 200 bytes each they fit one datagram of a usual
    /// link with all that goes with them.
    static let addressesMax = 6
    /// What an address has before it.
    private static let mark = Array("dnsaddr=".utf8)

    /// The peer's name in this service, drawn by chance: it says nothing of the peer.
    let instance: DNSName
    /// The peer.
    let peer: PeerID
    /// Where it is reached, without its name.
    let addresses: [Multiaddr]

    private static func name(_ text: String) -> DNSName {
        guard let name = DNSName(text) else { preconditionFailure("\(text) is a name") }
        return name
    }

    /// - Parameter label: What is drawn by chance, 1 to 63 letters.
    init?(label: String, peer: PeerID, addresses: [Multiaddr]) {
        guard let instance = DNSName([Array(label.utf8)] + Self.service.labels) else { return nil }
        self.instance = instance
        self.peer = peer
        self.addresses = Array(
            addresses.filter { $0.endpoint != nil && $0.with(peer: peer).isShort }
                .prefix(Self.addressesMax))
    }

    // MARK: Asking

    /// The question for all peers.
    static var question: DNSMessage {
        var message = DNSMessage()
        message.questions = [.init(name: service, kind: DNSRecord.Kind.pointer)]
        return message
    }

    /// The answer to a message, or nothing when it asks for nothing that is known here, or shows
    /// that the asker knows it.
    func answer(to message: DNSMessage) -> DNSMessage? {
        guard !message.isResponse else { return nil }
        let asked = message.questions.filter {
            $0.kind == DNSRecord.Kind.pointer || $0.kind == DNSRecord.Kind.any
        }
        if asked.contains(where: { $0.name == Self.service }) {
            let isKnown = message.answers.contains {
                $0.name == Self.service && $0.content == .pointer(instance)
                    && $0.seconds >= Self.lifetimeSeconds / 2
            }
            return isKnown ? nil : told()
        }
        guard asked.contains(where: { $0.name == Self.allServices }) else { return nil }
        var answer = DNSMessage()
        answer.isResponse = true
        answer.answers = [
            DNSRecord(
                Self.allServices, .pointer(Self.service), seconds: Self.lifetimeSeconds)
        ]
        return answer
    }

    /// All that is told of this peer; with no time left, that it goes.
    func told(seconds: UInt32 = lifetimeSeconds) -> DNSMessage {
        var message = DNSMessage()
        message.isResponse = true
        message.answers = [DNSRecord(Self.service, .pointer(instance), seconds: seconds)]
        let strings = addresses.map { Self.mark + Array($0.with(peer: peer).description.utf8) }
        message.additional = [
            DNSRecord(instance, .text(strings), seconds: seconds, isWhole: true)
        ]
        // Some implementations believe only in services that have a host with an address.
        guard let host = DNSName(Array(instance.labels.prefix(1)) + Self.domain.labels),
            let port = addresses.compactMap(\.endpoint).first?.port
        else { return message }
        message.additional.append(
            DNSRecord(
                instance, .service(port: port, target: host), seconds: seconds, isWhole: true))
        var seen: Set<[UInt8]> = []
        for ip in addresses.compactMap(\.ip) where seen.insert(ip).inserted {
            message.additional.append(DNSRecord(host, .ip(ip), seconds: seconds, isWhole: true))
        }
        return message
    }

    // MARK: Hearing

    /// Whom a message tells of.
    struct Heard: Hashable, Sendable {
        let peer: PeerID
        let addresses: [Multiaddr]
        /// For how long; none says that it has gone.
        let seconds: UInt32
    }

    /// The most peers read of one message.
    static let heardMax = 64

    /// The peers an answer tells of; each speaks for itself in its own text, and what is no address
    /// that can be dialled is passed over.
    static func heard(in message: DNSMessage) -> [Heard] {
        guard message.isResponse else { return [] }
        var heard: [Heard] = []
        for record in message.answers + message.additional {
            guard case .text(let strings) = record.content, record.name.isBelow(service) else {
                continue
            }
            for (peer, addresses) in peers(of: strings) where heard.count < heardMax {
                heard.append(Heard(peer: peer, addresses: addresses, seconds: record.seconds))
            }
        }
        return heard
    }

    private static func peers(of strings: [[UInt8]]) -> [(PeerID, [Multiaddr])] {
        var found: [PeerID: [Multiaddr]] = [:]
        for string in strings where string.starts(with: mark) {
            let text = String(decoding: string.dropFirst(mark.count), as: UTF8.self)
            guard let address = try? Multiaddr(text), let peer = address.peer,
                address.endpoint != nil
            else { continue }
            let plain = address.withoutPeer
            guard found[peer, default: []].count < PeerBook.addressesMax,
                found[peer]?.contains(plain) != true
            else { continue }
            found[peer, default: []].append(plain)
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension Multiaddr {
    /// Whether it fits one string of a text record, with what stands before it.
    fileprivate var isShort: Bool {
        description.utf8.count + 8 <= DNSRecord.stringBytesMax
    }
}
