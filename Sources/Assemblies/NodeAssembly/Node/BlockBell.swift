// SPDX-License-Identifier: Apache-2.0
import Effects

/// Wakes everybody who waits for the next executed block.
///
/// Confined to its actor; the gates it hands out are not.
final class BlockBell {
    private var waiting: [UInt64: OneShot] = [:]
    private var tickets: UInt64 = 0
    private var isBroken = false

    /// How many wait.
    var count: Int { waiting.count }

    /// A gate that the next ring opens, and the ticket to give it back with.
    func gate() -> (ticket: UInt64, gate: OneShot) {
        tickets += 1
        let gate = OneShot()
        if isBroken { gate.open() } else { waiting[tickets] = gate }
        return (tickets, gate)
    }

    /// Takes a gate back.
    func forget(_ ticket: UInt64) { waiting[ticket] = nil }

    /// Opens all gates, in the order of their tickets.
    func ring() {
        let open = waiting
        waiting.removeAll(keepingCapacity: true)
        for ticket in open.keys.sorted() { open[ticket]?.open() }
    }

    /// Opens all gates, and every later one at once.
    func ringForGood() {
        isBroken = true
        ring()
    }
}
