// SPDX-License-Identifier: Apache-2.0

/// A queue whose ends cost constant time on average.
struct Fifo<Element: Sendable>: Sendable {
    private var elements: [Element?] = []
    private var head = 0

    /// How many elements wait.
    var count: Int { elements.count - head }

    /// Whether none waits.
    var isEmpty: Bool { count == 0 }

    /// The one that waits longest.
    var first: Element? { isEmpty ? nil : elements[head] }

    /// Adds one at the end.
    mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Takes the one that waits longest.
    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        tidy()
        return element
    }

    /// Shows the elements in order, for as long as `body` wants to see the next.
    func forEach(_ body: (Element) -> Bool) {
        for index in head..<elements.count {
            guard let element = elements[index], body(element) else { return }
        }
    }

    /// Removes so many that wait longest; there must be as many.
    mutating func removeFirst(_ count: Int) {
        for index in head..<head + count { elements[index] = nil }
        head += count
        tidy()
    }

    private mutating func tidy() {
        guard head > 32, head * 2 > elements.count else { return }
        elements.removeFirst(head)
        head = 0
    }

    /// Takes all that match, keeping the order of the rest.
    mutating func removeAll(where matches: (Element) -> Bool) {
        elements = elements[head...].filter { element in element.map { !matches($0) } ?? false }
        head = 0
    }
}
