// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Ledger
import Market
import NodeInterface
import Receipts
import Testing
import Vocabulary

/// What the client does, through one gateway.
extension SimulatedCloud {
    /// A signed transaction of the client with its next nonce.
    func sign(_ messages: [Message], nonce: UInt64? = nil) -> SignedTransaction {
        if nonce == nil { self.nonce += 1 }
        return Transaction(
            chain: genesis.chain, sender: client.publicKey, nonce: nonce ?? self.nonce - 1,
            feeMax: Amount(whole: 1), validUntil: BlockHeight(10_000), messages: messages
        ).signed(by: client)
    }

    /// Hands a transaction to a node; what it says against it, or nothing.
    func submit(
        _ transaction: SignedTransaction, through name: String = "gateway-1"
    ) throws -> Refusal? {
        let node = try node(name)
        return try on(name) {
            do throws(Refusal) {
                try await node.submit(transaction)
                return nil
            } catch {
                return error
            }
        }
    }

    /// Sends a payment of the client through one node.
    func pay(
        _ amount: Amount, to account: AccountID, through name: String = "gateway-1"
    ) throws {
        let transfer = AccountsMessage.transfer(Transfer([Transfer.Part(to: account, amount)]))
        #expect(try submit(sign([transfer.message]), through: name) == nil)
    }

    /// Keeps bytes at a node.
    func keep(_ bytes: [UInt8], at name: String = "gateway-1") throws -> Digest {
        let node = try node(name)
        let kept = try on(name) { try? await node.blobs.keep(bytes) }
        return try #require(kept)
    }

    /// Opens an order for a program and returns its job.
    ///
    /// - Parameter lifeMilliseconds: From now to the deadline.
    func open(
        _ program: Program, replicas: UInt8 = 2, maxCost: Amount = Amount(whole: 1),
        lifeMilliseconds: UInt64 = 90_000, through name: String = "gateway-1"
    ) throws -> JobID {
        let order = try order(
            program, replicas: replicas, maxCost: maxCost, lifeMilliseconds: lifeMilliseconds,
            at: name)
        let message = MarketMessage.openOrder(order)
        let transaction = sign([Message(module: .market, payload: message.canonicalBytes)])
        #expect(try submit(transaction, through: name) == nil)
        return order.job(sender: clientAccount, transaction: transaction.hash)
    }

    private func order(
        _ program: Program, replicas: UInt8, maxCost: Amount, lifeMilliseconds: UInt64,
        at name: String
    ) throws -> OpenOrder {
        let module = try keep(program.module, at: name)
        let input = try inputDigest(program, at: name)
        let time = try head(of: name).time
        let salt = SHA256.hash("salt \(nonce)".utf8.map { $0 }).raw
        return OpenOrder(
            terms: OrderTerms(
                moduleDigest: module, inputDigest: input, arguments: program.arguments,
                limits: program.limits, replicas: replicas, maxCost: maxCost,
                deadline: time.advanced(by: lifeMilliseconds), salt: salt))
    }

    private func inputDigest(_ program: Program, at name: String) throws -> Digest {
        if let bytes = program.inputBytes { return try keep(bytes, at: name) }
        let standardInput = JobInput.Blob(
            digest: SHA256.hash(program.standardInput), size: UInt64(program.standardInput.count))
        let input = try #require(JobInput(standardInput: standardInput, files: []))
        guard program.isInputKept else { return SHA256.hash(input.canonicalBytes) }
        _ = try keep(program.standardInput, at: name)
        return try keep(input.canonicalBytes, at: name)
    }

    // MARK: What becomes of jobs

    /// A job as a node has it: live, ended, or unknown.
    func job(_ job: JobID, at name: String = "gateway-1") throws -> JobRecord? {
        try read(at: name) { state, _ in MarketQueries(state).job(job) }
    }

    /// The receipt of a job that has ended.
    func receipt(of job: JobID, at name: String = "gateway-1") throws -> Receipt? {
        try read(at: name) { state, _ in MarketQueries(state).receipt(job) }
    }

    /// Lets time pass until every job has its receipt.
    func finish(
        _ jobs: [JobID], withinMilliseconds milliseconds: UInt64 = 60_000,
        at name: String = "gateway-1"
    ) throws -> [Receipt] {
        let ended = try run(forAtMostMilliseconds: milliseconds) {
            try jobs.allSatisfy { try receipt(of: $0, at: name) != nil }
        }
        try #require(ended, "the jobs end in \(milliseconds) ms")
        return try jobs.map { try #require(try receipt(of: $0, at: name)) }
    }

    /// Lets time pass until a live order satisfies something.
    func wait(
        for job: JobID, at name: String = "gateway-1", until isDone: (Order) -> Bool
    ) throws {
        let done = try run(forAtMostMilliseconds: 30_000) {
            guard case .live(let order)? = try self.job(job, at: name) else { return false }
            return isDone(order)
        }
        try #require(done)
    }

    /// Lets time pass until so many providers are registered.
    func waitForProviders(_ count: Int? = nil) throws {
        let wanted = count ?? providers.count
        let ready = try run(forAtMostMilliseconds: 20_000) {
            try providers.count { try provider($0.account)?.isActive == true } >= wanted
        }
        try #require(ready, "the providers register")
    }

    /// The receipt of a job as a file that anybody can check.
    func certify(_ job: JobID, at name: String = "gateway-1") throws -> ReceiptFile {
        let node = try node(name)
        let certified = try on(name) {
            try? await node.certify(.market, MarketKeys.receipt(job), milliseconds: 10_000)
        }
        let value = try #require(certified)
        return ReceiptFile(
            receipt: try Receipt(canonicalBytes: try #require(value.value)), proof: value.proof,
            header: value.header, finality: value.finality)
    }

    /// What a finished job wrote, fetched through a node.
    func output(of receipt: Receipt, at name: String = "gateway-1") throws -> JobOutput {
        let node = try node(name)
        let digest = try #require(receipt.result?.outputDigest)
        let bytes = try on(name) {
            try? await node.blobs.bytes(of: digest, limit: UInt64(JobOutput.bytesMax) * 2)
        }
        return try JobOutput(canonicalBytes: try #require(bytes))
    }
}
