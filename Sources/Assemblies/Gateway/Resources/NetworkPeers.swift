// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import NodeInterface

/// Shows the node's network, and lets its owner change there what an owner may (GATEWAY-30).
struct NetworkResource: Resource {
    let context: GatewayContext

    /// How long a ban lasts unless said otherwise: an hour.
    static let banSecondsUsual: UInt64 = 3_600
    /// The longest ban: a year.
    static let banSecondsMax: UInt64 = 31_536_000
    /// The most bytes of a request: an address of 1 KiB, or a reason of 256 bytes.
    static let bodyBytesMax: UInt64 = 4_096

    var routes: [Route] { [show, list, describe, add, ban, pardon, beginTrace, readTrace] }

    private static let peerParameter = Route.Parameter.path(
        "peer", "The peer's name, or its key in hexadecimal.", Schema.text)
    private static let refusals: [Route.Response] = [
        .problem(400, "A name or address is malformed."),
        .problem(403, "Only the node's owner may do this."),
        .problem(404, "No such peer or ban."), .problem(409, "The node needs this peer."),
        .problem(503, "The node shows no network."),
    ]

    private var show: Route {
        Route(
            method: .get, pattern: "/v1/network", name: "getNetwork", tag: "network",
            summary: "How the network stands: addresses, connections, traffic by protocol, bans.",
            responses: [
                .json("The network.", Schema.reference("Network")),
                .problem(503, "The node shows no network."),
            ]
        ) { _ in .json(JSON(await (try network).status()).bytes) }
    }

    private var list: Route {
        Route(
            method: .get, pattern: "/v1/network/peers", name: "listPeers", tag: "network",
            summary: "Every peer that is known, in the order of their names.",
            responses: [
                .json(
                    "The peers.",
                    Schema.object([("peers", Schema.list(Schema.reference("NetworkPeer")))])),
                .problem(503, "The node shows no network."),
            ]
        ) { _ in
            let peers = await (try network).peers()
            return .json(JSON(members: [("peers", .array(peers.map { JSON($0) }))]).bytes)
        }
    }

    private var describe: Route {
        Route(
            method: .get, pattern: "/v1/network/peers/{peer}", name: "getPeer", tag: "network",
            summary: "One peer.", parameters: [Self.peerParameter],
            responses: [
                .json("The peer.", Schema.reference("NetworkPeer")),
                .problem(404, "No such peer."), .problem(503, "The node shows no network."),
            ]
        ) { request in
            let name = request.parameters["peer"] ?? ""
            guard let peer = await (try network).describe(name) else {
                throw GatewayProblem.unknownPeer.problem("no peer '\(name)' is known")
            }
            return .json(JSON(peer).bytes)
        }
    }

    private var add: Route {
        Route(
            method: .post, pattern: "/v1/network/peers", name: "addPeer", tag: "network",
            summary: "Remember an address that ends in a peer's name, and dial it.",
            body: Self.body([("address", Schema.text)]),
            responses: [.empty(204, "Connected.")] + Self.refusals
        ) { request in
            let body = try await owned(request)
            guard let address = body["address"]?.text else {
                throw Self.malformed("an object with the member address")
            }
            try await attempt { network throws(NetworkRefusal) in
                try await network.add(address)
            }
            return HTTPResponse(.noContent)
        }
    }

    private var ban: Route {
        Route(
            method: .put, pattern: "/v1/network/peers/{peer}/ban", name: "banPeer",
            tag: "network", summary: "End the connections with a peer and keep it out.",
            parameters: [Self.peerParameter],
            body: Self.body([("reason", Schema.text), ("seconds?", Schema.count)]),
            responses: [.empty(204, "It is kept out.")] + Self.refusals
        ) { request in
            let body = try await owned(request)
            let seconds = body["seconds"]?.unsigned ?? Self.banSecondsUsual
            guard let reason = body["reason"]?.text,
                reason.utf8.count <= NetworkBan.reasonBytesMax,
                (1...Self.banSecondsMax).contains(seconds)
            else {
                throw Self.malformed(
                    "a reason of at most \(NetworkBan.reasonBytesMax) bytes, and seconds from 1 "
                        + "to \(Self.banSecondsMax)")
            }
            let name = request.parameters["peer"] ?? ""
            try await attempt { network throws(NetworkRefusal) in
                try await network.ban(name, reason: reason, milliseconds: seconds * 1_000)
            }
            return HTTPResponse(.noContent)
        }
    }

