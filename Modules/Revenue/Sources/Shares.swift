// SPDX-License-Identifier: Apache-2.0
import JSONText
import Ledger
public import Vocabulary

/// How the fees of a block are divided, in millionths; they add up to a million (REVENUE-1).
public struct FeeShares: Hashable, Sendable, CanonicalCodable {
    /// What ends to exist.
    public var burn: UInt64 = 0
    /// What everybody's pool gets.
    public var treasury: UInt64 = 0
    /// What all validators and those behind them get at the next cut.
    public var validators: UInt64 = 0
    /// What whoever proposed the block gets.
    public var proposer: UInt64 = 1_000_000

    static let names = ["feeBurn", "feeTreasury", "feeValidators", "feeProposer"]

    /// Everything is the proposer's.
    public init() {}

    init(_ object: GenesisObject) throws(GenesisFailure) {
        let parts = try object.shares(Self.names, whole: "feeProposer")
        (burn, treasury, validators, proposer) = (parts[0], parts[1], parts[2], parts[3])
    }

    /// The shares in the order in which equal remainders are served.
    var weights: [UInt128] { [burn, treasury, validators, proposer].map { UInt128($0) } }

    var members: [JSON.Member] {
        zip(Self.names, [burn, treasury, validators, proposer]).map { JSON.Member($0, JSON($1)) }
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        for share in [burn, treasury, validators, proposer] { encoder.write(share) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        burn = try decoder.read()
        treasury = try decoder.read()
        validators = try decoder.read()
        proposer = try decoder.read()
    }
}

/// How a payment for work is divided, in millionths; they add up to a million (REVENUE-3).
public struct PaymentShares: Hashable, Sendable, CanonicalCodable {
    /// What whoever did the work gets.
    public var provider: UInt64 = 1_000_000
    /// What whoever the client named to arrange its work gets; the treasury where nobody is.
    public var orchestrator: UInt64 = 0
    /// What everybody's pool gets.
    public var treasury: UInt64 = 0
    /// What ends to exist.
    public var burn: UInt64 = 0
    /// What all validators and those behind them get at the next cut.
    public var validators: UInt64 = 0

    static let names = [
        "payProvider", "payOrchestrator", "payTreasury", "payBurn", "payValidators",
    ]

    /// Everything is the provider's.
    public init() {}

    init(_ object: GenesisObject) throws(GenesisFailure) {
        let parts = try object.shares(Self.names, whole: "payProvider")
        (provider, orchestrator, treasury) = (parts[0], parts[1], parts[2])
        (burn, validators) = (parts[3], parts[4])
    }

    private var all: [UInt64] { [provider, orchestrator, treasury, burn, validators] }

    /// The shares in the order in which equal remainders are served.
    var weights: [UInt128] { all.map { UInt128($0) } }

    var members: [JSON.Member] { zip(Self.names, all).map { JSON.Member($0, JSON($1)) } }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        for share in all { encoder.write(share) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        provider = try decoder.read()
        orchestrator = try decoder.read()
        treasury = try decoder.read()
        burn = try decoder.read()
        validators = try decoder.read()
    }
}

extension GenesisObject {
    /// Shares that add up to a million; where none is named all of it is the one called `whole`.
    fileprivate func shares(
        _ names: [String], whole: String
    ) throws(GenesisFailure) -> [UInt64] {
        guard names.contains(where: has) else {
            return names.map { $0 == whole ? RevenueParameters.million : 0 }
        }
        var parts: [UInt64] = []
        for name in names {
            try parts.append(unsigned(name, in: 0...RevenueParameters.million, standard: 0))
        }
        guard parts.reduce(0, +) == RevenueParameters.million else {
            throw failure(whole, "with the shares beside it must add up to 1000000")
        }
        return parts
    }
}
