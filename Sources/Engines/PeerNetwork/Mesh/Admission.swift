// SPDX-License-Identifier: Apache-2.0
import Effects
import Vocabulary

/// Which of two connections to one peer stays. Pure, so that both ends can be shown to agree.
///
/// Source: specs/transport.md TRANSPORT-15.
enum Admission: Hashable, Sendable {
    /// There is no other.
    case admit
    /// The newcomer takes the older one's place.
    case replace
    /// The newcomer is closed.
    case refuse

    /// What the decision looks at.
    struct Candidate: Sendable {
        /// What the peer's process has drawn: another one means another process.
        var life: [UInt8]
        /// The identity of the side that opened the stream.
        var dialler: PublicKey
        /// When it was admitted, or now.
        var since: Instant
        /// Whether it goes through a relay, which ends it before long.
        var isRelayed = false
    }

    /// Decides on a newcomer.
    ///
    /// A new process of the peer always wins, then a direct way over one through a relay, and so
    /// does any newcomer once the older connection has had time to settle: the peer would not have
    /// dialled if it still had the older one. Otherwise both were dialled at once, and the one from
    /// the smaller key stays.
    static func decide(
        existing: Candidate?, newcomer: Candidate, settledMilliseconds: UInt64
    ) -> Admission {
        guard let existing else { return .admit }
        guard existing.life == newcomer.life else { return .replace }
        if existing.isRelayed != newcomer.isRelayed {
            return newcomer.isRelayed ? .refuse : .replace
        }
        let age = newcomer.since.milliseconds(since: existing.since)
        guard age < settledMilliseconds else { return .replace }
        guard existing.dialler != newcomer.dialler else { return .replace }
        return newcomer.dialler < existing.dialler ? .replace : .refuse
    }
}
