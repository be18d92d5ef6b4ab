// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Market
import Vocabulary

/// Shows jobs: live ones from their orders, ended ones from their receipts.
struct JobResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/jobs", name: "listJobs", tag: "jobs",
                summary: "Jobs that have not ended.",
                parameters: [
                    .query(
                        "state",
                        "`open` are those that want bids, the oldest first; `live` are all.",
                        ["type": "string", "enum": ["open", "live"], "default": "live"])
                ] + Route.Parameter.page,
                responses: [
                    .json("The jobs.", Schema.reference("JobPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: list),
            Route(
                method: .get, pattern: "/v1/jobs/{job}", name: "getJob", tag: "jobs",
                summary: "A job, live or ended.",
                parameters: [.path("job", "The job.", Schema.digest)],
                responses: [
                    .json("The job.", Schema.reference("Job")),
                    .problem(400, "The job's id is malformed."),
                    .problem(404, "The job is unknown."),
                ], handler: show),
        ]
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let wantsBids = try request.queryWord("state", of: ["open", "live"]) == "open"
        let page = try request.page
        let found = await context.node.read { state, _ in
            let queries = MarketQueries(state)
            let orders =
                wantsBids
                ? queries.openOrders(after: page.cursor, limit: page.limit)
                : queries.liveOrders(after: page.cursor, limit: page.limit)
            return JobPage(jobs: orders.items.map(JobRecord.live), next: orders.next)
        }
        return .json(found.json.bytes)
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let job: JobID = try request.identifier("job")
        return .json(JSON(try await context.job(job)).bytes)
    }
}

extension GatewayContext {
    /// A job of the executed state.
    ///
    /// - Throws: ``GatewayProblem/unknownJob``.
    func job(_ job: JobID) async throws(Problem) -> JobRecord {
        guard let record = await node.read({ state, _ in MarketQueries(state).job(job) }) else {
            throw GatewayProblem.unknownJob.problem("the executed state has no job \(job)")
        }
        return record
    }

    /// The receipt of a job that has ended.
    ///
    /// - Throws: ``GatewayProblem/unknownJob``, ``GatewayProblem/jobNotFinished``.
    func receipt(of job: JobID) async throws(Problem) -> Receipt {
        switch try await self.job(job) {
        case .ended(let receipt): return receipt
        case .live(let order):
            throw GatewayProblem.jobNotFinished.problem(
                "job \(job) is \(order.phase.stateName)",
                members: [("state", .text(order.phase.stateName))])
        }
    }
}
