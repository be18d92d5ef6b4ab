// SPDX-License-Identifier: Apache-2.0

/// Names one timer of one loop.
package struct TimerID: Hashable, Sendable {
    package let number: UInt64
}

/// Actions to run at deadlines: earliest first, and in the order of adding when deadlines are equal
/// (EFFECTS-3).
///
/// A binary heap; adding and taking cost O(log n). A cancelled timer leaves its slot in the heap,
/// and the heap is rebuilt once more than half of it is such slots, so memory follows the live
/// timers.
package struct TimerQueue {
    private struct Slot {
        let deadline: UInt64
        let number: UInt64

        func comes(before other: Slot) -> Bool {
            deadline == other.deadline ? number < other.number : deadline < other.deadline
        }
    }

    private var heap: [Slot] = []
    private var actions: [UInt64: @Sendable () -> Void] = [:]
    private var numbersGiven: UInt64 = 0

    /// An empty queue.
    package init() {}

    /// Below so many slots the heap is never rebuilt.
    private static let slotsKeptMax = 64

    /// How many timers wait.
    package var count: Int { actions.count }

    /// Slots held, of live and of cancelled timers.
    package var slots: Int { heap.count }

    /// The earliest deadline in nanoseconds.
    package mutating func nextDeadline() -> UInt64? {
        dropCancelledHead()
        return heap.first?.deadline
    }

    /// Adds an action to run once the clock shows `deadline` nanoseconds.
    package mutating func add(deadline: UInt64, _ action: @escaping @Sendable () -> Void) -> TimerID
    {
        numbersGiven += 1
        actions[numbersGiven] = action
        heap.append(Slot(deadline: deadline, number: numbersGiven))
        siftUp(heap.count - 1)
        return TimerID(number: numbersGiven)
    }

    /// Forgets a timer; one that has run is fine.
    package mutating func cancel(_ timer: TimerID) {
        guard actions.removeValue(forKey: timer.number) != nil else { return }
        guard heap.count > Self.slotsKeptMax, heap.count > 2 * actions.count else { return }
        heap = heap.filter { actions[$0.number] != nil }.sorted { $0.comes(before: $1) }
    }

    /// Takes out the actions whose deadline has come, in order.
    package mutating func takeDue(at now: UInt64) -> [@Sendable () -> Void] {
        var due: [@Sendable () -> Void] = []
        while let slot = heap.first, slot.deadline <= now {
            removeHead()
            if let action = actions.removeValue(forKey: slot.number) { due.append(action) }
        }
        return due
    }

    private mutating func dropCancelledHead() {
        while let slot = heap.first, actions[slot.number] == nil { removeHead() }
    }

    private mutating func removeHead() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown()
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].comes(before: heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].comes(before: heap[first]) {
                first = child
            }
            guard first != parent else { return }
            heap.swapAt(first, parent)
            parent = first
        }
    }
}
