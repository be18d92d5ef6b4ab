// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import LightClient
import NodeInterface
import Vocabulary

/// Gives the way from one epoch's validators to the next as a file that whoever trusts the first
/// can check (specs/light-client.md LIGHT-16, GATEWAY-14).
struct HandoverResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/handovers", name: "getHandovers", tag: "proofs",
                summary: "How each epoch from `from` on named the validators of the next, as a "
                    + "file; empty when that epoch has not ended, or is not known here.",
                parameters: [
                    .query("from", "The first epoch, 0 when missing.", Schema.count),
                    .query(
                        "limit", "The most handovers, \(HandoverFile.pageMax) when missing.",
                        [
                            "type": "integer", "minimum": 1,
                            "maximum": JSON(HandoverFile.pageMax),
                        ]),
                ],
                responses: [
                    .bytes("The handovers.", type: HandoverFile.mediaType),
                    .problem(400, "A parameter is malformed."),
                ], handler: show)
        ]
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let first = Epoch(try request.queryNumber("from") ?? 0)
        let limit = try request.queryNumber("limit", in: 1...UInt64(HandoverFile.pageMax))
        let values = await context.node.handovers(
            from: first, count: limit.map(Int.init) ?? HandoverFile.pageMax)
        let handovers = values.compactMap(Self.handover)
        guard handovers.count == values.count, handovers.first.map({ $0.epoch == first }) ?? true,
            let file = HandoverFile(handovers)
        else { throw GatewayProblem.nodeFailed.problem("the handovers cannot be written") }
        return HTTPResponse(
            .ok,
            fields: [
                "Content-Type": HandoverFile.mediaType, "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            ], body: .bytes(file.bytes))
    }

    private static func handover(_ value: CertifiedValue) -> Handover? {
        value.value.flatMap {
            Handover(shortest: value.header, value.finality, value: $0, proof: value.proof)
        }
    }
}