    private var pardon: Route {
        Route(
            method: .delete, pattern: "/v1/network/peers/{peer}/ban", name: "unbanPeer",
            tag: "network", summary: "Let a peer in again.", parameters: [Self.peerParameter],
            responses: [.empty(204, "It may come in.")] + Self.refusals
        ) { request in
            try checkOwner(request)
            let name = request.parameters["peer"] ?? ""
            try await attempt { network throws(NetworkRefusal) in
                try await network.pardon(name)
            }
            return HTTPResponse(.noContent)
        }
    }

    // MARK: The debug log

    private var beginTrace: Route {
        Route(
            method: .post, pattern: "/v1/network/trace", name: "beginTrace", tag: "network",
            summary: "Note single movements on streams for some seconds: when, with whom, how "
                + "much, never what.",
            body: Self.body([
                ("peer?", Schema.text), ("protocol?", Schema.text), ("seconds", Schema.count),
            ]), responses: [.empty(204, "It is on.")] + Self.refusals
        ) { request in
            let body = try await owned(request)
            guard let seconds = body["seconds"]?.unsigned,
                (1...NetworkTrace.secondsMax).contains(seconds)
            else { throw Self.malformed("seconds from 1 to \(NetworkTrace.secondsMax)") }
            let log = try trace
            do throws(NetworkRefusal) {
                try await log.begin(
                    peer: body["peer"]?.text, protocolStart: body["protocol"]?.text ?? "",
                    seconds: seconds)
            } catch {
                throw error.problem
            }
            return HTTPResponse(.noContent)
        }
    }

    private var readTrace: Route {
        Route(
            method: .get, pattern: "/v1/network/trace", name: "readTrace", tag: "network",
            summary: "What was noted, the oldest first, at most 1,000 movements.",
            parameters: [
                .query("after", "The number of the last movement that is known.", Schema.count)
            ],
            responses: [.json("The movements.", Schema.reference("NetworkTrace"))] + Self.refusals
        ) { request in
            try checkOwner(request)
            let after = try request.queryNumber("after") ?? 0
            return .json(JSON(await (try trace).page(after: after, limit: 1_000)).bytes)
        }
    }

    // MARK: Who may

    private var network: any NetworkAccess {
        get throws(Problem) {
            guard let network = context.node.network else {
                throw GatewayProblem.noNetwork.problem("this node shows no network")
            }
            return network
        }
    }

    private var trace: any TraceAccess {
        get throws(Problem) {
            guard let trace = context.node.trace else {
                throw GatewayProblem.noNetwork.problem("this node has no debug log")
            }
            return trace
        }
    }

    /// Lets those pass who show the token that lies in the node's folder.
    private func checkOwner(_ request: HTTPRequest) throws(Problem) {
        guard let token = context.configuration.ownerToken,
            let shown = request.fields["Authorization"],
            ConstantTime.areEqual(Array(shown.utf8), Array("Bearer \(token)".utf8))
        else {
            throw GatewayProblem.notOwner.problem(
                "show the token of the node's folder as Authorization: Bearer TOKEN")
        }
    }

    private func owned(_ request: HTTPRequest) async throws -> JSON {
        try checkOwner(request)
        guard let body = try? JSON(parsing: try await request.body.collect()) else {
            throw Self.malformed("a JSON object")
        }
        return body
    }

    private static func malformed(_ wanted: String) -> Problem {
        GatewayProblem.malformedBody.problem("the body must be \(wanted)")
    }

    private func attempt(
        _ body: (any NetworkAccess) async throws(NetworkRefusal) -> Void
    ) async throws(Problem) {
        let network = try network
        do throws(NetworkRefusal) {
            try await body(network)
        } catch {
            throw error.problem
        }
    }

    private static func body(_ members: [(String, JSON)]) -> Route.Body {
        Route.Body(
            mediaType: "application/json", schema: Schema.object(members),
            bytesMax: bodyBytesMax)
    }
}

extension NetworkRefusal {
    /// The refusal as a problem.
    var problem: Problem {
        switch self {
        case .malformed(let text): GatewayProblem.malformedParameter.problem(text)
        case .unknown(let text): GatewayProblem.unknownPeer.problem(text)
        case .protected(let text): GatewayProblem.peerNeeded.problem(text)
        case .banned(let text): GatewayProblem.peerBanned.problem(text)
        case .tooMany(let text): GatewayProblem.tooManyPeers.problem(text)
        case .unreachable(let text): GatewayProblem.peerUnreachable.problem(text)
        }
    }
}
