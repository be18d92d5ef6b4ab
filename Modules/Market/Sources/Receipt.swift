// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What became of a job, written once when its order ends and kept for ever (MARKET-17).
///
/// It lies in the state under ``MarketKeys/receipt(_:)``, so a state proof covers it.
public struct Receipt: Hashable, Sendable, CanonicalCodable {
    /// The form of these bytes.
    public let version: UInt16
    /// The chain.
    public let chain: ChainID
    /// The job.
    public let job: JobID
    /// Who asked and paid.
    public let client: AccountID
    /// What kind of work it was.
    public let kind: JobKind
    /// How the result was checked.
    public let rung: VerificationRung
    /// The SHA-256 of the program.
    public let moduleDigest: Digest
    /// The SHA-256 of the input manifest.
    public let inputDigest: Digest
    /// The hash of the arguments.
    public let argumentsDigest: Digest
    /// How many providers the client asked for.
    public let replicas: UInt8
    /// How the order ended.
    public let ending: OrderEnding
    /// The result that was paid for; only a settled order has one.
    public let result: JobResult?
    /// The executions whose leases stood when the order ended, in the order of their leases.
    public let executions: [ReceiptExecution]
    /// The asset of every sum but those taken from bonds.
    public let asset: AssetID
    /// What was held in escrow.
    public let maxCost: Amount
    /// What the client paid.
    public let cost: Amount
    /// What the client got back: `maxCost − cost`.
    public let refund: Amount
    /// When the order was opened.
    public let opened: Moment
    /// When it ended.
    public let ended: Moment

    /// The form written today.
    public static let version: UInt16 = 1

    /// Who gave a result that the majority contradicts.
    public var liars: [AccountID] {
        executions.filter { $0.finding == .dissented }.map(\.provider)
    }

    init(
        of order: Order, chain: ChainID, ending: OrderEnding, result: JobResult?,
        executions: [ReceiptExecution], cost: Amount, refund: Amount, ended: Moment
    ) {
        version = Self.version
        self.chain = chain
        job = order.job
        client = order.client
        kind = order.terms.kind
        rung = order.terms.rung
        moduleDigest = order.terms.moduleDigest
        inputDigest = order.terms.inputDigest
        argumentsDigest = order.terms.argumentsDigest
        replicas = order.terms.replicas
        self.ending = ending
        self.result = result
        self.executions = executions
        asset = order.terms.asset
        maxCost = order.terms.maxCost
        self.cost = cost
        self.refund = refund
        opened = order.opened
        self.ended = ended
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(version)
        encoder.write(chain)
        encoder.write(job)
        encoder.write(client)
        encoder.write(kind)
        encoder.write(rung)
        encoder.write(moduleDigest)
        encoder.write(inputDigest)
        encoder.write(argumentsDigest)
        encoder.write(replicas)
        encoder.write(ending)
        encoder.writeOptional(result)
        encoder.writeList(executions)
        encoder.write(asset)
        encoder.write(maxCost)
        encoder.write(cost)
        encoder.write(refund)
        encoder.write(opened)
        encoder.write(ended)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        version = try decoder.read()
        guard version == Self.version else { throw .outOfRange("Receipt.version") }
        chain = try decoder.read()
        job = try decoder.read()
        client = try decoder.read()
        kind = try decoder.read()
        rung = try decoder.read()
        moduleDigest = try decoder.read()
        inputDigest = try decoder.read()
        argumentsDigest = try decoder.read()
        replicas = try decoder.read()
        ending = try decoder.read()
        result = try decoder.readOptional()
        executions = try decoder.readList(limit: Order.leasesMax)
        asset = try decoder.read()
        maxCost = try decoder.read()
        cost = try decoder.read()
        refund = try decoder.read()
        opened = try decoder.read()
        ended = try decoder.read()
    }
}

/// How an order ended.
public enum OrderEnding: UInt8, Hashable, Sendable, CanonicalCodable, CaseIterable {
    /// A result was accepted and paid.
    case settled = 0
    /// The executions gave no majority; the client got everything back.
    case undetermined = 1
    /// The deadline passed; the client got everything back.
    case expired = 2
    /// The client took the order back.
    case cancelled = 3

    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }

    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let byte = try decoder.read(UInt8.self)
        guard let value = Self(rawValue: byte) else { throw .unknownTag(UInt32(byte)) }
        self = value
    }
}

/// One provider's part in a receipt.
public struct ReceiptExecution: Hashable, Sendable, CanonicalCodable {
    /// Who held the lease.
    public let provider: AccountID
    /// At what price.
    public let price: Price
    /// What it showed and signed, when it came to that.
    public let evidence: ResultEvidence?
    /// What its execution costs at its price; zero when it showed nothing.
    public let bill: Amount
    /// What it got from the client's escrow, in the order's asset.
    public let paid: Amount
    /// What it got out of slashed bonds, in the native asset.
    public let paidFromBonds: Amount
    /// What was taken of its bond, in the native asset.
    public let slashed: Amount
    /// What the comparison of results said about it.
    public let finding: ExecutionFinding

    init(
        of lease: Lease, bill: Amount = .zero, paid: Amount = .zero,
        paidFromBonds: Amount = .zero, slashed: Amount = .zero, finding: ExecutionFinding
    ) {
        provider = lease.provider
        price = lease.price
        evidence = lease.revealed.map(ResultEvidence.init(of:))
        self.bill = bill
        self.paid = paid
        self.paidFromBonds = paidFromBonds
        self.slashed = slashed
        self.finding = finding
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(provider)
        encoder.write(price)
        encoder.writeOptional(evidence)
        encoder.write(bill)
        encoder.write(paid)
        encoder.write(paidFromBonds)
        encoder.write(slashed)
        encoder.write(finding)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        provider = try decoder.read()
        price = try decoder.read()
        evidence = try decoder.readOptional()
        bill = try decoder.read()
        paid = try decoder.read()
        paidFromBonds = try decoder.read()
        slashed = try decoder.read()
        finding = try decoder.read()
    }
}

/// A provider's signed word about a result.
public struct ResultEvidence: Hashable, Sendable, CanonicalCodable {
    /// The hash of its result.
    public let resultDigest: Digest
    /// What hid the result in the commitment.
    public let salt: Bytes32
    /// The provider's key.
    public let key: PublicKey
    /// The key's signature of the ``ResultStatement``.
    public let signature: Signature

    init(of revealed: RevealedResult) {
        resultDigest = revealed.result.digest
        salt = revealed.salt
        key = revealed.key
        signature = revealed.signature
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(resultDigest)
        encoder.write(salt)
        encoder.write(key)
        encoder.write(signature)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        resultDigest = try decoder.read()
        salt = try decoder.read()
        key = try decoder.read()
        signature = try decoder.read()
    }
}

/// What the comparison of results said about one execution.
public enum ExecutionFinding: UInt8, Hashable, Sendable, CanonicalCodable, CaseIterable {
    /// It gave the result that was accepted.
    case agreed = 0
    /// It gave another result than the strict majority.
    case dissented = 1
    /// The order ended without a comparison that decides.
    case undecided = 2

    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }

    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let byte = try decoder.read(UInt8.self)
        guard let value = Self(rawValue: byte) else { throw .unknownTag(UInt32(byte)) }
        self = value
    }
}
