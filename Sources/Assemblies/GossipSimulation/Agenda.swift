// SPDX-License-Identifier: Apache-2.0
import LibP2P

/// What one node sends another, with its length on the wire.
final class Parcel: Sendable {
    let rpc: GossipRPC
    let bytes: Int
    /// How many links the message in it has gone over when it arrives.
    let hops: UInt8

    init(_ rpc: GossipRPC, bytes: Int, hops: UInt8) {
        self.rpc = rpc
        self.bytes = bytes
        self.hops = hops
    }
}

/// What happens next.
enum Happening {
    case arrives(Parcel, from: Int, to: Int, link: UInt64)
    case heartbeat(Int, life: UInt64)
    /// A node looks whether it has enough connections.
    case keeps(Int, life: UInt64)
    case misbehaves(Int)
    case publishes(Int)
    case leaves
    /// A node learns that the other end of a connection is gone.
    case ends(Int, with: Int, link: UInt64)
    case returns(Int)
}

/// Happenings in the order of their times, and of their noting where these are equal.
struct Agenda {
    private struct Entry {
        let time: UInt64
        let number: UInt64
        let happening: Happening

        func isBefore(_ other: Entry) -> Bool { (time, number) < (other.time, other.number) }
    }

    private var heap: [Entry] = []
    private var next: UInt64 = 0

    /// Notes what happens at a time in microseconds.
    mutating func note(_ happening: Happening, at time: UInt64) {
        heap.append(Entry(time: time, number: next, happening: happening))
        next += 1
        var place = heap.count - 1
        while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes what happens first.
    mutating func take() -> (time: UInt64, happening: Happening)? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return (last.time, last.happening) }
        heap[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != place else { return (first.time, first.happening) }
            heap.swapAt(place, least)
            place = least
        }
    }
}
