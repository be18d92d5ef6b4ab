// SPDX-License-Identifier: Apache-2.0
import Glibc
import PeerNetwork
import Synchronization

/// Counts records that arrive, and of one in sixty-four how long it was on the way.
final class RecordTally: Sendable {
    /// Of how many records one is timed.
    static let sampling = 64

    private struct State {
        var count = 0
        var seen = 0
        var milliseconds: [Double] = []
    }

    private let state = Mutex(State())

    /// Takes a batch; each record begins with the nanoseconds of the clock at which it was made.
    func take(_ batch: [InboundMessage]) {
        let now = Self.now
        state.withLock { state in
            state.count += batch.count
            for message in batch {
                state.seen += 1
                guard state.seen.isMultiple(of: Self.sampling) else { continue }
                let made = message.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                state.milliseconds.append(Double(now - min(made, now)) / 1e6)
            }
        }
    }

    /// What has been counted since the last call.
    func read() -> (count: Int, milliseconds: [Double]) {
        state.withLock { state in
            defer { state = State() }
            return (state.count, state.milliseconds)
        }
    }

    /// A record made now.
    static func record(_ bytes: Int) -> [UInt8] {
        let now = now
        var record = [UInt8](repeating: 7, count: bytes)
        for place in 0..<8 { record[place] = UInt8(truncatingIfNeeded: now >> (56 - 8 * place)) }
        return record
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
