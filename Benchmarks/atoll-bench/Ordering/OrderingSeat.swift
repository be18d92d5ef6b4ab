// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Effects
import PeerNetwork
import Vocabulary

/// What an ordering validator is made from.
struct OrderingSeat: Sendable {
    let number: Int
    let key: SigningKey
    let chain: ChainID
    let validators: ValidatorSet
    let listen: Endpoint
    let peers: [PeerAddress]
}

/// Which timer a wait belongs to: of each kind one runs, and setting it again forgets the old.
enum OrderingTimer: Hashable, Sendable {
    case skip, stall, fetch, catchUp, tick, batch, look
    case laneFetch(UInt16)

    init(_ timer: ConsensusTimer) {
        switch timer {
        case .skip: self = .skip
        case .stall: self = .stall
        case .fetch: self = .fetch
        case .catchUp: self = .catchUp
        }
    }

    init(_ timer: LaneTimer) {
        switch timer {
        case .tick: self = .tick
        case .batch: self = .batch
        case .look: self = .look
        case .fetch(let lane, _): self = .laneFetch(lane)
        }
    }
}

/// Full batches of transactions that nobody reads: each has a number of its own and seeded bytes.
struct OpaqueLoad: Sendable {
    /// Bytes of a transaction.
    static let transactionBytes = 128
    /// Transactions of a full batch: 4,096.
    static let perBatch = Batch.payloadBytesMax / transactionBytes

    private var page: [UInt8]
    private var number: UInt64

    init(seed: UInt64) {
        var dice = Dice(seed: seed)
        number = seed << 40
        page = []
        page.reserveCapacity(Batch.payloadBytesMax)
        while page.count < Batch.payloadBytesMax {
            let word = dice.next()
            for byte in 0..<8 { page.append(UInt8(truncatingIfNeeded: word >> (8 * byte))) }
        }
    }

    /// The next batch's payload, as clients of the validator would have filled it.
    mutating func next() -> OwnPayload {
        let first = number
        page.withUnsafeMutableBytes { bytes in
            for index in 0..<Self.perBatch {
                bytes.storeBytes(
                    of: first + UInt64(index), toByteOffset: index * Self.transactionBytes,
                    as: UInt64.self)
            }
        }
        number += UInt64(Self.perBatch)
        return OwnPayload(page, transactionCount: UInt32(Self.perBatch))
    }
}
