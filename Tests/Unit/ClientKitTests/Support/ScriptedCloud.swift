// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import Ledger
import Market
import NodeInterface
import Receipts
import Synchronization
import Vocabulary

@testable import ClientKit

/// Plays a gateway and the cloud behind it for one job.
final class ScriptedCloud: Sendable {
    /// What goes wrong, when something does.
    enum Fault: Sendable {
        case none
        /// The stream of events gives nothing.
        case noEvents
        /// The output given is not the one that was settled.
        case wrongOutput
        /// The receipt is of another order of the same client.
        case otherReceipt
        /// The order expires.
        case expires
    }

    struct State {
        var blobs: [Digest: [UInt8]] = [:]
        var terms: OrderTerms?
        var job: JobID?
        var looks = 0
        var receiptsAsked = 0
    }

    let state = Mutex(State())
    let fault: Fault
    let output = JobOutput(standardOutput: Array("hello\n".utf8), standardError: [7])
    let chain: ChainID
    private let account = AccountID(of: Samples.client.publicKey)

    init(_ fault: Fault = .none) throws {
        self.fault = fault
        chain = try Samples.genesis.chain
    }

    var result: JobResult {
        JobResult(
            outcome: .exited(code: 3), outputDigest: SHA256.hash(output.canonicalBytes),
            outputBytes: UInt64(output.canonicalBytes.count), fuelUsed: Fuel(2_000_000))
    }

    var router: Router {
        var router = Router()
        let status = Samples.status(chain: chain)
        router.get("/v1/status") { _ in .json(status.bytes) }
        router.post("/v1/quotes", bodyBytesMax: 4_096) { _ in .json(Samples.quote.bytes) }
        router.get("/v1/blocks/{height}") { _ in .json(Samples.block.bytes) }
        router.post("/v1/blobs", bodyBytesMax: 1 << 20) { request in
            self.keep(try await request.body.collect())
        }
        router.get("/v1/accounts/{account}") { request in
            let isAfter = self.state.withLock { $0.job != nil }
            let view = Samples.account(
                request.parameters["account"] ?? "", nonce: 0, units: isAfter ? "800" : "1000")
            return .json(view.bytes)
        }
        router.post("/v1/transactions", bodyBytesMax: 65_536) { request in
            try self.take(try await request.body.collect())
        }
        router.get("/v1/events") { _ in self.events() }
        router.get("/v1/jobs/{job}") { _ in .json(self.jobView.bytes) }
        router.get("/v1/jobs/{job}/stdout") { _ in
            let bytes = self.fault == .wrongOutput ? [1] : self.output.standardOutput
            return HTTPResponse(type: "application/octet-stream", bytes: bytes)
        }
        router.get("/v1/jobs/{job}/stderr") { _ in
            HTTPResponse(type: "application/octet-stream", bytes: self.output.standardError)
        }
        router.get("/v1/jobs/{job}/receipt") { _ in try self.receipt() }
        return router
    }

    private func keep(_ bytes: [UInt8]) -> HTTPResponse {
        let digest = SHA256.hash(bytes)
        state.withLock { $0.blobs[digest] = bytes }
        let kept: JSON = ["digest": JSON("\(digest)"), "size": JSON(bytes.count)]
        return .json(kept.bytes, status: .created)
    }

    private func take(_ bytes: [UInt8]) throws -> HTTPResponse {
        let signed = try SignedTransaction(canonicalBytes: bytes)
        try signed.check(chain: chain)
        guard
            case .openOrder(let order) = try MarketMessage(
                canonicalBytes: signed.transaction.messages[0].payload)
        else { throw Problem(.unprocessable, detail: "no order") }
        let job = order.job(sender: account, transaction: signed.hash)
        state.withLock {
            $0.terms = order.terms
            $0.job = job
        }
        return .json(Samples.final(signed.hash).bytes)
    }

    private func events() -> HTTPResponse {
        let queue = EventQueue()
        guard fault != .noEvents else { return .events(queue) }
        let provider = JSON(Samples.account)
        var script: [(String, JSON)] = [
            ("orderOpened", ["client": provider]), ("bidPlaced", ["provider": provider]),
        ]
        if fault == .expires {
            script.append(("orderExpired", ["ending": "expired", "cost": "0"]))
        } else {
            script += [
                ("leasesGranted", ["leases": [["provider": provider]]]),
                ("resultCommitted", ["provider": provider]),
                ("resultRevealed", ["provider": provider]),
                ("orderSettled", ["ending": "settled", "cost": "204"]),
            ]
        }
        for (index, (name, json)) in script.enumerated() {
            queue.offer(
                ServerSentEvent(json.compact, name: "market.\(name)", id: "8.\(index)"))
        }
        return .events(queue)
    }

    private var press: ReceiptPress? {
        state.withLock { state in
            guard let terms = state.terms, let job = state.job else { return nil }
            let isSettled = fault != .expires
            return ReceiptPress(
                terms: terms, job: job, client: account, chain: chain,
                result: isSettled ? result : nil, ending: isSettled ? .settled : .expired)
        }
    }

    /// Live at the first look when nobody tells of the end, ended afterwards.
    private var jobView: JSON {
        let looks = state.withLock { state in
            state.looks += 1
            return state.looks
        }
        guard let press, case .object(var members) = Samples.settledJob else { return .null }
        if fault == .noEvents, looks == 1 { return Samples.liveJob }
        members[0] = JSON.Member("job", JSON("\(press.job)"))
        if fault == .expires {
            members.removeAll { ["result", "state"].contains($0.name) }
            members.append(JSON.Member("state", "expired"))
        } else if let place = members.firstIndex(where: { $0.name == "result" }) {
            members[place] = JSON.Member(
                "result",
                [
                    "outcome": "exited", "code": 3, "outputDigest": JSON("\(result.outputDigest)"),
                    "outputBytes": JSON(result.outputBytes), "fuelUsed": 2_000_000,
                ])
        }
        return .object(members)
    }

    /// Not certified at first, as a receipt is until the next block.
    private func receipt() throws -> HTTPResponse {
        let asked = state.withLock { state in
            state.receiptsAsked += 1
            return state.receiptsAsked
        }
        guard asked > 1 else {
            throw Problem(
                .unavailable, detail: "no block yet", members: [("name", .text("notCertified"))])
        }
        guard var press else { throw Problem(.notFound) }
        if fault == .otherReceipt {
            let other = JobID(SHA256.hash([1]).raw)
            press = ReceiptPress(
                terms: press.terms, job: other, client: account, chain: chain, result: result)
        }
        return HTTPResponse(type: ReceiptFile.mediaType, bytes: try press.file().bytes)
    }
}
