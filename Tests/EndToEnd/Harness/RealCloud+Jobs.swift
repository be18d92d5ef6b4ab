// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import JSONText
import Market
import Testing
import Vocabulary

/// A job that orders and settles within seconds when all goes well.
struct SmallJob: Sendable {
    var module: [UInt8]
    var input: [UInt8] = []
    var replicas: UInt8 = 2
    var timeoutMilliseconds: UInt64 = 60_000
    /// How long one provider may take before its lease goes to another.
    var wallMilliseconds: UInt64 = 15_000
    var fuelMax = Fuel(100_000_000)

    var request: JobRequest {
        var request = JobRequest(module: .bytes(module))
        request.standardInput = .bytes(input)
        request.replicas = replicas
        request.timeoutMilliseconds = timeoutMilliseconds
        request.wallMilliseconds = wallMilliseconds
        request.fuelMax = fuelMax
        return request
    }
}

extension RealCloud {
    /// Orders with the key that holds the money.
    var session: JobSession { JobSession(client: client, genesis: genesis, key: key) }

    /// Runs a job to its checked receipt.
    func run(_ job: SmallJob) async throws -> JobReport { try await session.run(job.request) }

    /// Orders jobs one after another and returns as soon as all orders are final.
    func order(_ count: Int, of job: SmallJob) async throws -> [OpenedJob] {
        var opened: [OpenedJob] = []
        for _ in 0..<count { opened.append(try await session.order(job.request)) }
        return opened
    }

    /// Orders jobs all at the same moment, with one key.
    func orderAtOnce(_ count: Int, of job: SmallJob) async throws -> [OpenedJob] {
        try await withThrowingTaskGroup(of: OpenedJob.self) { group in
            for _ in 0..<count { group.addTask { try await self.session.order(job.request) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Waits until jobs have ended.
    func ends(
        of jobs: [OpenedJob], within seconds: UInt64 = 90
    ) async throws -> [JobView] {
        var views: [JobView] = []
        for job in jobs {
            views.append(try await session.wait(for: job.job, milliseconds: seconds * 1_000))
        }
        return views
    }
}

// MARK: - Money

extension RealCloud {
    /// Everything that accounts had at the beginning: their balances without what the genesis put
    /// into pools.
    var supplyAtGenesis: Amount {
        get throws {
            let modules = genesis.json["modules"]
            let balances = try Self.sum(modules?["accounts"]?["balances"]?.elements ?? [])
            let pools = modules?["treasury"]?["pools"]?.elements ?? []
            let common = try Self.sum(pools.flatMap { $0["holdings"]?.elements ?? [] })
            guard let rest = balances.subtracting(common) else {
                throw HarnessFailure("the genesis puts more into pools than there is")
            }
            return rest
        }
    }

    private static func sum(_ rows: [JSON]) throws -> Amount {
        try rows.reduce(Amount.zero) { sum, row in
            guard let amount = row["amount"]?.text.flatMap({ Amount($0) }) else {
                throw HarnessFailure("an amount of the genesis does not read")
            }
            return try Self.sum(sum, amount)
        }
    }

    /// Where all money is when no order is live: balances, bonds, what slashing burnt, and what of
    /// fees and payments was burnt or is everybody's.
    struct Money: Hashable, Sendable {
        var balances = Amount.zero
        var bonds = Amount.zero
        var slashed = Amount.zero
        var divided = Amount.zero

        var total: Amount? { balances.adding(bonds)?.adding(slashed)?.adding(divided) }
    }

    /// Adds up every account, of the client, the providers and the validators.
    func money() async throws -> Money {
        var money = Money()
        let accounts = nodes.map(\.account) + [AccountID(of: key.publicKey)]
        for account in Set(accounts) {
            let balance = try await client.account(account).balance()
            money.balances = try Self.sum(money.balances, balance)
        }
        for provider in try await client.providers(limit: 100).items {
            money.bonds = try Self.sum(money.bonds, provider.bond)
            guard let units = provider.json["slashed"]?.text.flatMap({ UInt128($0) }) else {
                throw HarnessFailure("a provider shows no sum slashed")
            }
            money.slashed = try Self.sum(money.slashed, Amount(units))
        }
        let revenue = try await client.law()["revenue"]
        for name in ["burnt", "treasury", "validators"] {
            guard let units = revenue?[name]?.text.flatMap({ UInt128($0) }) else {
                throw HarnessFailure("the law does not say what was divided")
            }
            money.divided = try Self.sum(money.divided, Amount(units))
        }
        return money
    }

    private static func sum(_ left: Amount, _ right: Amount) throws -> Amount {
        guard let sum = left.adding(right) else { throw HarnessFailure("a sum overflows") }
        return sum
    }
}

// MARK: - What must hold

extension RealCloud {
    /// The account that holds the money.
    var account: AccountID { AccountID(of: key.publicKey) }

    /// Nothing was made and nothing was lost: what slashing took is burnt but for the part that
    /// paid providers.
    func expectMoneyIsWhole(
        paidFromBonds: Amount = .zero, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let supply = try supplyAtGenesis.adding(paidFromBonds)
        // Two looks at the same state, since every answer is of its own moment.
        var money = try await money()
        _ = try await eventually(within: 10) {
            let again = try await self.money()
            defer { money = again }
            return again == money
        }
        #expect(money.total == supply, "\(money)", sourceLocation: sourceLocation)
    }

    /// The client paid each job's cost and each order's fee, once.
    func expectPaidOnce(
        _ jobs: [OpenedJob], _ views: [JobView], before: Amount,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var expected: Amount? = before
        for job in jobs { expected = expected?.subtracting(job.sent.outcome.fee) }
        for view in views {
            expected = expected?.subtracting(view.settlement?.cost ?? .zero)
            let paid = view.settlement?.executions.reduce(Amount?.some(.zero)) { sum, one in
                sum?.adding(one.paid)
            }
            #expect(paid == view.settlement?.cost, sourceLocation: sourceLocation)
        }
        let after = try await client.account(account).balance()
        #expect(after == expected, sourceLocation: sourceLocation)
        let listed = try await client.jobs(of: account, limit: 100).items
        #expect(Set(listed.map(\.job)) == Set(jobs.map(\.job)), sourceLocation: sourceLocation)
        #expect(listed.count == jobs.count, sourceLocation: sourceLocation)
    }

    /// Those who run a job, as soon as there are so many.
    func leases(of job: JobID, atLeast count: Int) async -> [AccountID]? {
        var found: [AccountID] = []
        let isLeased = await eventually {
            found = (try? await client.job(job).leases.map(\.provider)) ?? []
            return found.count >= count
        }
        return isLeased ? found : nil
    }
}

extension Receipt {
    /// What slashed bonds paid to providers.
    var sumPaidFromBonds: Amount {
        executions.reduce(.zero) { $0.adding($1.paidFromBonds) ?? $0 }
    }
}
