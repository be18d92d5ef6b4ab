// SPDX-License-Identifier: Apache-2.0

/// What a node does besides following the chain; a node may have several roles or none.
///
/// Source: specs/transport.md TRANSPORT-5.
public struct PeerRoles: OptionSet, Hashable, Sendable {
    /// One bit a role.
    public let rawValue: UInt8
    /// Takes the bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Votes in consensus.
    public static let validator = PeerRoles(rawValue: 1)
    /// Runs other people's work.
    public static let provider = PeerRoles(rawValue: 2)
    /// Serves clients over HTTP.
    public static let gateway = PeerRoles(rawValue: 4)

    /// All bits with a meaning; others are refused at the door.
    static let known: PeerRoles = [.validator, .provider, .gateway]
}

extension PeerRoles: CustomStringConvertible {
    /// The roles' names with `+` between them, or `follower`.
    public var description: String {
        var names: [String] = []
        if contains(.validator) { names.append("validator") }
        if contains(.provider) { names.append("provider") }
        if contains(.gateway) { names.append("gateway") }
        return names.isEmpty ? "follower" : names.joined(separator: "+")
    }
}
