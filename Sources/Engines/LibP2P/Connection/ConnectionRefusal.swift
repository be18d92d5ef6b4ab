// SPDX-License-Identifier: Apache-2.0

/// Why the connection manager takes no connection.
public enum ConnectionRefusal: String, Error, Hashable, Sendable {
    /// As many connections as there may be.
    case tooMany
    /// As many from one IP address.
    case tooManyFromAddress
    /// As many from one subnet.
    case tooManyFromSubnet
    /// As many to one peer.
    case tooManyOfPeer
    /// The peer or its address is banned.
    case banned
    /// This node itself.
    case ownKey
}
