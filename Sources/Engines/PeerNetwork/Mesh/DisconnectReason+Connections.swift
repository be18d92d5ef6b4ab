// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P

extension DisconnectReason {
    /// Why a connection ended or was not made, in the words of the mesh.
    init(_ failure: ConnectionFailure) {
        switch failure {
        case .negotiation: self = .notThisProtocol
        case .security(.unexpectedPeer(let peer)):
            self = peer.key?.ed25519.map(DisconnectReason.unexpectedPeer) ?? .notThisProtocol
        case .security(.payload): self = .wrongSignature
        case .security(.noise): self = .handshakeForged
        case .security(.noMuxer): self = .notThisProtocol
        case .forged: self = .recordForged
        case .muxer: self = .malformedRecord
        case .closedByPeer, .closed: self = .closedByPeer
        case .timedOut: self = .silent
        case .network(let words): self = .network(.system(errno: 0, message: words))
        case .refused(.ownKey): self = .ownKey
        case .refused(.banned): self = .banned
        case .refused(.tooManyFromAddress), .refused(.tooManyFromSubnet):
            self = .tooManyFromAddress
        case .refused(.tooManyOfPeer): self = .duplicate
        case .refused(.tooMany): self = .tooManyConnections
        }
    }

    /// Why a stream of the mesh could not be opened.
    init(_ failure: StreamFailure) {
        switch failure {
        case .refused: self = .notThisProtocol
        case .timedOut: self = .handshakeTimedOut
        case .notConnected, .reset, .ended: self = .closedByPeer
        case .wire: self = .malformedRecord
        }
    }

    /// Whether the peer can still be told.
    var deservesGoodbye: Bool {
        switch self {
        case .closedByPeer, .goodbye, .network, .silent, .notThisProtocol, .handshakeForged,
            .handshakeTimedOut, .recordForged:
            false
        default: true
        }
    }

    /// Whether the connection below is of no use either: it is dead, its other end breaks rules,
    /// or it was made for the mesh alone.
    var endsConnection: Bool {
        switch self {
        case .duplicate, .replaced, .stopping, .goodbye(code: Self.duplicate.code),
            .goodbye(code: Self.replaced.code):
            false
        default: true
        }
    }
}
