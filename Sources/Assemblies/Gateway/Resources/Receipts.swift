// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Market
import NodeInterface
import Receipts
import Vocabulary

/// Gives the receipt file of an ended job (specs/receipt.md, GATEWAY-10).
struct ReceiptResource: Resource {
    let context: GatewayContext

    /// How long a certified header is waited for: several blocks of a chain that is awake.
    static let certifyMilliseconds: UInt64 = 5_000

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/jobs/{job}/receipt", name: "getReceipt", tag: "jobs",
                summary: "The receipt file, which can be checked with the genesis file alone.",
                parameters: [.path("job", "The job.", Schema.digest)],
                responses: [
                    .bytes("The receipt file.", type: ReceiptFile.mediaType),
                    .problem(400, "The job's id is malformed."),
                    .problem(404, "The job is unknown."), .problem(409, "It has not ended."),
                    .problem(503, "No certified header vouches for it yet."),
                ], handler: show)
        ]
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let job: JobID = try request.identifier("job")
        if let bytes = context.receipts[job] { return Self.answer(bytes) }
        _ = try await context.receipt(of: job)
        let bytes = try await certified(job).bytes
        context.receipts.keep(bytes, of: job)
        return Self.answer(bytes)
    }

    private func certified(_ job: JobID) async throws(Problem) -> ReceiptFile {
        let found: CertifiedValue
        do {
            found = try await context.node.certify(
                .market, MarketKeys.receipt(job), milliseconds: Self.certifyMilliseconds)
        } catch {
            throw Self.notCertified
        }
        guard let value = found.value else { throw Self.notCertified }
        guard let receipt = try? Receipt(canonicalBytes: value) else {
            throw GatewayProblem.nodeFailed.problem("the stored receipt does not read")
        }
        return ReceiptFile(
            receipt: receipt, proof: found.proof, header: found.header, finality: found.finality)
    }

    private static var notCertified: Problem {
        GatewayProblem.notCertified.problem(
            "the job has ended, but no block signed by a quorum carries that state yet; "
                + "`/v1/status` says whether a quorum is in reach",
            retryAfterSeconds: 1)
    }

    private static func answer(_ bytes: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            .ok,
            fields: [
                "Content-Type": ReceiptFile.mediaType, "Cache-Control": "public, max-age=31536000",
                "X-Content-Type-Options": "nosniff",
            ], body: .bytes(bytes))
    }
}
