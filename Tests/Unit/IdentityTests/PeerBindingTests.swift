// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import Identity

/// IDENTITY-25: a peer of the network is an identity's when both say so.
@Suite("Peers of identities")
struct PeerBindingTests {
    private func document(_ own: PublicKey?, service: ServiceEndpoint?) throws -> DIDDocument {
        var document = DIDDocument(id: AtollMethod.did(of: try key(1).publicKey))
        if let own {
            let name = VerificationKey.ed25519(own)
            document.add(
                VerificationMethod(
                    id: DIDURL(document.id, fragment: name.multibase), controller: document.id,
                    key: name), for: [.authentication])
        }
        if let service { document.services = [service] }
        return document
    }

    @Test("the name of a peer is that of libp2p, and reads back as the key")
    func names() throws {
        // From the specification of peer ids.
        let published = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"
        #expect(try PeerBinding.name(of: PeerBinding.key(of: published)) == published)
        let bytes = [UInt8](repeating: 7, count: 32)
        let key = try #require(SigningKey(seed: bytes)).publicKey
        let name = PeerBinding.name(of: key)
        #expect(name.hasPrefix("12D3KooW") && name.utf8.count == 52)
        #expect(try PeerBinding.key(of: name) == key)
        for bad in ["", "12D3KooW", String(name.dropLast()), name + "1", "Qm" + name.dropFirst(2)] {
            #expect(throws: PeerBindingFailure.badName) { try PeerBinding.key(of: bad) }
        }
    }

    @Test("a key alone, a name alone, and another's name are not enough")
    func bothWays() throws {
        let (own, other) = (try key(2).publicKey, try key(3).publicKey)
        let name = PeerBinding.name(of: own)
        let service = PeerBinding.service(of: own)
        try PeerBinding.check(peer: name, of: document(own, service: service))
        #expect(throws: PeerBindingFailure.peerNotInDocument) {
            try PeerBinding.check(peer: name, of: document(own, service: nil))
        }
        #expect(throws: PeerBindingFailure.peerNotInDocument) {
            try PeerBinding.check(
                peer: name, of: document(own, service: PeerBinding.service(of: other)))
        }
        #expect(throws: PeerBindingFailure.keyNotInDocument) {
            try PeerBinding.check(peer: name, of: document(nil, service: service))
        }
        #expect(throws: PeerBindingFailure.keyNotInDocument) {
            try PeerBinding.check(
                peer: PeerBinding.name(of: other), of: document(own, service: service))
        }
    }
}
