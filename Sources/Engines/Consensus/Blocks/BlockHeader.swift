// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// What validators sign: one place in the chain and all it commits to (CONSENSUS-4).
public struct BlockHeader: Hashable, Sendable {
    /// The chain this block belongs to.
    public var chain: ChainID
    /// The epoch whose validators decide it.
    public var epoch: Epoch
    /// The slot it was proposed in; at least 1, for slot 0 is the genesis.
    public var slot: Slot
    /// Its place in the chain; the first block has height 1.
    public var height: BlockHeight
    /// The slot of the parent, below ``slot``; 0 for the first block.
    public var parentSlot: Slot
    /// The hash of the parent's header; ``Digest/zero`` for the first block.
    public var parent: Digest
    /// The proposer's time in milliseconds; later than the parent's.
    public var timestamp: Timestamp
    /// The SHA-256 of the payload.
    public var payloadDigest: Digest
    /// The height whose state ``stateRoot`` is; below ``height``.
    public var stateHeight: BlockHeight
    /// The root of the state after ``stateHeight``.
    public var stateRoot: Digest
    /// The key of the slot's leader.
    public var proposer: PublicKey

    /// Gathers the fields.
    public init(
        chain: ChainID, epoch: Epoch, slot: Slot, height: BlockHeight, parentSlot: Slot,
        parent: Digest, timestamp: Timestamp, payloadDigest: Digest, stateHeight: BlockHeight,
        stateRoot: Digest,
        proposer: PublicKey
    ) {
        self.chain = chain
        self.epoch = epoch
        self.slot = slot
        self.height = height
        self.parentSlot = parentSlot
        self.parent = parent
        self.timestamp = timestamp
        self.payloadDigest = payloadDigest
        self.stateHeight = stateHeight
        self.stateRoot = stateRoot
        self.proposer = proposer
    }

    /// The hash that names the block.
    public var hash: Digest { digest(domain: "atoll/block/1") }

    /// What the leader signs: the header under a tag of its own.
    public var proposalBytes: [UInt8] { signedBytes(domain: "atoll/proposal/1") }

    /// Whether the fields agree with each other, whatever the chain holds.
    var isPlausible: Bool {
        guard parentSlot < slot, height.value > 0, stateHeight < height else { return false }
        // Only the first block stands on the genesis, and it does so in one form.
        let standsOnGenesis = parentSlot.value == 0
        return standsOnGenesis == (height.value == 1) && standsOnGenesis == (parent == .zero)
    }
}

extension BlockHeader: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(epoch)
        encoder.write(slot)
        encoder.write(height)
        encoder.write(parentSlot)
        encoder.write(parent)
        encoder.write(timestamp)
        encoder.write(payloadDigest)
        encoder.write(stateHeight)
        encoder.write(stateRoot)
        encoder.write(proposer)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        epoch = try decoder.read()
        slot = try decoder.read()
        height = try decoder.read()
        parentSlot = try decoder.read()
        parent = try decoder.read()
        timestamp = try decoder.read()
        payloadDigest = try decoder.read()
        stateHeight = try decoder.read()
        stateRoot = try decoder.read()
        proposer = try decoder.read()
    }
}
