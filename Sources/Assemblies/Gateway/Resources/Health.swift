// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import NodeInterface

/// Answers those who watch the process (GATEWAY-7).
struct HealthResource: Resource {
    let context: GatewayContext

    /// How old the last final block may be: five heartbeats of an idle chain.
    static let blockAgeMax: UInt64 = 5_000

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/healthz", name: "isHealthy", tag: "operation",
                summary: "200 while the process serves.",
                responses: [.bytes("It serves.", type: "text/plain")],
                handler: { _ in .text("ok\n") }),
            Route(
                method: .get, pattern: "/readyz", name: "isReady", tag: "operation",
                summary: "200 when the node follows the chain.",
                responses: [
                    .bytes("It follows.", type: "text/plain"),
                    .problem(503, "It does not, and why."),
                ], handler: ready),
        ]
    }

    private func ready(_ request: HTTPRequest) async throws -> HTTPResponse {
        let reasons = Self.reasons(against: await context.node.status())
        guard !reasons.isEmpty else { return .text("ok\n") }
        let list = JSON.array(reasons.map { .string($0) })
        throw GatewayProblem.notReady.problem(
            reasons.joined(separator: "; "), members: [("reasons", .rendered(list.bytes))],
            retryAfterSeconds: 1)
    }

    /// Why a node is not ready; none when it is.
    static func reasons(against status: NodeStatus) -> [String] {
        var reasons: [String] = []
        if !status.hasQuorum {
            reasons.append(
                "no quorum: \(status.stakeConnected) of the \(status.quorum) stake is connected")
        }
        if status.lastBlockAgeMilliseconds > blockAgeMax {
            reasons.append("the last final block came \(status.lastBlockAgeMilliseconds) ms ago")
        }
        return reasons
    }
}
