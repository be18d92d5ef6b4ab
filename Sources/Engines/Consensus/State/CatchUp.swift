// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Asking peers for final blocks, one peer at a time.
struct CatchUp {
    /// What is being waited for.
    enum Phase: Equatable {
        case idle
        /// The blocks may yet arrive by themselves.
        case waiting
        case asked(PublicKey)
    }

    var phase: Phase = .idle
    /// Names the timer that counts.
    var attempt: UInt64 = 0
    /// Which of the candidates is next.
    var rotation = 0
}

/// Noticing that nothing moves.
struct Standstill {
    /// What must change for the machine to have moved.
    struct Mark: Equatable {
        let final: Slot
        let decided: Slot
        let current: Slot
    }

    var mark: Mark?
    /// Names the timer that counts.
    var sequence: UInt64 = 0
    /// The wait of that timer.
    var intervalMilliseconds: UInt64 = 0
    /// How long nothing has moved.
    var quietMilliseconds: UInt64 = 0
}
