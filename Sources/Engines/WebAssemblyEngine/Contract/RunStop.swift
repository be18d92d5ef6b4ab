// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A word to a run that nobody wants any more; any thread may give it.
public final class RunStop: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Nothing is said yet.
    public init() {}

    /// Asks the run to end within a step of the guard in real time.
    public func raise() { flag.store(true, ordering: .relaxed) }

    /// Whether it was asked.
    public var isRaised: Bool { flag.load(ordering: .relaxed) }
}
