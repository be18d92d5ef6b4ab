// SPDX-License-Identifier: Apache-2.0
import Consensus
import HTTPServer
import JSONText
import Vocabulary

/// Shows final blocks from the log.
struct BlockResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/blocks", name: "listBlocks", tag: "blocks",
                summary: "Final blocks in ascending order.",
                parameters: [
                    .query(
                        "from", "The first height; the newest blocks when missing.",
                        ["type": "integer", "minimum": 1])
                ] + Route.Parameter.page,
                responses: [
                    .json("The blocks.", Schema.reference("BlockPage")),
                    .problem(400, "A parameter is malformed."),
                ], handler: list),
            Route(
                method: .get, pattern: "/v1/blocks/{height}", name: "getBlock", tag: "blocks",
                summary: "A final block.",
                parameters: [
                    .path("height", "Its height, from 1.", ["type": "integer", "minimum": 1])
                ],
                responses: [
                    .json("The block.", Schema.reference("Block")),
                    .problem(400, "The height is malformed."),
                    .problem(404, "No such block is held here."),
                ], handler: show),
        ]
    }

    private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try request.page
        let head = await context.node.read { _, head in head.height.value }
        let newest = head - min(head, UInt64(page.limit)) + 1
        let cursor = try page.afterNumber()
        let start = try cursor ?? request.queryNumber("from", in: 1...UInt64.max) ?? newest
        let blocks =
            start > head
            ? []
            : await context.node.finalBlocks(from: BlockHeight(start), count: page.limit)
        let last = blocks.last?.block.header.height.value ?? head
        let next = last < head ? last + 1 : nil
        let answer = JSON(members: [
            ("blocks", .array(await rendered(blocks))),
            ("next", next.map { .string(Self.cursor($0)) }),
        ])
        return .json(answer.bytes)
    }

    private static func cursor(_ height: UInt64) -> String {
        Hexadecimal.encode(withUnsafeBytes(of: height.bigEndian) { Array($0) })
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let height = UInt64(request.parameters["height"] ?? "") else {
            throw HTTPRequest.malformed("height", "must be a whole number")
        }
        guard height > 0 else {
            throw GatewayProblem.unknownBlock.problem("height 0 is the genesis: see /v1/genesis")
        }
        let head = await context.node.read { _, head in head.height.value }
        let blocks =
            height > head
            ? [] : await context.node.finalBlocks(from: BlockHeight(height), count: 1)
        guard let block = blocks.first, block.block.header.height.value == height,
            let json = await rendered([block]).first
        else {
            throw GatewayProblem.unknownBlock.problem("no final block of height \(height) is here")
        }
        return .json(json.bytes)
    }

    /// Blocks as JSON, made on a worker: up to 8 MiB of transactions are hashed.
    private func rendered(_ blocks: [FinalizedBlock]) async -> [JSON] {
        let genesis = context.node.genesis
        return await context.effects.workers.run { blocks.map { JSON($0, genesis: genesis) } }
    }
}
