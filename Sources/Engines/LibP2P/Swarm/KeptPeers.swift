// SPDX-License-Identifier: Apache-2.0

/// The peers that are to be connected always, behind the book of all peers in one file.
///
/// Protobuf field 2 of the file, an address that ends in the peer's name, once a peer.
enum KeptPeers {
    /// The longest file: the book, and so many addresses with their headers.
    static let fileBytesMax =
        PeerBook.encodedBytesMax + PeerKeeper.keptMax * (Multiaddr.encodedBytesMax + 8)

    static func encoded(_ addresses: [Multiaddr]) -> [UInt8] {
        var writer = ProtobufWriter()
        for address in addresses { writer.bytes(2, address.bytes) }
        return writer.bytes
    }

    /// The addresses of a file; what cannot be read is passed over.
    static func read(_ bytes: [UInt8]) -> [Multiaddr] {
        var found: [Multiaddr] = []
        var reader = ProtobufReader(bytes)
        while let field = try? reader.next(), found.count < PeerKeeper.keptMax {
            guard field.number == 2, let raw = try? field.bytes(max: Multiaddr.encodedBytesMax),
                let address = try? Multiaddr(raw), address.peer != nil
            else { continue }
            found.append(address)
        }
        return found
    }
}
