// SPDX-License-Identifier: Apache-2.0
import Effects
import SystemEffects
import TestSupport

typealias TestWorld = LoopWorld

extension LoopWorld {
    /// Another world over the same folder, as after a restart.
    func again() throws -> Effects { try SystemWorld.make(root: root, loop: loop) }
}

/// Bytes that differ from place to place.
func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}
