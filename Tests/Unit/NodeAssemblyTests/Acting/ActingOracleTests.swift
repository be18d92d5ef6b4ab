// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Ledger
import Mandates
import NodeAssembly
import Testing
import Vocabulary

/// Random cuts of transfers, mandates and messages under mandates: the ledger on one, two and eight
/// workers does what plain books say (EXECUTION-8, MANDATES-3 to MANDATES-9).
@Suite("Acting for others, by the books")
struct ActingOracleTests {
    @Test("random cuts give what plain books say, and one root", arguments: 0..<12)
    func oracle(seed: Int) throws {
        var cast = try Cast(seed: UInt64(seed))
        for _ in 0..<20 {
            let cut = cast.cut()
            let result = try cast.borough.execute(cut.map(\.signed))
            let expected = cast.books.execute(cut.map(\.paper))
            #expect(result.outcomes.map(Borough.words) == expected, "seed \(seed)")
            let held = (0..<Cast.people).map { cast.borough.balance($0) }
            try #require(held == cast.books.balances, "seed \(seed)")
            for (name, promise) in cast.books.promises {
                let item = MandatesQueries(cast.borough.machine).expenses(of: name)
                #expect(item.item(of: .native)?.total.units ?? 0 == promise.spent)
            }
            cast.remember()
        }
        #expect(cast.books.promises.values.contains { $0.spent > 0 })
    }
}

/// Those who pay, grant and act, and what they come up with.
private struct Cast {
    static let people = 8

    let borough: Borough
    var books: PlainBooks
    private var random: SplitMix
    private var granted: [MandateID] = []

    init(seed: UInt64) throws {
        let start: UInt64 = 5_000
        let balances = [UInt64](repeating: start, count: Self.people - 1) + [0]
        borough = try Borough(balances: balances.map { Amount(UInt128($0)) })
        books = PlainBooks(
            balances: balances.map { UInt128($0) },
            nonces: [UInt64](repeating: 0, count: Self.people))
        random = SplitMix(seed: seed)
    }

    struct Sent {
        let signed: SignedTransaction
        let paper: PlainBooks.Paper
    }

    /// Keeps the names of mandates that there are.
    mutating func remember() { granted = books.promises.keys.sorted() }

    mutating func cut() -> [Sent] {
        var next = books.nonces
        return (0..<random.below(14)).map { _ in
            let sender = random.below(Self.people)
            var nonce = next[sender]
            next[sender] += 1
            // Now and then a nonce that is wrong.
            if random.below(20) == 0 { nonce += 1 }
            return sent(by: sender, nonce: nonce)
        }
    }

    private mutating func sent(by sender: Int, nonce: UInt64) -> Sent {
        var deeds = (0...random.below(3)).map { _ in deed(by: sender) }
        if let name = mandate(), random.below(4) == 0 { deeds.insert(.payFees(name), at: 0) }
        let messages = deeds.map(message)
        let signed = borough.signed(sender, messages, nonce: nonce)
        var names: [Int: MandateID] = [:]
        for (place, deed) in deeds.enumerated() {
            guard case .grant(let parent, let promise) = deed else { continue }
            names[place] = id(parent, promise, borough.account(sender), signed.hash)
        }
        return Sent(
            signed: signed,
            paper: PlainBooks.Paper(
                sender: sender, nonce: nonce, fee: 10 + UInt128(messages.count), deeds: deeds,
                names: names))
    }

    private mutating func mandate() -> MandateID? {
        granted.isEmpty ? nil : granted[random.below(granted.count)]
    }

    private mutating func deed(by sender: Int) -> PlainBooks.Deed {
        let amount = UInt128(1 + random.below(400))
        let to = random.below(Self.people)
        guard let name = mandate() else {
            return random.below(3) > 0 ? grant(nil) : .pay(to: to, amount)
        }
        switch random.below(12) {
        case 0, 1, 2: return .pay(to: to, amount)
        case 3, 4: return grant(nil)
        case 5: return grant(name)
        case 6: return .revoke(name)
        default:
            // Mostly one's own mandate.
            let own = granted.filter { books.promises[$0]?.delegate == sender }
            let chosen = own.isEmpty ? name : own[random.below(own.count)]
            return .act(chosen, to: to, amount)
        }
    }

    private mutating func grant(_ parent: MandateID?) -> PlainBooks.Deed {
        // No two grants alike, so that none is refused for that.
        let total = UInt128(100 + random.below(100_000))
        return .grant(
            parent,
            PlainBooks.Promise(
                principal: 0, delegate: random.below(Self.people), parent: parent, total: total,
                paysFees: random.below(2) == 0))
    }

    private func scope(_ promise: PlainBooks.Promise) -> MandateScope {
        MandateScope(
            kinds: [MessageKind(.accounts, tag: 0)],
            budgets: [Budget(total: Amount(promise.total))], from: Timestamp(0),
            until: Timestamp(.max), paysFees: promise.paysFees)
    }

    private func message(_ deed: PlainBooks.Deed) -> Message {
        switch deed {
        case .pay(let to, let amount):
            return Borough.pay(borough.account(to), UInt64(amount))
        case .grant(let parent, let promise):
            let delegate = borough.account(promise.delegate)
            guard let parent else {
                return MandatesMessage.grant(
                    GrantMandate(delegate: delegate, scope: scope(promise))
                ).message
            }
            return MandatesMessage.narrow(
                NarrowMandate(parent: parent, delegate: delegate, scope: scope(promise))
            ).message
        case .revoke(let name): return MandatesMessage.revoke(RevokeMandate(name)).message
        case .act(let name, let to, let amount):
            let inner = Borough.pay(borough.account(to), UInt64(amount))
            return MandatesMessage.act(ActForPrincipal(name, inner)).message
        case .payFees(let name): return MandatesMessage.payFees(PayFees(name)).message
        }
    }

    private func id(
        _ parent: MandateID?, _ promise: PlainBooks.Promise, _ sender: AccountID, _ hash: Digest
    ) -> MandateID {
        let delegate = borough.account(promise.delegate)
        guard let parent else {
            return GrantMandate(delegate: delegate, scope: scope(promise))
                .id(sender: sender, transaction: hash)
        }
        return NarrowMandate(parent: parent, delegate: delegate, scope: scope(promise))
            .id(sender: sender, transaction: hash)
    }
}

/// A small generator with a seed (SplitMix64), so that every failure can be run again.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
