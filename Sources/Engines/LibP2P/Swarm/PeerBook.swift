// SPDX-License-Identifier: Apache-2.0

/// What is known of one peer.
public struct PeerDescription: Hashable, Sendable {
    /// Where it can be reached, the latest heard first.
    public var addresses: [Multiaddr] = []
    /// The protocols it answers to.
    public var protocols: [String] = []
    /// Which program it says it is.
    public var agent = ""
    /// Its key, once it has proved it.
    public var key: IdentityKey?
    /// The number of the signed record its addresses are from; 0 for none.
    public var recordSequence: UInt64 = 0
}

/// What is known of peers, whether connected or not; the one unheard for longest is forgotten
/// first.
///
/// Memory: ``peersMax`` peers of at most 16 addresses and 64 protocols; about 4 KiB each, 16 MiB.
public struct PeerBook: Sendable {
    /// The most peers kept.
    public static let peersMax = 4_096
    /// The most addresses of one peer kept.
    public static let addressesMax = 16

    private var pages: [PeerID: PeerDescription] = [:]
    private var heard: [PeerID: UInt64] = [:]
    private var clock: UInt64 = 0

    /// An empty book.
    public init() {}

    /// What is known of a peer.
    public subscript(peer: PeerID) -> PeerDescription? { pages[peer] }

    /// All peers, in the order of their names.
    public var peers: [PeerID] { pages.keys.sorted() }

    /// Changes what is known of a peer.
    public mutating func update(_ peer: PeerID, _ change: (inout PeerDescription) -> Void) {
        clock += 1
        heard[peer] = clock
        change(&pages[peer, default: PeerDescription()])
        if pages.count > Self.peersMax, let oldest = heard.min(by: { $0.value < $1.value })?.key {
            pages[oldest] = nil
            heard[oldest] = nil
        }
    }

    /// Adds addresses a peer can be reached at; the latest stand first.
    public mutating func add(_ addresses: [Multiaddr], of peer: PeerID) {
        update(peer) { page in
            for address in addresses.reversed() {
                let plain = address.withoutPeer
                page.addresses.removeAll { $0 == plain }
                page.addresses.insert(plain, at: 0)
            }
            page.addresses = Array(page.addresses.prefix(Self.addressesMax))
        }
    }
}

extension PeerBook {
    /// The longest file: every peer with its addresses, about 1 KiB each.
    public static let encodedBytesMax = 8_388_608

    /// The peers that have addresses, with these, as a protobuf: field 1 a peer, in it 1 its name
    /// and 2 its addresses.
    public var encoded: [UInt8] {
        var writer = ProtobufWriter()
        for peer in peers {
            guard let page = self[peer], !page.addresses.isEmpty else { continue }
            let before = writer
            writer.message(1) { inner in
                inner.bytes(1, peer.bytes)
                for address in page.addresses { inner.bytes(2, address.bytes) }
            }
            guard writer.bytes.count <= Self.encodedBytesMax else { return before.bytes }
        }
        return writer.bytes
    }

    /// Reads what ``encoded`` gave.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        self.init()
        guard bytes.count <= KeptPeers.fileBytesMax else {
            throw .tooLong(limit: KeptPeers.fileBytesMax)
        }
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            var inner = try field.message(max: Self.encodedBytesMax)
            var peer: PeerID?
            var addresses: [[UInt8]] = []
            while let part = try inner.next() {
                switch part.number {
                case 1: peer = try PeerID(part.bytes(max: PeerID.byteCountMax))
                case 2:
                    try addresses.append(
                        part.bytes(max: Multiaddr.encodedBytesMax), max: Multiaddr.listMax)
                default: break
                }
            }
            guard let peer else { throw .malformed(.record) }
            add(Multiaddr.known(addresses), of: peer)
        }
    }
}
