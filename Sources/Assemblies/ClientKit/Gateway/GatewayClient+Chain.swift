// SPDX-License-Identifier: Apache-2.0
import HTTPServer
public import Ledger
public import LightClient
public import Vocabulary

extension GatewayClient {
    /// How the gateway's node stands.
    public func status() async throws(ClientFailure) -> CloudStatus {
        try CloudStatus(await json(GatewayCall("/v1/status")))
    }

    /// The genesis the gateway claims to follow; it proves nothing, so compare its chain with one
    /// you have from elsewhere.
    public func genesis() async throws(ClientFailure) -> Genesis {
        let body = try await send(GatewayCall("/v1/genesis")).body
        do {
            return try Genesis(bytes: body)
        } catch {
            throw .badAnswer("\(error)")
        }
    }

    /// Checks that the gateway follows a chain.
    ///
    /// - Throws: ``ClientFailure/wrongChain(trusted:gateway:)``.
    @discardableResult
    public func status(of chain: ChainID) async throws(ClientFailure) -> CloudStatus {
        let status = try await status()
        guard status.chain == chain else {
            throw .wrongChain(trusted: chain, gateway: status.chain)
        }
        return status
    }

    /// Hands a transaction to the validators.
    ///
    /// - Parameters:
    ///   - transaction: What its sender signed.
    ///   - waitMilliseconds: How long to wait for the block that carries it, 1 to 60,000; nothing
    ///     returns as soon as the gateway holds it.
    /// - Throws: ``ClientFailure``; a problem `finalityTimedOut` leaves it held at the gateway.
    public func submit(
        _ transaction: SignedTransaction, waitMilliseconds: UInt64? = nil
    ) async throws(ClientFailure) -> Acknowledgement {
        var call = GatewayCall("/v1/transactions")
        call.method = .post
        call.fields = ["Content-Type": "application/octet-stream"]
        call.body = .bytes(transaction.canonicalBytes)
        if let waitMilliseconds {
            call.query = [("wait", "final"), ("timeout", "\(waitMilliseconds)")]
            call.silenceMilliseconds = waitMilliseconds + Self.silenceMilliseconds
        }
        return try Acknowledgement(await json(call))
    }

    /// What became of a transaction.
    public func transaction(_ hash: Digest) async throws(ClientFailure) -> TransactionView {
        try TransactionView(await json(GatewayCall("/v1/transactions/\(hash)")))
    }

    /// An account; one that was never used is empty.
    public func account(_ account: AccountID) async throws(ClientFailure) -> AccountView {
        var call = GatewayCall("/v1/accounts/\(account)")
        call.query = [("limit", "100")]
        return try AccountView(await json(call))
    }

    /// Past events that concern an account, the oldest first; a gateway's word.
    ///
    /// - Parameters:
    ///   - account: Whose.
    ///   - limit: The most of them, 1 to 100.
    ///   - cursor: The `next` of the page before.
    public func events(
        of account: AccountID, limit: Int = 20, cursor: String? = nil
    ) async throws(ClientFailure) -> GatewayPage<PastEventView> {
        try await events("/v1/accounts/\(account)/events", limit, cursor)
    }

    /// Past events that concern a job, the oldest first; a gateway's word.
    ///
    /// - Parameters:
    ///   - job: Which.
    ///   - limit: The most of them, 1 to 100.
    ///   - cursor: The `next` of the page before.
    public func events(
        of job: JobID, limit: Int = 20, cursor: String? = nil
    ) async throws(ClientFailure) -> GatewayPage<PastEventView> {
        try await events("/v1/jobs/\(job)/events", limit, cursor)
    }

    private func events(
        _ path: String, _ limit: Int, _ cursor: String?
    ) async throws(ClientFailure) -> GatewayPage<PastEventView> {
        var call = GatewayCall(path)
        call.query = [("limit", "\(limit)")] + (cursor.map { [("cursor", $0)] } ?? [])
        return try GatewayPage(await json(call), "events") { one throws(ClientFailure) in
            try PastEventView(one)
        }
    }

    /// What the state holds under a module's key, as a file that proves it or proves that there is
    /// nothing; it proves nothing before a `LightVerifier` has checked it.
    ///
    /// - Throws: ``ClientFailure``; a problem `notCertified` while no block signed by a quorum
    ///   carries the state, and ``ClientFailure/badAnswer(_:)`` for a file about another key.
    public func proof(
        of module: ModuleID, _ key: [UInt8]
    ) async throws(ClientFailure) -> ProofFile {
        var call = GatewayCall("/v1/proofs/\(module.value)/\(Hexadecimal.encode(key))")
        call.answerBytesMax = ProofFile.bytesMax
        let body = try await send(call).body
        let file: ProofFile
        do {
            file = try ProofFile(bytes: body)
        } catch {
            throw .badAnswer("the proof does not read: \(error)")
        }
        guard
            file.sections.flatMap(\.entries).contains(where: {
                $0.module == module && $0.key == key
            })
        else { throw .badAnswer("the proof is of another key") }
        return file
    }

    /// Final blocks in ascending order.
    ///
    /// - Parameters:
    ///   - height: The first height; the newest blocks when missing.
    ///   - limit: The most of them, 1 to 100.
    public func blocks(
        from height: BlockHeight? = nil, limit: Int = 20
    ) async throws(ClientFailure) -> GatewayPage<BlockView> {
        var call = GatewayCall("/v1/blocks")
        call.query = [("limit", "\(limit)")] + (height.map { [("from", "\($0)")] } ?? [])
        return try GatewayPage(await json(call), "blocks") { one throws(ClientFailure) in
            try BlockView(one)
        }
    }

    /// A final block.
    public func block(_ height: BlockHeight) async throws(ClientFailure) -> BlockView {
        try BlockView(await json(GatewayCall("/v1/blocks/\(height)")))
    }

    /// Whether the gateway's process serves.
    public func isHealthy() async -> Bool {
        (try? await send(GatewayCall("/healthz"))) != nil
    }

    /// Checks that the gateway's node follows the chain.
    ///
    /// - Throws: ``ClientFailure``; a problem `notReady` says why it does not.
    public func checkReady() async throws(ClientFailure) {
        _ = try await send(GatewayCall("/readyz"))
    }

    /// Events as they happen.
    ///
    /// - Parameters:
    ///   - job: Only those about a job.
    ///   - account: Only those that mention an account.
    ///   - place: After which `height.index` to begin; the head when missing.
    ///   - reconnectsMax: How often in a row to come back without seeing an event between.
    public func events(
        job: JobID? = nil, account: AccountID? = nil, after place: String? = nil,
        reconnectsMax: Int = 8
    ) throws(ClientFailure) -> CloudEvents {
        var call = GatewayCall("/v1/events")
        if let job { call.query.append(("job", "\(job)")) }
        if let account { call.query.append(("account", "\(account)")) }
        let events = http.events(
            try request(of: call), lastEventID: place ?? "", reconnectsMax: reconnectsMax)
        return CloudEvents(client: self, events: events)
    }
}
