// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why a lease says no. The numbers and names are stable; the words may improve.
public enum LeasesRefusal: UInt16, Hashable, Sendable, CaseIterable {
    /// The payload is not the one encoding of a message.
    case malformedMessage = 1
    /// The transaction opened this very lease already.
    case leaseExists = 2
    /// What is asked for cannot be: the words say what.
    case badTerms = 3
    /// The sender is no active provider.
    case notProvider = 4
    /// What is declared is not well formed.
    case badCapacity = 5
    /// The bond does not cover what is declared.
    case bondTooSmall = 6
    /// More is held than would be declared.
    case capacityInUse = 7
    /// No lease has this id.
    case unknownLease = 8
    /// The lease has ended.
    case leaseClosed = 9
    /// The lease does not stand where this can be done.
    case wrongPhase = 10
    /// A tenant bids on its own lease.
    case ownLease = 11
    /// The provider is not where or what the terms want.
    case doesNotQualify = 12
    /// The price is above what the terms allow.
    case priceTooHigh = 13
    /// The provider has a bid or a seat here.
    case alreadyBid = 14
    /// The lease has all the bids it may have.
    case bidsFull = 15
    /// The provider has not so much left.
    case capacityMissing = 16
    /// The bid holds too short or too long.
    case badHold = 17
    /// The sender is not the tenant.
    case notTenant = 18
    /// The sender does not run the lease.
    case notPrimary = 19
    /// The account does not stand by.
    case notStandby = 20
    /// A provider that is named has no bid.
    case unknownBid = 21
    /// Another provider has taken over since.
    case staleToken = 22
    /// It is too early for this.
    case tooEarly = 23
    /// It is too late for this.
    case tooLate = 24
    /// The receipt does not follow the last one.
    case brokenChain = 25
    /// The receipt or snapshot is of another chain, lease or provider.
    case foreignStatement = 26
    /// The stretch of time is not one that can be billed.
    case badPeriod = 27
    /// A signature is not that of the agreed key.
    case badSignature = 28
    /// A claim waits already, or was contested.
    case claimRefused = 29
    /// No claim waits.
    case noClaim = 30
    /// The amount is too small.
    case amountTooSmall = 31
    /// The snapshot is not newer than the last one.
    case staleSnapshot = 32
    /// The provider is not silent.
    case notSilent = 33
    /// The sender may not give this reason.
    case badReason = 34

    /// The stable name.
    public var name: String { "\(self)" }

    func refusal(_ detail: String) -> Refusal {
        Refusal(module: .leases, code: rawValue, name: name, detail: detail)
    }
}
