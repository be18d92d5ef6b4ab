// SPDX-License-Identifier: Apache-2.0
public import LightClient
public import Market
public import Receipts
public import Vocabulary

/// Work that can be ordered: everything it needs is at the gateway.
public struct PreparedJob: Hashable, Sendable {
    /// What the order says, with the agreed price where it was negotiated.
    public let terms: OrderTerms
    /// From ordering to the order's deadline.
    public let timeoutMilliseconds: UInt64
    /// How long the upload took.
    public let uploadMilliseconds: UInt64
}

/// An order that is final.
public struct OpenedJob: Hashable, Sendable {
    /// The job.
    public let job: JobID
    /// What was ordered.
    public let terms: OrderTerms
    /// The transaction that ordered it.
    public let sent: SentTransaction
    /// What the client had before, in the order's asset.
    public let balanceBefore: Amount
    /// How long the upload took.
    public let uploadMilliseconds: UInt64
    /// From sending the order to the time its block states; nothing when the two clocks disagree.
    public let blockMilliseconds: UInt64?
}

/// Everything about a job that has ended.
public struct JobReport: Sendable {
    /// The order.
    public let opened: OpenedJob
    /// The job at its end.
    public let view: JobView
    /// The client's account.
    public let client: AccountID
    /// What the program wrote, checked against the settled digest; nothing without a result.
    public let standardOutput: [UInt8]?
    /// What it wrote to standard error.
    public let standardError: [UInt8]?
    /// The receipt.
    public let receipt: ReceiptFile
    /// What the offline verifier found.
    public let checks: [ReceiptCheck]
    /// What the client has now.
    public let balanceAfter: Amount
    /// From sending the order to its end as the client saw it.
    public let settledMilliseconds: UInt64
    /// From the first byte uploaded to the checked receipt.
    public let totalMilliseconds: UInt64
    /// How far the validators were followed to check the receipt.
    public var trail: ValidatorTrail?

    /// Whether every check of the receipt holds.
    public var isProven: Bool { checks.allSatisfy(\.holds) }
}
