// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Market
import Testing
import Vocabulary

/// The messages of the tests, with figures that fit each other: a share of 1,000 and bids whose
/// worst case is `base + 100 × rate`.
extension MarketWorld {
    func terms(
        replicas: UInt8 = 2, asset: AssetID = .native, maxCost: Amount = Amount(2_000),
        arguments: [String] = ["--count"], limits: JobLimits = MarketWorld.limits,
        lasting milliseconds: UInt64 = 100_000, salt: UInt8 = 0
    ) -> OrderTerms {
        OrderTerms(
            moduleDigest: SHA256.hash([1]), inputDigest: SHA256.hash([2]), arguments: arguments,
            limits: limits, replicas: replicas, asset: asset, maxCost: maxCost,
            deadline: time.advanced(by: milliseconds), salt: SHA256.hash([salt]).raw)
    }

    static let limits = JobLimits(
        fuelMax: Fuel(100_000_000), memoryBytesMax: 65_536, outputBytesMax: 1_000,
        wallMilliseconds: 5_000)

    static func price(_ base: UInt128, rate: UInt128 = 1) -> Price {
        Price(base: Amount(base), perMillionFuel: Amount(rate))
    }

    /// Opens an order in a block of its own.
    func open(_ terms: OrderTerms) throws -> JobID {
        let message = OpenOrder(terms: terms)
        let outcome = try block(after: 0, [(client, .openOrder(message))])
        try #require(outcome.refusals.isEmpty)
        return message.job(sender: client, transaction: .zero)
    }

    func bid(_ index: Int, on job: JobID, _ price: Price) -> (AccountID, MarketMessage) {
        (provider(index), .placeBid(PlaceBid(job: job, price: price)))
    }

    /// Opens an order and lets these providers bid 100, 101, 102, … in one block.
    func openAndLease(_ terms: OrderTerms, to indexes: [Int]) throws -> JobID {
        let job = try open(terms)
        let bids = indexes.enumerated().map { place, index in
            bid(index, on: job, Self.price(100 + UInt128(place)))
        }
        try #require(try block(bids).refusals.isEmpty)
        return job
    }

    static let truth = result("truth")

    static func result(_ text: String, fuel: UInt64 = 2_500_000) -> JobResult {
        JobResult(
            outcome: .exited(code: 0), outputDigest: SHA256.hash(Array(text.utf8)),
            outputBytes: 10, fuelUsed: Fuel(fuel))
    }

    func salt(_ index: Int) -> Bytes32 { SHA256.hash([9, UInt8(index)]).raw }

    func commit(
        _ index: Int, to result: JobResult = truth, in job: JobID
    ) -> (AccountID, MarketMessage) {
        let commitment = result.commitment(salt: salt(index), provider: provider(index))
        return (provider(index), .commitResult(CommitResult(job: job, commitment: commitment)))
    }

    func revelation(_ index: Int, of result: JobResult = truth, in job: JobID) -> RevealResult {
        let statement = ResultStatement(
            chain: chain, job: job, provider: provider(index), resultDigest: result.digest)
        return RevealResult(
            job: job, result: result, salt: salt(index), key: providers[index].publicKey,
            signature: providers[index].sign(statement.signedBytes))
    }

    func reveal(
        _ index: Int, of result: JobResult = truth, in job: JobID
    ) -> (AccountID, MarketMessage) {
        (provider(index), .revealResult(revelation(index, of: result, in: job)))
    }

    /// Lets each of these providers commit and reveal, all commitments first.
    @discardableResult
    func finish(_ results: [(Int, JobResult)], in job: JobID) throws -> Outcome {
        let commits = results.map { commit($0.0, to: $0.1, in: job) }
        try #require(try block(commits).refusals.isEmpty)
        let reveals = results.map { reveal($0.0, of: $0.1, in: job) }
        let outcome = try block(reveals)
        try #require(outcome.refusals.isEmpty)
        return outcome
    }

    func order(_ job: JobID) throws -> Order { try #require(queries.order(job)) }

    func receipt(_ job: JobID) throws -> Receipt { try #require(queries.receipt(job)) }

    /// The providers that hold leases, by their place in ``providers``, in the order of leases.
    func leased(_ job: JobID) throws -> [Int] {
        try order(job).leases.map { lease in
            try #require(providers.firstIndex { AccountID(of: $0.publicKey) == lease.provider })
        }
    }
}
