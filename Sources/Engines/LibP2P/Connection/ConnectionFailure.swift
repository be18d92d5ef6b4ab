// SPDX-License-Identifier: Apache-2.0

/// Why a connection ended.
public enum ConnectionFailure: Error, Hashable, Sendable {
    /// No protocol could be agreed on while it was set up.
    case negotiation(NegotiationFailure)
    /// It could not be made secret, or the other side is not whom it should be.
    case security(SecurityFailure)
    /// A sealed message did not open.
    case forged
    /// The other side broke the rules of yamux.
    case muxer(YamuxFailure)
    /// The other side ended it.
    case closedByPeer
    /// This side ended it.
    case closed
    /// It took too long to set up.
    case timedOut
    /// The network failed, in its own words.
    case network(String)
    /// The connection manager has no room for it.
    case refused(ConnectionRefusal)
}

extension ConnectionFailure {
    /// A short name for metrics and logs, the same for all values of one case.
    public var name: String {
        switch self {
        case .negotiation: "negotiation"
        case .security: "security"
        case .forged: "forged"
        case .muxer: "muxer"
        case .closedByPeer: "closed_by_peer"
        case .closed: "closed"
        case .timedOut: "timed_out"
        case .network: "network"
        case .refused(let refusal): "refused_\(refusal.rawValue)"
        }
    }
}
