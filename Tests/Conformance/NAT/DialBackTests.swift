// SPDX-License-Identifier: Apache-2.0
import Testing

/// Kubo and peers at public addresses, in a network that leads nowhere else.
@Suite("Being dialled back by Kubo, and dialling back for it (LIBP-53)", .serialized)
struct DialBackConformance {
    private static func hasLine(_ lines: [String], _ first: String, _ last: String) -> Bool {
        lines.contains { $0.hasPrefix("\(first) ") && $0.hasSuffix(" \(last)") }
    }

    @Test("Kubo reaches who can be dialled, and not who is behind a NAT")
    func asked() async throws {
        try await SceneStage.run({ try Scene.withKubo("serves", in: $0, $1) }) { scene, _ in
            try await scene.wait("a", "word of having been reached") {
                Self.hasLine($0, "dial-back", "reached")
            }
            try await scene.wait("b", "word of having been missed") {
                Self.hasLine($0, "dial-back", "missed")
            }
        }
    }

    @Test("Kubo asks, and is dialled back")
    func asking() async throws {
        try await SceneStage.run({ try Scene.withKubo("asks", in: $0, $1) }) { scene, _ in
            try await scene.wait("a", "an answer to Kubo") {
                Self.hasLine($0, "dialled-back", "reached")
            }
        }
    }
}
