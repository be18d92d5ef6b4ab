// SPDX-License-Identifier: Apache-2.0

/// Why a lease ended, or why a provider leaves it; whoever says so signs it with its transaction.
public enum CloseReason: UInt8, Hashable, Sendable, ByteCase, CaseIterable {
    /// The tenant needs it no more.
    case finished = 0
    /// The tenant is not content.
    case unsatisfied = 1
    /// The tenant moved to another lease.
    case moved = 2
    /// The provider did not renew the lease in time, so says the tenant.
    case providerSilent = 3

    /// The provider needs its machine for something else.
    case reclaimed = 16
    /// The provider's machine must be worked on.
    case maintenance = 17
    /// The machine has less than it offered.
    case overloaded = 18
    /// The machine failed.
    case hardwareFailed = 19
    /// What runs is against what the provider allows.
    case policyViolated = 20
    /// The manifest cannot be run, or is not the one of the order.
    case manifestRefused = 21
    /// The provider stops.
    case shuttingDown = 22

    /// No bid was accepted in time.
    case noBid = 32
    /// The provider did not begin in time.
    case neverStarted = 33
    /// Funds ended, and nobody topped them up in time.
    case fundsEnded = 34
    /// The provider was silent for so long that nobody waits any more.
    case silenceEnded = 35
    /// The tenant contested what the provider claimed alone.
    case claimContested = 36

    /// Whether a tenant may give it.
    public var isTenants: Bool { rawValue < 16 }
    /// Whether a provider may give it.
    public var isProviders: Bool { (16..<32).contains(rawValue) }
    /// The stable name.
    public var name: String { "\(self)" }
}
