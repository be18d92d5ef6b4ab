// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Cryptography
import Effects
import Ledger
import Market
import NodeInterface
import Vocabulary

/// A key that orders the same job again and again; one order at a time.
final class JobClient {
    /// The program and its input, kept at the gateway.
    struct Work: Sendable {
        let module: Digest
        let input: Digest
    }

    private let client: GatewayClient
    private let builder: TransactionBuilder
    private let work: Work
    private let watch: EndingWatch
    private var nonce: UInt64?
    private var height = BlockHeight(0)
    private var chainTime = Timestamp(0)
    private var ordersSinceLook = 0
    private var lookedAt = Instant(0)

    /// After so many orders, or so long, height and time are asked again: well within the validity
    /// of a transaction and the deadline of an order.
    private static let ordersPerLook = 100
    private static let millisecondsPerLook: UInt64 = 10_000
    private static let replicas: UInt8 = 2
    static let timeoutMilliseconds: UInt64 = 120_000

    init(
        _ client: GatewayClient, genesis: Genesis, key: SigningKey, work: Work, watch: EndingWatch
    ) {
        self.client = client
        builder = TransactionBuilder(genesis: genesis, key: key)
        self.work = work
        self.watch = watch
    }

    /// Orders the job and waits for its end.
    ///
    /// - Returns: The milliseconds from sending the signed order to hearing how it ended.
    func run() async throws -> (ending: EndingWatch.Ending, milliseconds: Double) {
        let (signed, job) = try await order()
        watch.expect(job)
        let begin = client.effects.time.now()
        do {
            _ = try await client.submit(signed)
        } catch {
            nonce = nil
            throw error
        }
        let ending = await watch.ending(of: job)
        let nanoseconds = ending.heard.value - min(begin.value, ending.heard.value)
        return (ending, Double(nanoseconds) / 1e6)
    }

    private func order() async throws -> (SignedTransaction, JobID) {
        let next = try await nextNonce()
        let terms = OrderTerms(
            moduleDigest: work.module, inputDigest: work.input, arguments: [],
            limits: JobLimits(
                fuelMax: Fuel(100_000_000), memoryBytesMax: 64 << 20, outputBytesMax: 1 << 20,
                wallMilliseconds: 30_000),
            replicas: Self.replicas, maxCost: Amount(whole: 1),
            deadline: chainTime.advanced(by: Self.timeoutMilliseconds),
            salt: Bytes32(client.effects.chance.bytes(32)) ?? .zero)
        let open = OpenOrder(terms: terms)
        let message = Message(
            module: .market, payload: MarketMessage.openOrder(open).canonicalBytes)
        let signed = try builder.build([message], nonce: next, height: height)
        nonce = next + 1
        return (signed, open.job(sender: builder.account, transaction: signed.hash))
    }

    private func nextNonce() async throws -> UInt64 {
        ordersSinceLook += 1
        let now = client.effects.time.now()
        let isFresh =
            ordersSinceLook < Self.ordersPerLook
            && now.milliseconds(since: lookedAt) < Self.millisecondsPerLook
        if let nonce, isFresh { return nonce }
        let status = try await client.status()
        (height, chainTime, ordersSinceLook) = (status.height, status.chainTime, 0)
        lookedAt = now
        if let nonce { return nonce }
        return try await client.account(builder.account).nonce
    }
}

extension JobClient.Work {
    /// Uploads the word counter and the text it counts.
    static func upload(_ client: GatewayClient) async throws -> (work: Self, text: String) {
        let program = "examples/wordcount/wordcount.wasm"
        let texts = ["/usr/share/common-licenses/GPL-3", "LICENSE"]
        guard let module = SystemFile.bytes(program) else {
            throw BenchFailure("there is no \(program)")
        }
        guard let path = texts.first(where: { SystemFile.size($0) != nil }),
            let text = SystemFile.bytes(path)
        else { throw BenchFailure("there is no text to count") }
        let uploaded = try await client.upload(module)
        let standardInput = try await client.upload(text)
        guard let manifest = JobInput(standardInput: standardInput, files: []) else {
            throw BenchFailure("the text is too long")
        }
        let input = try await client.upload(manifest.canonicalBytes)
        return (Self(module: uploaded.digest, input: input.digest), path)
    }
}
