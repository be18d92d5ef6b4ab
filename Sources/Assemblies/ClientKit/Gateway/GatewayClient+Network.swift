// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import JSONText
public import ServiceDiscovery
import Vocabulary

extension GatewayClient {
    // MARK: The network

    /// How the gateway's network stands.
    public func network() async throws(ClientFailure) -> NetworkView {
        try NetworkView(await json(GatewayCall("/v1/network")))
    }

    /// Every peer its node knows.
    public func peers() async throws(ClientFailure) -> [PeerView] {
        try await json(GatewayCall("/v1/network/peers")).values("peers") {
            one throws(ClientFailure) in try PeerView(one)
        }
    }

    /// One peer, by its name or its key.
    public func peer(_ name: String) async throws(ClientFailure) -> PeerView {
        try PeerView(await json(GatewayCall("/v1/network/peers/\(name)")))
    }

    /// Has the node remember an address and dial it.
    ///
    /// - Parameters:
    ///   - address: A multiaddress with the peer's name.
    ///   - token: What the node's owner shows.
    public func addPeer(_ address: String, token: String) async throws(ClientFailure) {
        try await tell(.post, "/v1/network/peers", ["address": JSON(address)], token)
    }

    /// Has the node keep a peer out for some seconds.
    public func banPeer(
        _ name: String, reason: String, seconds: UInt64, token: String
    ) async throws(ClientFailure) {
        try await tell(
            .put, "/v1/network/peers/\(name)/ban",
            ["reason": JSON(reason), "seconds": JSON(seconds)], token)
    }

    /// Has the node let a peer in again.
    public func unbanPeer(_ name: String, token: String) async throws(ClientFailure) {
        try await tell(.delete, "/v1/network/peers/\(name)/ban", nil, token)
    }

    /// Has the node note movements for some seconds.
    public func beginTrace(
        peer: String?, protocolStart: String?, seconds: UInt64, token: String
    ) async throws(ClientFailure) {
        var members = [JSON.Member("seconds", JSON(seconds))]
        if let peer { members.append(JSON.Member("peer", JSON(peer))) }
        if let protocolStart { members.append(JSON.Member("protocol", JSON(protocolStart))) }
        try await tell(.post, "/v1/network/trace", .object(members), token)
    }

    /// What was noted after a number.
    public func trace(after number: UInt64, token: String) async throws(ClientFailure) -> JSON {
        var call = GatewayCall("/v1/network/trace")
        call.query = [("after", "\(number)")]
        call.fields = ["Authorization": "Bearer \(token)"]
        return try await json(call).json
    }

    private func tell(
        _ method: HTTPMethod, _ path: String, _ body: JSON?, _ token: String
    ) async throws(ClientFailure) {
        var call = GatewayCall(path)
        call.method = method
        call.fields = ["Authorization": "Bearer \(token)"]
        if let body {
            call.fields["Content-Type"] = "application/json"
            call.body = .bytes(body.bytes)
        }
        _ = try await send(call)
    }

    // MARK: Services and negotiations

    /// Providers that announce what is asked for; their signatures are checked here.
    public func services(_ query: ServiceQuery) async throws(ClientFailure) -> [ServiceView] {
        var call = GatewayCall("/v1/services")
        var words: [(name: String, value: String)] = [
            ("order", query.order.rawValue), ("limit", "\(query.limit)"),
            ("units", "\(query.units)"), ("freeSlots", "\(query.freeSlotsMin)"),
            ("all", "\(query.findsUnavailable)"),
        ]
        if let capability = query.capability { words.append(("capability", capability.name)) }
        if let region = query.region { words.append(("region", region.name)) }
        if let most = query.priceMax { words.append(("priceMax", "\(most.units)")) }
        if let most = query.roundTripMicrosecondsMax { words.append(("roundTripMax", "\(most)")) }
        if let least = query.scoreMin { words.append(("scoreMin", "\(least)")) }
        call.query = words
        return try await json(call).values("services") { one throws(ClientFailure) in
            try ServiceView(one)
        }
    }

    /// Tasks whose bids are awaited.
    public func tasks() async throws(ClientFailure) -> [TaskView] {
        try await json(GatewayCall("/v1/tasks")).values("tasks") { one throws(ClientFailure) in
            try TaskView(one)
        }
    }

    /// One negotiation.
    public func task(_ task: TaskID) async throws(ClientFailure) -> TaskView {
        try TaskView(await json(GatewayCall("/v1/tasks/\(task)")))
    }

    /// Says something signed in a negotiation.
    public func say(_ signed: SignedTaskMessage) async throws(ClientFailure) {
        var call = GatewayCall("/v1/tasks")
        call.method = .post
        call.fields = ["Content-Type": "application/octet-stream"]
        call.body = .bytes(signed.canonicalBytes)
        _ = try await send(call)
    }
}
