// SPDX-License-Identifier: Apache-2.0
#if DEBUG || TESTABLE
    import Cryptography
    @testable import LibP2P
    import Vocabulary

    extension FuzzTarget {
        /// What strangers of the peer-to-peer network say (specs/libp2p.md).
        static let peers: [FuzzTarget] = [
            FuzzTarget("peer-names", of: peerNames),
            FuzzTarget("peer-messages", of: peerMessages + peerServices),
            FuzzTarget(
                "peer-connection", samples: { [[0] + handshake, [1] + handshake] },
                take: openConnection),
            FuzzTarget(
                "yamux", samples: { [[0, 7, 0, 3, 0, 1, 9, 5, 0], [4, 3, 2, 1]] },
                take: { bytes in
                    var script = YamuxScript(bytes)
                    script.run()
                }),
            FuzzTarget(
                "yamux-pair", samples: { [[0, 0, 1, 0, 40, 6, 0, 255, 7, 0]] },
                take: { bytes in
                    var script = YamuxPairScript(bytes)
                    script.run()
                }),
            FuzzTarget(
                "gossip", samples: { GossipScript.samples },
                take: { bytes in
                    var script = GossipScript(bytes)
                    script.run()
                }),
        ]

        private static let signer = Keys.signer(1)
        private static let peer = PeerID(of: signer.publicKey)
        private static let address = "/ip4/192.0.2.7/tcp/4001/p2p/\(peer)"

        /// A part that is read from bytes, written again, and then read as the same.
        private static func part<Value: Equatable & SendableMetatype>(
            _ name: String, _ samples: @escaping @Sendable () -> [[UInt8]],
            _ read: @escaping @Sendable ([UInt8]) throws -> Value,
            _ write: (@Sendable (Value) -> [UInt8])? = nil
        ) -> FuzzTarget {
            FuzzTarget(name, samples: samples) { bytes in
                guard let value = try? read(bytes), let write else { return }
                let again = try? read(write(value))
                precondition(again == value, "\(name): what was read is read again")
            }
        }

        private static let peerNames: [FuzzTarget] = [
            part("multiaddr", { [bytes(of: address)] }, { try Multiaddr($0) }, { $0.bytes }),
            part(
                "multiaddr-text",
                { [Array(address.utf8), Array("/dns6/a.b/tcp/1/ws".utf8)] },
                { try Multiaddr(String(decoding: $0, as: UTF8.self)) },
                { Array($0.description.utf8) }),
            part("peer-id", { [peer.bytes] }, { try PeerID($0) }, { $0.bytes }),
            part(
                "peer-id-text", { [Array("\(peer)".utf8)] },
                { try PeerID(String(decoding: $0, as: UTF8.self)) }, { Array("\($0)".utf8) }),
            part("cid", { [CID(codec: 0x72, hash: hash).bytes] }, { try CID($0) }, { $0.bytes }),
            part(
                "cid-text", { [Array("\(CID(codec: 0x72, hash: hash))".utf8)] },
                { try CID(String(decoding: $0, as: UTF8.self)) }),
            part("multihash", { [hash.bytes] }, { try Multihash($0) }, { $0.bytes }),
            part(
                "identity-key", { [IdentityKey(signer.publicKey).encoded] },
                { try IdentityKey(encoded: $0) }, { $0.encoded }),
        ]

        private static let hash = Multihash(sha256Of: [1])

        private static func bytes(of text: String) -> [UInt8] {
            (try? Multiaddr(text))?.bytes ?? []
        }

        private static var addresses: [Multiaddr] { [Multiaddr].init(text: address) }

        private static let peerMessages: [FuzzTarget] = [
            part(
                "identify",
                {
                    var message = IdentifyMessage()
                    message.agent = "a"
                    message.protocols = ["/b"]
                    message.listenAddresses = [bytes(of: address)]
                    return [message.encoded]
                }, { try IdentifyMessage($0) }, { $0.encoded }),
            part(
                "peer-record",
                {
                    [PeerRecord(peer: peer, sequence: 1, addresses: addresses).sealed(with: signer)]
                },
                { try PeerRecord(sealed: $0) }),
            part(
                "gossip-rpc", { GossipScript.rpcs }, { try GossipRPC($0) }, nil),
            part(
                "kad",
                { [KadMessage(.findNode, key: [1, 2]).encoded] }, { try KadMessage($0) },
                { $0.encoded }),
            part(
                "peer-book",
                {
                    var book = PeerBook()
                    book.add(addresses, of: peer)
                    return [book.encoded]
                }, { try PeerBook($0).encoded }),
            part(
                "noise-payload",
                { [NoisePayload(signing: .zero, with: signer, muxers: ["/yamux/1.0.0"]).encoded] },
                { try NoisePayload($0, staticKey: .zero).muxers }),
            FuzzTarget("negotiation", samples: { [Array("\u{13}/multistream/1.0.0\n".utf8)] }) {
                bytes in
                for isDialler in [true, false] {
                    var talk =
                        isDialler
                        ? Negotiation(proposing: ["/noise"])
                        : Negotiation(supporting: { $0 == "/noise" })
                    _ = talk.start()
                    let progress = try? talk.receive(bytes)
                    precondition(
                        [nil, "/noise"].contains(progress?.agreed),
                        "only what is offered is agreed on")
                }
            },
        ]

        private static let peerServices: [FuzzTarget] = [
            part(
                "relay-hop", { [RelayMessage(.connect, peer: peer).encoded(.hop)] },
                { try RelayMessage($0, .hop) }, { $0.encoded(.hop) }),
            part(
                "relay-stop", { [RelayMessage(.connect, peer: peer).encoded(.stop)] },
                { try RelayMessage($0, .stop) }, { $0.encoded(.stop) }),
            part(
                "autonat",
                {
                    var message = AutoNATMessage()
                    message.peer = peer
                    message.addresses = addresses
                    return [message.encoded]
                }, { try AutoNATMessage($0) }),
            part(
                "hole-punch", { [HolePunchMessage(.connect, addresses).encoded] },
                { try HolePunchMessage($0) }, { $0.encoded }),
            part("dns", { announcements }, { try DNSMessage($0) }, { $0.encoded }),
            FuzzTarget("local-announcement", samples: { announcements }) { bytes in
                guard let message = try? DNSMessage(bytes) else { return }
                let heard = LocalAnnouncement.heard(in: message)
                precondition(heard.count <= LocalAnnouncement.heardMax, "peers are bounded")
                let own = LocalAnnouncement(label: "a", peer: peer, addresses: addresses)
                _ = own?.answer(to: message)
            },
        ]

        private static var announcements: [[UInt8]] {
            let own = LocalAnnouncement(label: "a", peer: peer, addresses: addresses)
            return [LocalAnnouncement.question.encoded] + (own.map { [$0.told().encoded] } ?? [])
        }

        // MARK: Connections

        private static let handshake = Array("\u{13}/multistream/1.0.0\n\u{07}/noise\n".utf8)

        /// The first byte says which side this is; the rest is what a stranger sends.
        @Sendable private static func openConnection(_ bytes: [UInt8]) {
            guard let first = bytes.first else { return }
            let setup = ConnectionMachine.Setup(
                identity: signer, staticKey: Keys.agreement(2), ephemeralKey: Keys.agreement(3),
                isSupported: { $0 == "/a" })
            var machine = ConnectionMachine(isDialler: first.isMultiple(of: 2), setup)
            for piece in bytes.dropFirst().split(separator: 0xfe, maxSplits: 8) {
                guard (try? machine.receive(Array(piece))) != nil,
                    (try? machine.takeOutput()) != nil
                else { return }
                precondition(!machine.isReady, "nobody proves a key by chance")
            }
        }
    }

    extension [Multiaddr] {
        fileprivate init(text: String) { self = (try? Multiaddr(text)).map { [$0] } ?? [] }
    }

    /// Keys by number.
    enum Keys {
        static func signer(_ number: UInt8) -> SigningKey {
            guard let key = SigningKey(seed: [UInt8](repeating: number, count: 32)) else {
                preconditionFailure("thirty-two bytes make a key")
            }
            return key
        }

        static func agreement(_ number: UInt8) -> AgreementKey {
            guard let key = AgreementKey(seed: [UInt8](repeating: number, count: 32)) else {
                preconditionFailure("thirty-two bytes make a key")
            }
            return key
        }
    }
#else
    extension FuzzTarget {
        /// What strangers of the peer-to-peer network say has no door here.
        static let peers: [FuzzTarget] = []
    }
#endif
