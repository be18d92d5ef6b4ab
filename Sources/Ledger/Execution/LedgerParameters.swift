// SPDX-License-Identifier: Apache-2.0
public import Consensus
public import Vocabulary

/// The ledger's own figures, from genesis `/ledger`; part of the state.
public struct LedgerParameters: Hashable, Sendable {
    /// What every transaction pays.
    public var feeBase: Amount
    /// What each canonical byte of the signed transaction pays.
    public var feePerByte: Amount
    /// What each message pays that ``messageFees`` does not name.
    public var feePerMessage: Amount
    /// What messages of single kinds pay, ascending by module and tag; at most
    /// ``MessageFee/countMax``.
    public var messageFees: [MessageFee] = []
    /// How far ahead of the executed height `validUntil` may lie.
    public var validityBlocksMax: UInt64
    /// For how many blocks an outcome is kept; at least ``validityBlocksMax``.
    public var outcomeBlocks: UInt64
    /// How many blocks lie between two checkpoints of the state (CONSENSUS-23).
    public var checkpointBlocks: UInt64
    /// How many checkpoints an epoch of one validator set has (CONSENSUS-24).
    public var epochCheckpoints: UInt64

    /// Where checkpoints lie and epochs end.
    public var epochs: EpochLengths {
        EpochLengths(checkpointBlocks: checkpointBlocks, epochCheckpoints: epochCheckpoints)
    }

    /// The figures of a chain whose genesis names none: a transfer costs about 0.0005 units.
    public static let standard = LedgerParameters(
        feeBase: Amount(100_000_000_000_000), feePerByte: Amount(1_000_000_000_000),
        feePerMessage: Amount(100_000_000_000_000), validityBlocksMax: 20_000,
        outcomeBlocks: 100_000)

    /// States the figures.
    public init(
        feeBase: Amount, feePerByte: Amount, feePerMessage: Amount, validityBlocksMax: UInt64,
        outcomeBlocks: UInt64,
        checkpointBlocks: UInt64 = EpochLengths.standard.checkpointBlocks,
        epochCheckpoints: UInt64 = EpochLengths.standard.epochCheckpoints
    ) {
        self.feeBase = feeBase
        self.feePerByte = feePerByte
        self.feePerMessage = feePerMessage
        self.validityBlocksMax = validityBlocksMax
        self.outcomeBlocks = outcomeBlocks
        self.checkpointBlocks = checkpointBlocks
        self.epochCheckpoints = epochCheckpoints
    }

    /// The fee of a transaction of so many canonical bytes and of messages that
    /// ``messageFees`` does not name (LEDGER-8).
    ///
    /// - Returns: Nothing when it exceeds 128 bits.
    public func fee(bytes: Int, messages: Int) -> Amount? {
        guard let byBytes = feePerByte.multiplied(by: UInt64(bytes)),
            let byMessages = feePerMessage.multiplied(by: UInt64(messages))
        else { return nil }
        return feeBase.adding(byBytes)?.adding(byMessages)
    }

    /// The fee of a transaction of so many canonical bytes with one message of a kind (LEDGER-8).
    ///
    /// - Returns: Nothing when it exceeds 128 bits.
    public func fee(bytes: Int, module: ModuleID, tag: UInt8) -> Amount? {
        fee(bytes: bytes, of: [Message(module: module, payload: [tag])])
    }

    /// The fee of a signed transaction.
    public func fee(of transaction: SignedTransaction) -> Amount? {
        fee(bytes: transaction.canonicalBytes.count, of: transaction.transaction.messages)
    }

    /// The fee of a transaction of so many canonical bytes with these messages (LEDGER-8).
    ///
    /// - Returns: Nothing when it exceeds 128 bits.
    func fee(bytes: Int, of messages: [Message]) -> Amount? {
        guard !messageFees.isEmpty else { return fee(bytes: bytes, messages: messages.count) }
        var sum = fee(bytes: bytes, messages: 0)
        for message in messages {
            let named = messageFees.first {
                $0.module == message.module && $0.tag == message.payload.first
            }
            sum = sum?.adding(named?.fee ?? feePerMessage)
        }
        return sum
    }
}

extension LedgerParameters: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(feeBase)
        encoder.write(feePerByte)
        encoder.write(feePerMessage)
        encoder.write(validityBlocksMax)
        encoder.write(outcomeBlocks)
        encoder.write(checkpointBlocks)
        encoder.write(epochCheckpoints)
        if !messageFees.isEmpty { encoder.writeList(messageFees) }
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        feeBase = try decoder.read()
        feePerByte = try decoder.read()
        feePerMessage = try decoder.read()
        validityBlocksMax = try decoder.read()
        outcomeBlocks = try decoder.read()
        checkpointBlocks = try decoder.read()
        epochCheckpoints = try decoder.read()
        // A chain without such fees has no list at all.
        guard decoder.remaining > 0 else { return }
        messageFees = try decoder.readList(limit: MessageFee.countMax)
        guard !messageFees.isEmpty else { throw .outOfRange("LedgerParameters") }
    }
}
