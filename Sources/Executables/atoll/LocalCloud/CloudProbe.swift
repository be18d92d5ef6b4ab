// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText

/// Asks a gateway how far a starting cloud is; every failure means not yet.
struct CloudProbe: Sendable {
    private let client: HTTPClient
    private let address: HTTPAddress

    init?(gateway: String, effects: Effects) {
        guard let address = HTTPAddress(gateway) else { return nil }
        self.address = address
        client = HTTPClient(effects: effects)
    }

    /// Whether the gateway follows the chain and sees a quorum.
    func isReady() async -> Bool { await get("/readyz") != nil }

    /// How many providers take work.
    func activeProviders() async -> Int {
        guard let bytes = await get("/v1/providers?limit=100"),
            let list = (try? JSON(parsing: bytes))?["providers"]?.elements
        else { return 0 }
        return list.filter { $0["state"]?.text == "bonded" }.count
    }

    /// Ends the connections.
    func close() async { await client.close() }

    private func get(_ target: String) async -> [UInt8]? {
        guard let address = HTTPAddress(endpoint: address.endpoint, target: target),
            let answer = try? await client.send(HTTPClientRequest(.get, address)),
            answer.status.code == 200
        else { return nil }
        return answer.body
    }
}
