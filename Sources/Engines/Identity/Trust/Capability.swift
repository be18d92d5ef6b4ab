// SPDX-License-Identifier: Apache-2.0
import JSONText

/// What somebody may do: with what, for how much, and when (IDENTITY-20).
public struct Capability: Hashable, Sendable {
    /// What may be done.
    public let operations: Set<String>
    /// With what: paths, each with all that lies below it; `/` is everything.
    public let resources: Set<String>
    /// The most that may be spent in all, in base units.
    public let budget: UInt128
    /// From when on.
    public let from: Moment
    /// Until just before.
    public let until: Moment

    /// Allows something.
    public init(
        operations: Set<String>, resources: Set<String>, budget: UInt128, from: Moment,
        until: Moment
    ) {
        self.operations = operations
        self.resources = resources
        self.budget = budget
        self.from = from
        self.until = until
    }

    /// Reads the capability of a delegation; nothing without an end, or when the subject breaks the
    /// rules of its type.
    public init?(reading credential: Credential) {
        guard credential.subjects.count == 1, let subject = credential.subjects.first,
            CredentialType.capabilityDelegation.violation(in: subject) == nil,
            let operations = subject["operations"].flatMap(CredentialType.Kind.texts),
            let resources = subject["resources"].flatMap(CredentialType.Kind.texts),
            let budget = subject["budget"].flatMap(CredentialType.Kind.amount),
            let from = credential.validFrom, let until = credential.validUntil
        else { return nil }
        self.init(
            operations: Set(operations), resources: Set(resources), budget: budget, from: from,
            until: until)
    }

    /// A way in which one capability goes beyond another.
    public enum Widening: String, Hashable, Sendable {
        /// An operation that the other does not have.
        case operation
        /// A resource outside the other's.
        case resource
        /// More to spend.
        case budget
        /// Earlier, or longer.
        case time
    }

    /// How this goes beyond another; nothing when it only narrows it.
    public func widenings(beyond other: Capability) -> [Widening] {
        var widenings: [Widening] = []
        if !operations.isSubset(of: other.operations) { widenings.append(.operation) }
        if !resources.allSatisfy(other.covers) { widenings.append(.resource) }
        if budget > other.budget { widenings.append(.budget) }
        if from < other.from || until > other.until { widenings.append(.time) }
        return widenings
    }

    /// Whether a path is one of the resources, or lies below one. Bytes are compared, and paths
    /// with parts that climb are covered by nothing.
    public func covers(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains("."), !parts.contains("..") else { return false }
        let bytes = Array(path.utf8)
        return resources.contains { resource in
            let root = Array((resource.hasSuffix("/") ? resource.dropLast() : resource[...]).utf8)
            return bytes.starts(with: root)
                && (bytes.count == root.count || bytes[root.count] == UInt8(ascii: "/"))
        }
    }
}

/// Why a chain of delegations is refused.
public enum DelegationRefusal: Error, Hashable, Sendable {
    /// No links, or more than ``DelegationChain/linksMax``.
    case wrongLength
    /// A link is not a delegation, or has no end.
    case malformed
    /// A link's proof, validity or status does not hold.
    case rejected(Rejection)
    /// A link is not by whom the one before it empowers; the first not by the owner.
    case broken
    /// Somebody stands in the chain twice.
    case loop
    /// A link gives more than its giver has.
    case widens([Capability.Widening])
}

/// Why a chain of delegations is refused, and which link is to blame.
public struct DelegationFailure: Error, Hashable, Sendable {
    /// The link, from 0 for the owner's.
    public let link: Int
    /// What is wrong with it.
    public let refusal: DelegationRefusal

    /// Blames a link.
    public init(link: Int, refusal: DelegationRefusal) {
        self.link = link
        self.refusal = refusal
    }
}

/// What an owner let somebody do, who let somebody else do a part of it, and so on (IDENTITY-20).
public struct DelegationChain: Hashable, Sendable {
    /// The most links: a firm, a department, a person, an agent and its helpers.
    public static let linksMax = 8

    /// Whoever holds what the chain gives.
    public let holder: DID
    /// What it gives: the last link's, which is the least.
    public let capability: Capability
}
