// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import NodeInterface
import Testing

@testable import Gateway

@Suite("Gateway: the network (GATEWAY-30, GATEWAY-31)")
struct NetworkTests {
    @Test("without the owner's token nothing is changed or traced, whatever is asked")
    func owner() async throws {
        let world = try GatewayWorld()
        try await world.run { world in
            let asked: [(HTTPMethod, String)] = [
                (.post, "/v1/network/peers"), (.put, "/v1/network/peers/x/ban"),
                (.delete, "/v1/network/peers/x/ban"), (.post, "/v1/network/trace"),
                (.get, "/v1/network/trace"),
            ]
            for (method, path) in asked {
                let response = try await world.ask(method, path, body: method == .get ? nil : [])
                #expect(response.status.code == 403, "\(method) \(path)")
                let problem = try JSON(parsing: response.body)
                #expect(problem["name"]?.text == "notOwner")
            }
        }
    }

    @Test("a node that shows no network says so")
    func none() async throws {
        let world = try GatewayWorld()
        try await world.run { world in
            for path in ["/v1/network", "/v1/network/peers", "/v1/services", "/v1/tasks"] {
                let response = try await world.ask(.get, path, body: nil)
                #expect(response.status == .unavailable, "\(path)")
            }
        }
    }

    @Test("what a network shows keeps to its schema")
    func shapes() throws {
        var status = NetworkStatus()
        status.peer = "12D3KooW"
        status.connections = [
            NetworkConnection(
                peer: "a", address: "/ip4/1.2.3.4/tcp/1", isInbound: true, streams: 2,
                roundTripMicroseconds: 5)
        ]
        status.protocols = [NetworkProtocol(name: "/atoll/mesh/1")]
        status.bans = [NetworkBan(banned: "b", reason: "spam", millisecondsLeft: 9)]
        status.ends = [("goodbye", 2)]
        let json = JSON(status)
        #expect(json["connections"]?.elements?.first?["inbound"]?.flag == true)
        #expect(json["bans"]?.elements?.first?["reason"]?.text == "spam")
        #expect(json["ends"]?.elements?.first?["count"]?.unsigned == 2)
        var peer = NetworkPeer(peer: "c")
        peer.ban = status.bans.first
        #expect(JSON(peer)["ban"]?["banned"]?.text == "b")
        #expect(JSON(peer)["roles"] == nil)
    }
}
