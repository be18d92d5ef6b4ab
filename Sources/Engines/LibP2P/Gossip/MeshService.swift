// SPDX-License-Identifier: Apache-2.0

/// What the members of one mesh have brought since it was last looked at.
///
/// Memory: at most the members of one mesh.
///
/// Source: LIBP-37.
struct MeshService: Sendable {
    /// The members there were then and that have brought nothing first since.
    private(set) var idle: Set<PeerID>
    /// How many messages have come since.
    private(set) var messages = 0

    /// Looks from now on.
    init(_ members: [PeerID]) { idle = Set(members) }

    /// Notes a message and who brought it before it was decided on.
    mutating func note(_ bringers: [PeerID]) {
        messages += 1
        for peer in bringers { idle.remove(peer) }
    }
}
