// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Ledger
public import Vocabulary

/// Random messages for simulations: mostly what honest people would send next, sometimes what
/// nobody should. The same generator and state always give the same messages.
public struct MarketWorkload: Sendable {
    /// A message and who sends it.
    public struct Request: Sendable {
        /// Who sends it.
        public let sender: AccountID
        /// What is sent.
        public let message: MarketMessage
    }

    private let clients: [AccountID]
    private let providers: [SigningKey]
    private let assets: [AssetID]
    private let liesPer256: UInt8

    /// Names the people of a simulation.
    ///
    /// - Parameters:
    ///   - clients: Who orders; one or more.
    ///   - providers: The keys of who runs jobs; one or more.
    ///   - assets: What orders are paid in; one or more.
    ///   - liesPer256: How many of 256 executions give a wrong result.
    public init(
        clients: [AccountID], providers: [SigningKey], assets: [AssetID] = [.native],
        liesPer256: UInt8 = 16
    ) {
        precondition(!clients.isEmpty && !providers.isEmpty && !assets.isEmpty, "nobody is there")
        self.clients = clients
        self.providers = providers
        self.assets = assets
        self.liesPer256 = liesPer256
    }

    /// The next message. Cost: a few reads of state and at most one signature.
    public func next(
        at block: BlockContext, in state: any StateReader,
        using generator: inout some RandomNumberGenerator
    ) -> Request {
        var draw = Draw(generator)
        defer { generator = draw.generator }
        guard let order = order(in: state, &draw) else { return opening(at: block, &draw) }
        switch draw.below(100) {
        case 0..<12: return opening(at: block, &draw)
        case 12..<45: return bid(on: order, &draw)
        case 45..<90: return progress(of: order, on: block.chain, &draw)
        case 90..<93: return giving(up: order, &draw)
        case 93..<95: return Request(sender: order.client, message: cancel(order))
        default: return nonsense(about: order, on: block.chain, &draw)
        }
    }
}

// MARK: - Honest messages

extension MarketWorkload {
    private func opening(
        at block: BlockContext, _ draw: inout Draw<some RandomNumberGenerator>
    ) -> Request {
        let wall = 100 + draw.below(5_000)
        let limits = JobLimits(
            fuelMax: Fuel(1 + draw.below(10_000_000)), memoryBytesMax: 1 + draw.below(1 << 20),
            outputBytesMax: 1 + draw.below(1 << 16), wallMilliseconds: wall)
        let terms = OrderTerms(
            moduleDigest: Digest(draw.bytes32()), inputDigest: Digest(draw.bytes32()),
            arguments: draw.below(2) == 0 ? [] : ["--seed", "\(draw.below(100))"],
            limits: limits, replicas: UInt8(1 + draw.below(5)), asset: draw.one(of: assets),
            maxCost: Amount(UInt128(1 + draw.below(1_000_000))),
            deadline: block.time.advanced(by: wall + draw.below(60_000)), salt: draw.bytes32())
        return Request(
            sender: draw.one(of: clients), message: .openOrder(OpenOrder(terms: terms)))
    }

    private func bid(
        on order: Order, _ draw: inout Draw<some RandomNumberGenerator>
    ) -> Request {
        let share = UInt64(clamping: order.terms.share.units)
        let price = Price(
            base: Amount(UInt128(draw.below(share / 2 + 1))),
            perMillionFuel: Amount(UInt128(draw.below(share / 20 + 1))))
        return Request(
            sender: AccountID(of: draw.one(of: providers).publicKey),
            message: .placeBid(PlaceBid(job: order.job, price: price)))
    }

    /// What a random lease of the order needs next, or a bid when it has none.
    private func progress(
        of order: Order, on chain: ChainID, _ draw: inout Draw<some RandomNumberGenerator>
    ) -> Request {
        let waiting = order.leases.filter { $0.revealed == nil }
        guard !waiting.isEmpty else { return bid(on: order, &draw) }
        let lease = draw.one(of: waiting)
        guard let key = providers.first(where: { AccountID(of: $0.publicKey) == lease.provider })
        else { return bid(on: order, &draw) }
        let message: MarketMessage =
            if lease.progress == .running {
                .commitResult(commitment(to: order, by: lease.provider))
            } else {
                .revealResult(revelation(of: order, by: key, on: chain))
            }
        return Request(sender: lease.provider, message: message)
    }

    private func commitment(to order: Order, by provider: AccountID) -> CommitResult {
        let result = result(of: order, by: provider)
        let salt = salt(of: provider, in: order.job)
        return CommitResult(
            job: order.job, commitment: result.commitment(salt: salt, provider: provider))
    }

