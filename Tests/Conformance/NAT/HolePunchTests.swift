// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing

/// Peers behind NATs of the kernel, in processes of their own; one scene at a time.
@Suite("Behind NATs (LIBP-54)", .serialized, .timeLimit(.minutes(5)))
struct HolePunchConformance {
    private func with(
        _ near: Scene.Rule, _ far: Scene.Rule,
        _ body: @escaping @Sendable (Scene, Effects) async throws -> Void
    ) async throws {
        try await SceneStage.run({ try Scene(near, far, in: $0, $1) }, body)
    }

    private static func hasWay(_ lines: [String], _ kind: String, to place: String = "") -> Bool {
        lines.contains { $0.hasPrefix("way ") && $0.contains(" \(kind) ") && $0.contains(place) }
    }

    @Test("who provides a service is found through the relay, reached through it, then directly")
    func direct() async throws {
        try await with(.keepsPorts, .keepsPorts) { scene, _ in
            try await scene.wait("b", "a place at the relay") { lines in
                lines.contains { $0.hasPrefix("place ") && $0.contains("/p2p-circuit/") }
            }
            try await scene.wait("a", "the provider") { lines in
                lines.contains { $0.hasPrefix("provider ") }
            }
            try await scene.wait("a", "a direct way") {
                Self.hasWay($0, "direct", to: "/ip4/203.0.113.3/tcp/4001")
            }
            try await scene.wait("b", "a direct way") {
                Self.hasWay($0, "direct", to: "/ip4/203.0.113.2/tcp/4001")
            }
            // They met through the relay, need it no longer, and still hear each other.
            for name in ["a", "b"] {
                try await scene.wait(name, "the end of the relayed way") { lines in
                    guard
                        let end = lines.firstIndex(where: {
                            $0.hasPrefix("gone ") && $0.contains(" relayed ")
                        })
                    else { return false }
                    let peer = lines[end].split(separator: " ")[1]
                    return lines[end...].contains { $0.hasPrefix("pong \(peer) ") }
                }
            }
        }
    }

    @Test(
        "where a NAT gives everybody another port the relayed way stays, and serves",
        arguments: [(.changesPorts, .changesPorts), (.keepsPorts, .changesPorts)]
            as [(Scene.Rule, Scene.Rule)])
    func relayed(near: Scene.Rule, far: Scene.Rule) async throws {
        try await with(near, far) { scene, effects in
            try await scene.wait("a", "a relayed way") { Self.hasWay($0, "relayed") }
            // Three times both dial, which takes 5 s each.
            await effects.time.sleep(milliseconds: 18_000)
            for name in ["a", "b"] {
                let lines = await scene.lines(of: name)
                #expect(Self.hasWay(lines, "relayed"))
                #expect(!lines.contains { $0.hasPrefix("gone ") && $0.contains(" relayed ") })
                let ways = lines.filter { $0.hasPrefix("way ") && $0.contains(" direct ") }
                #expect(ways.allSatisfy { $0.contains("/ip4/203.0.113.1/") })
                let peer = lines.first { $0.contains(" relayed ") }?.split(separator: " ")[1]
                let pongs = lines.filter { $0.hasPrefix("pong \(peer ?? "-") ") }
                #expect(pongs.count >= 5)
            }
        }
    }

    @Test(
        "a peer and Kubo, behind a NAT each, meet through a relay, then directly",
        arguments: ["peer", "kubo"])
    func kubo(who: String) async throws {
        try await SceneStage.run(
            { try Scene.withKuboBehindNAT(comes: who, .keepsPorts, .keepsPorts, in: $0, $1) }
        ) { scene, _ in
            try await scene.wait("a", "a way to Kubo through the relay") {
                Self.hasWay($0, "relayed", to: "/ip4/45.77.0.1/tcp/4001/")
            }
            try await scene.wait("a", "a direct way to Kubo") {
                Self.hasWay($0, "direct", to: "/ip4/45.77.0.3/tcp/4001")
            }
        }
    }
}
