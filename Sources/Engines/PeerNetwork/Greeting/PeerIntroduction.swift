// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What each side says of itself first on a stream of the mesh; who it is the connection has
/// proved already.
///
/// | bytes | meaning |
/// |---|---|
/// | 32 | chain |
/// | 16 | drawn by each process: a peer with another one lives anew |
/// | 1 | roles |
/// | 1 | 0, or the code of the reason why the sender refuses the other side |
///
/// Source: specs/transport.md TRANSPORT-4.
struct PeerIntroduction: Hashable, Sendable {
    /// 32 (chain) + 16 (life) + 1 (roles) + 1 (verdict).
    static let byteCount = 50
    /// How many bytes tell one life of a process from another.
    static let lifeByteCount = 16

    /// The chain the peer follows.
    var chain: ChainID
    /// Which life of the peer's process this is.
    var life: [UInt8]
    /// What the peer does.
    var roles: PeerRoles
    /// Why the peer refuses this node; 0 when it takes it.
    var verdict: UInt8 = 0

    /// The content of the first frame.
    var bytes: [UInt8] {
        chain.raw.bytes + life + [roles.rawValue, verdict]
    }

    /// Introduces a node.
    ///
    /// - Parameter life: ``lifeByteCount`` random bytes.
    init(chain: ChainID, life: [UInt8], roles: PeerRoles) {
        precondition(life.count == Self.lifeByteCount, "a life has sixteen bytes")
        self.chain = chain
        self.life = life
        self.roles = roles
    }

    /// Reads the content of the first frame; the chain and the verdict are left to the caller.
    ///
    /// - Throws: ``DisconnectReason/malformedIntroduction``.
    init(_ bytes: [UInt8]) throws(DisconnectReason) {
        guard bytes.count == Self.byteCount, let chain = Bytes32(bytes[..<32]) else {
            throw .malformedIntroduction
        }
        self.chain = ChainID(chain)
        life = Array(bytes[32..<48])
        roles = PeerRoles(rawValue: bytes[48])
        verdict = bytes[49]
        guard PeerRoles.known.isSuperset(of: roles) else { throw .malformedIntroduction }
    }
}
