// SPDX-License-Identifier: Apache-2.0
import Vocabulary

extension LaneMachine {
    /// Whether the own lane takes a batch now (LANES-3).
    public var room: LaneRoom {
        guard isStarted, !isSilent, let ownIndex, lanes[ownIndex].isOpen else { return .none }
        let lane = lanes[ownIndex]
        let height = lane.tip.height
        guard height - lane.base.height < LaneLimits.windowMax else { return .none }
        let unavailable = height - min(height, lane.claims.available)
        guard unavailable < LaneLimits.unavailableBatchesMax else { return .none }
        let budget = LaneLimits.ownedBytesMax(lanes: lanes.count)
        guard lane.bytes + Batch.payloadBytesMax <= budget else { return .none }
        return unavailable == 0 || isBatchAged ? .now : .whenFull
    }

    /// Says when the room is another than before.
    mutating func tellRoom() {
        let room = room
        guard room != told else { return }
        told = room
        emit(.room(room))
    }

    /// Makes the next batch of the own lane, keeps it, and gives it to everybody.
    mutating func makeBatch(_ payload: OwnPayload) {
        let count = payload.bytes.count
        guard room != .none, count > 0, count <= Batch.payloadBytesMax, let identity, let ownIndex
        else {
            emit(.returned(payload))
            return
        }
        let batch = Batch(
            payload.bytes, transactionCount: payload.transactionCount, after: lanes[ownIndex].tip,
            chain: configuration.chain, epoch: configuration.epoch, by: identity)
        hold(batch, in: ownIndex)
        emit(.broadcast(.batch(batch)))
        isBatchAged = false
        batchSerial += 1
        emit(
            .setTimer(
                .batch(batchSerial), afterMilliseconds: configuration.timing.batchMilliseconds))
    }

    /// Another process makes batches with this key: it makes them alone from now on.
    mutating func meetTwin() {
        guard !isSilent else { return }
        isSilent = true
        emit(.note(.twin))
    }
}
