// SPDX-License-Identifier: Apache-2.0
import Testing

/// A whole cloud of `atoll node start`, its gateway and its provider behind a NAT each.
@Suite("A cloud behind NATs (TRANSPORT-27 to TRANSPORT-29)", .serialized)
struct CloudBehindNATs {
    private static func has(_ lines: [String], _ first: String, _ part: String) -> Bool {
        lines.contains { $0.hasPrefix(first) && $0.contains(part) }
    }

    @Test(
        "a provider at home has a place at a validator, is reached there, met directly, and works")
    func direct() async throws {
        try await SceneStage.run({ try Scene.withCloud(.keepsPorts, .keepsPorts, in: $0, $1) }) {
            scene, _ in
            try await scene.wait("relay", "word that a validator can be dialled") {
                $0.contains("reachability open")
            }
            try await scene.wait("b", "word that the provider cannot be dialled") {
                $0.contains("reachability closed")
            }
            try await scene.wait("b", "a place at a validator") {
                Self.has($0, "place ", "/ip4/203.0.113.1/")
            }
            try await scene.wait("a", "a way through a relay") { Self.has($0, "way ", " relayed ") }
            try await scene.wait("a", "a direct way to the provider") {
                Self.has($0, "way ", "/ip4/203.0.113.3/tcp/7400")
            }
            try await scene.wait("b", "a direct way to the gateway") {
                Self.has($0, "way ", "/ip4/203.0.113.2/tcp/7400")
            }
            // The provider fetches program and input from the gateway, and has nobody else to ask.
            try await scene.wait("job", "the job's result") { Self.has($0, "", " words") }
        }
    }

    @Test(
        "where the NATs give everybody another port, it works through the validators all the same")
    func relayed() async throws {
        try await SceneStage.run({ try Scene.withCloud(.changesPorts, .changesPorts, in: $0, $1) })
        {
            scene, _ in
            try await scene.wait("job", "the job's result") { Self.has($0, "", " words") }
            let ways = await scene.lines(of: "a").filter { $0.hasPrefix("way ") }
            #expect(ways.contains { $0.contains(" relayed ") })
            #expect(!ways.contains { $0.contains("/203.0.113.3/") })
        }
    }
}
