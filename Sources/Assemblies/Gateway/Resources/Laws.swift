// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// Shows the tables of the law: roles, offences, kinds of proposals, the version of the rules
/// (GATEWAY-25).
struct LawResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/law", name: "getLaw", tag: "economy",
                summary: "The tables of the law that holds, and the version of the rules.",
                responses: [.json("The law.", Schema.reference("Law"))], handler: law)
        ]
    }

    private func law(_ request: HTTPRequest) async throws -> HTTPResponse {
        let answer = await context.node.read { state, _ in LawJSON(state).json }
        return .json(answer.bytes)
    }
}
