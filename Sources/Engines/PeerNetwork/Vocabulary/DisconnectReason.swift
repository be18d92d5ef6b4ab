// SPDX-License-Identifier: Apache-2.0
public import Effects
public import Vocabulary

/// Why a connection was not made or ended. The codes are stable and travel in a goodbye; 4 and 18
/// belonged to reasons that are gone.
///
/// Source: specs/transport.md TRANSPORT-20.
public enum DisconnectReason: Error, Equatable, Sendable {
    /// The other side has no mesh, or is no such peer at all.
    case notThisProtocol
    /// A handshake message does not decrypt or has the wrong length.
    case handshakeForged
    /// The handshake or the introductions took too long.
    case handshakeTimedOut
    /// The peer follows another chain.
    case wrongChain(ChainID)
    /// The peer's identity key did not sign its session key.
    case wrongSignature
    /// The peer's introduction does not decode.
    case malformedIntroduction
    /// Another key than the dialled one answered.
    case unexpectedPeer(PublicKey)
    /// This node reached itself.
    case ownKey
    /// The peer is not in the list and guests are not welcome.
    case guestsNotAllowed
    /// No place is left for another guest.
    case tooManyGuests
    /// This address has too many connections.
    case tooManyFromAddress
    /// Another connection to the same peer is kept instead.
    case duplicate
    /// A newer connection to the same peer took this one's place.
    case replaced
    /// A record is forged, replayed, reordered or cut.
    case recordForged
    /// A record's content breaks the framing rules.
    case malformedRecord
    /// A message is longer than this node takes from this peer.
    case messageTooLong(length: Int, limit: Int)
    /// Nothing was heard for too long.
    case silent
    /// The peer closed the stream without a word.
    case closedByPeer
    /// The peer said goodbye with this code.
    case goodbye(code: UInt8)
    /// The network failed.
    case network(NetworkFailure)
    /// This node is stopping.
    case stopping
    /// The peer or its address is banned.
    case banned
    /// This node has as many connections as it may have.
    case tooManyConnections

    /// The code in a goodbye and in metrics; never reused for another meaning.
    public var code: UInt8 {
        switch self {
        case .notThisProtocol: 1
        case .handshakeForged: 2
        case .handshakeTimedOut: 3
        case .wrongChain: 5
        case .wrongSignature: 6
        case .malformedIntroduction: 7
        case .unexpectedPeer: 8
        case .ownKey: 9
        case .guestsNotAllowed: 10
        case .tooManyGuests: 11
        case .tooManyFromAddress: 12
        case .duplicate: 13
        case .replaced: 14
        case .recordForged: 15
        case .malformedRecord: 16
        case .messageTooLong: 17
        case .silent: 19
        case .closedByPeer: 20
        case .goodbye: 21
        case .network: 22
        case .stopping: 23
        case .banned: 24
        case .tooManyConnections: 25
        }
    }

    /// The number of codes, counting the unused 0.
    static let codeCount = 26

    /// A short name for metrics and logs, the same for all values of one case.
    public var name: String { Self.names[Int(code)] }

    private static let names = [
        "none", "not_this_protocol", "handshake_forged", "handshake_timed_out", "wrong_version",
        "wrong_chain", "wrong_signature", "malformed_introduction", "unexpected_peer", "own_key",
        "guests_not_allowed", "too_many_guests", "too_many_from_address", "duplicate", "replaced",
        "record_forged", "malformed_record", "message_too_long", "nonces_exhausted", "silent",
        "closed_by_peer", "goodbye", "network", "stopping", "banned", "too_many_connections",
    ]

    /// The name of a code, or `unknown`: for codes that came in a goodbye.
    public static func name(ofCode code: UInt8) -> String {
        Int(code) < names.count ? names[Int(code)] : "unknown"
    }
}
