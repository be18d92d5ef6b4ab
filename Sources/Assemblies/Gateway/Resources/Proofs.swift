// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Ledger
import LightClient
import NodeInterface
import Vocabulary

/// Gives what the state holds under a key as a file the genesis alone can check
/// (specs/light-client.md, GATEWAY-12).
struct ProofResource: Resource {
    let context: GatewayContext

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/v1/proofs/{module}/{key}", name: "getProof", tag: "proofs",
                summary: "What the state holds under a module's key, or that it holds nothing, "
                    + "as a file which can be checked with the genesis file alone.",
                parameters: [
                    .path("module", "The module's name or number.", Schema.text),
                    .path(
                        "key", "The module's key, as hexadecimal digits.",
                        ["type": "string", "pattern": "^([0-9a-f]{2}){1,256}$"]),
                ],
                responses: [
                    .bytes("The proof file.", type: ProofFile.mediaType),
                    .problem(400, "The module or the key is malformed."),
                    .problem(503, "No certified header vouches for the state yet."),
                ], handler: show)
        ]
    }

    private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let module = ModuleName.module(request.parameters["module"] ?? "") else {
            throw HTTPRequest.malformed("module", "must be a module's name or number")
        }
        guard let key = Hexadecimal.decode(request.parameters["key"] ?? ""),
            (1...ExecutionContext.keyBytesMax).contains(key.count)
        else {
            throw HTTPRequest.malformed(
                "key", "must be 1 to \(ExecutionContext.keyBytesMax) bytes in hexadecimal")
        }
        let file = try await certified(module, key)
        return HTTPResponse(
            .ok,
            fields: [
                "Content-Type": ProofFile.mediaType, "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            ], body: .bytes(file.bytes))
    }

    private func certified(_ module: ModuleID, _ key: [UInt8]) async throws(Problem) -> ProofFile {
        let found: CertifiedValue
        do {
            found = try await context.node.certify(
                module, key, milliseconds: ReceiptResource.certifyMilliseconds)
        } catch {
            throw GatewayProblem.notCertified.problem(
                "no block signed by a quorum carries the present state yet; "
                    + "`/v1/status` says whether a quorum is in reach",
                retryAfterSeconds: 1)
        }
        let entry = ProofEntry(module: module, key: key, value: found.value, proof: found.proof)
        guard
            let section = ProofSection(
                header: found.header, finality: found.finality, entries: [entry]),
            let file = ProofFile([section])
        else { throw GatewayProblem.nodeFailed.problem("the proof cannot be written") }
        return file
    }
}
