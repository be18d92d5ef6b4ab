// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// Shows how the node stands and which chain it follows.
struct StatusResource: Resource {
    let context: GatewayContext
    /// The genesis file's text: up to 16 MiB, so it is written once.
    private let genesisText: [UInt8]

    init(context: GatewayContext) {
        self.context = context
        genesisText = Array(context.node.genesis.write().utf8)
    }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/status", name: "getStatus", tag: "node",
                summary: "How the node stands: chain, head, validators, quorum, peers.",
                responses: [.json("The status.", Schema.reference("Status"))], handler: status),
            Route(
                method: .get, pattern: "/v1/genesis", name: "getGenesis", tag: "node",
                summary: "The genesis file, from which the chain's identity follows.",
                responses: [.json("The file.", ["type": "object"])], handler: genesis),
        ]
    }

    private func status(_ request: HTTPRequest) async throws -> HTTPResponse {
        let status = await context.node.status()
        let version = context.configuration.version
        return .json(JSON(status, genesis: context.node.genesis, version: version).bytes)
    }

    private func genesis(_ request: HTTPRequest) async throws -> HTTPResponse {
        var response = HTTPResponse.json(genesisText)
        response.fields["ETag"] = "\"\(context.node.chain)\""
        return response
    }
}
