// SPDX-License-Identifier: Apache-2.0
public import LibP2P
public import ServiceDiscovery
public import Vocabulary

/// What a chain's announcements and negotiations are called on the network (DISCOVERY-12 to
/// DISCOVERY-15).
public struct ServiceTopics: Hashable, Sendable {
    /// The namespace of announcements in the distributed hash table.
    public static let namespace = "atoll-service"

    /// How a chain's names begin: 64 bits of the chain's own name tell chains apart.
    private let start: String

    /// The topics of a chain.
    public init(chain: ChainID) { start = "/atoll/\("\(chain)".prefix(16))" }

    /// Where announcements with a capability are told.
    public func announcements(of capability: Capability) -> String {
        "\(start)/services/1/\(capability)"
    }

    /// Where tasks of a kind are negotiated.
    public func tasks(of kind: Capability) -> String { "\(start)/tasks/1/\(kind)" }

    /// The protocol by which a newcomer asks a peer for what it knows.
    public var inquiries: String { "\(start)/inquiries/1" }

    /// The protocol by which the parties of a lease ask its provider (TALK-6).
    public var leases: String { "\(start)/leases/1" }

    /// What those who offer a capability provide, in the distributed hash table.
    public func content(of capability: Capability) -> Multihash {
        Multihash(sha256Of: Array(announcements(of: capability).utf8))
    }

    /// Under which key a machine's announcement stands in the distributed hash table.
    public static func key(of id: ServiceID) -> [UInt8] {
        Array("/\(namespace)/".utf8) + id.signer.raw.bytes
            + [UInt8(id.instance >> 8), UInt8(id.instance & 0xff)]
    }

    /// What may stand there (DISCOVERY-13).
    ///
    /// - Parameter now: The calendar clock.
    public static func validator(
        chain: ChainID, now: @escaping @Sendable () -> Timestamp
    ) -> KadValidator {
        @Sendable func read(_ value: [UInt8]) -> SignedAnnouncement? {
            try? SignedAnnouncement(received: value)
        }
        return KadValidator(
            accepts: { key, value in
                guard let signed = read(value), key == Self.key(of: signed.announcement.id) else {
                    return false
                }
                return (try? signed.checked(on: chain, at: now())) != nil
            },
            prefers: { one, other in
                (read(one)?.announcement.sequence ?? 0) > (read(other)?.announcement.sequence ?? 0)
            })
    }
}
