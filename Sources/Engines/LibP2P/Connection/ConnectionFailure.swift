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
