// SPDX-License-Identifier: Apache-2.0
import Effects
import Synchronization

/// Whether the caller of a stream may still read (GATEWAY-48): a stream ends with the key or the
/// session that opened it, at the first block more than a second after.
final class ReadingRight: Sendable {
    /// How often it is looked up.
    static let checkMilliseconds: UInt64 = 1_000

    private let principal: Principal
    private let checked = Mutex<Instant?>(nil)

    /// The right of whoever the request in this task is answered for.
    init() { principal = Principal.current }

    /// Whether the caller may go on.
    func holds(_ context: GatewayContext) async -> Bool {
        guard principal.key != nil || principal.session != nil else { return true }
        let now = context.effects.time.now()
        let isDue = checked.withLock { checked in
            if let last = checked, now.milliseconds(since: last) < Self.checkMilliseconds {
                return false
            }
            checked = now
            return true
        }
        return isDue ? await context.access.gate.holds(principal) : true
    }
}