    private func revelation(
        of order: Order, by key: SigningKey, on chain: ChainID
    ) -> RevealResult {
        let provider = AccountID(of: key.publicKey)
        let result = result(of: order, by: provider)
        let statement = ResultStatement(
            chain: chain, job: order.job, provider: provider, resultDigest: result.digest)
        return RevealResult(
            job: order.job, result: result, salt: salt(of: provider, in: order.job),
            key: key.publicKey, signature: key.sign(statement.signedBytes))
    }

    /// What a provider says a job gives: the same for all honest ones, and for half of the liars.
    private func result(of order: Order, by provider: AccountID) -> JobResult {
        let mood = SHA256.hash(order.job.raw.bytes + provider.raw.bytes).raw.bytes
        var origin = order.job.raw.bytes
        if mood[0] < liesPer256 { origin += mood[1] < 128 ? [1] : provider.raw.bytes }
        let output = SHA256.hash(origin)
        let size = UInt64(output.raw.bytes[0]) % order.terms.limits.outputBytesMax
        let fuel = order.terms.limits.fuelMax.value
        return JobResult(
            outcome: .exited(code: 0), outputDigest: output, outputBytes: size,
            fuelUsed: Fuel(fuel / 256 * UInt64(output.raw.bytes[1])))
    }

    private func salt(of provider: AccountID, in job: JobID) -> Bytes32 {
        SHA256.hash(provider.raw.bytes + job.raw.bytes).raw
    }
}

// MARK: - Other messages

extension MarketWorkload {
    private func giving(
        up order: Order, _ draw: inout Draw<some RandomNumberGenerator>
    ) -> Request {
        let reason = draw.one(of: GiveUpReason.allCases)
        let message = MarketMessage.giveUp(GiveUp(job: order.job, reason: reason))
        guard !order.leases.isEmpty else { return Request(sender: order.client, message: message) }
        return Request(sender: draw.one(of: order.leases).provider, message: message)
    }

    private func cancel(_ order: Order) -> MarketMessage {
        .cancelOrder(CancelOrder(job: order.job))
    }

    /// Messages from the wrong sender, about unknown jobs, or with values that do not fit.
    private func nonsense(
        about order: Order, on chain: ChainID, _ draw: inout Draw<some RandomNumberGenerator>
    ) -> Request {
        let key = draw.one(of: providers)
        let provider = AccountID(of: key.publicKey)
        let unknown = JobID(draw.bytes32())
        let message: MarketMessage =
            switch draw.below(6) {
            case 0: .revealResult(revelation(of: order, by: key, on: chain))
            case 1:
                .commitResult(CommitResult(job: order.job, commitment: Digest(draw.bytes32())))
            case 2: cancel(order)
            case 3: .cancelOrder(CancelOrder(job: unknown))
            case 4:
                .placeBid(
                    PlaceBid(
                        job: order.job,
                        price: Price(base: Amount(.max), perMillionFuel: Amount(.max))))
            default: .openOrder(OpenOrder(terms: order.terms))
            }
        return Request(
            sender: draw.below(2) == 0 ? provider : draw.one(of: clients), message: message)
    }

    /// A live order at a random place of the list.
    private func order(
        in state: any StateReader, _ draw: inout Draw<some RandomNumberGenerator>
    ) -> Order? {
        let queries = MarketQueries(state)
        let place = MarketKeys.order(JobID(draw.bytes32()))
        return queries.liveOrders(after: place, limit: 1).items.first
            ?? queries.liveOrders(limit: 1).items.first
    }
}

/// Draws from a generator in a way that never changes between versions of the standard library.
private struct Draw<Generator: RandomNumberGenerator> {
    private(set) var generator: Generator

    init(_ generator: Generator) { self.generator = generator }

    /// A number from 0 to `bound` - 1; the bias is below `bound` ÷ 2^64 and does no harm here.
    mutating func below(_ bound: UInt64) -> UInt64 { generator.next() % bound }

    mutating func one<Element>(of list: [Element]) -> Element {
        list[Int(below(UInt64(list.count)))]
    }

    mutating func bytes32() -> Bytes32 {
        let words = (0..<4).map { _ in generator.next() as UInt64 }
        return Bytes32 { out in
            for (index, word) in words.enumerated() {
                out.storeBytes(of: word.bigEndian, toByteOffset: 8 * index, as: UInt64.self)
            }
        }
    }
}
