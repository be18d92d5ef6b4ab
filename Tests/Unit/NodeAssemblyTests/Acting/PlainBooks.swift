// SPDX-License-Identifier: Apache-2.0
import Ledger
import Mandates
import Vocabulary

/// The rules of acting for others read aloud, over maps of numbers: who may spend what, whose money
/// it is, and who pays the fee. What it says of a cut must be what the ledger does.
struct PlainBooks {
    /// A mandate in the least words: it covers transfers, for ever.
    struct Promise {
        let principal: Int
        let delegate: Int
        let parent: MandateID?
        let total: UInt128
        let paysFees: Bool
        var spent: UInt128 = 0
    }

    /// One message.
    enum Deed {
        case pay(to: Int, UInt128)
        case grant(MandateID?, Promise)
        case revoke(MandateID)
        case act(MandateID, to: Int, UInt128)
        case payFees(MandateID)
    }

    /// One transaction: whose, with which nonce and fee, and what it asks.
    struct Paper {
        let sender: Int
        let nonce: UInt64
        let fee: UInt128
        let deeds: [Deed]
        /// The names of the mandates it would grant, by the places of its deeds.
        let names: [Int: MandateID]

        var isNative: Bool {
            deeds.allSatisfy { if case .pay = $0 { true } else { false } }
        }
    }

    struct No: Error { let name: String }

    var balances: [UInt128]
    var nonces: [UInt64]
    var promises: [MandateID: Promise] = [:]
    let proposer = 0

    /// Carries a cut out and says what became of each paper.
    mutating func execute(_ cut: [Paper]) -> [String] {
        var words = [String](repeating: "", count: cut.count)
        var serial: Set<Int> = []
        var late: [Int] = []
        var incoming = [UInt128](repeating: 0, count: balances.count)
        for (index, paper) in cut.enumerated() {
            guard paper.isNative, !serial.contains(paper.sender) else {
                serial.insert(paper.sender)
                late.append(index)
                continue
            }
            words[index] = outcome { books in
                try books.checkNonce(of: paper)
                guard books.balances[paper.sender] >= paper.fee else {
                    throw No(name: "skipped feeNotCovered")
                }
                books.nonces[paper.sender] += 1
                books.balances[paper.sender] -= paper.fee
                incoming[books.proposer] += paper.fee
                var rest = books.balances[paper.sender]
                var gifts: [(Int, UInt128)] = []
                for case .pay(let to, let amount) in paper.deeds {
                    guard rest >= amount else { return "insufficientBalance" }
                    rest -= amount
                    gifts.append((to, amount))
                }
                books.balances[paper.sender] = rest
                for (to, amount) in gifts { incoming[to] += amount }
                return "applied"
            }
        }
        for index in incoming.indices { balances[index] += incoming[index] }
        for index in late {
            let paper = cut[index]
            words[index] = outcome { try $0.serve(paper) }
        }
        return words
    }

    private mutating func outcome(_ body: (inout PlainBooks) throws -> String) -> String {
        let before = self
        do {
            return try body(&self)
        } catch {
            self = before
            return (error as? No)?.name ?? "\(error)"
        }
    }

    private func checkNonce(of paper: Paper) throws {
        guard paper.nonce >= nonces[paper.sender] else { throw No(name: "skipped nonceTooLow") }
        guard paper.nonce == nonces[paper.sender] else { throw No(name: "skipped nonceTooHigh") }
    }

    /// A paper of the second section.
    private mutating func serve(_ paper: Paper) throws -> String {
        try checkNonce(of: paper)
        try payFee(of: paper)
        nonces[paper.sender] += 1
        let paid = self
        do {
            for (place, deed) in paper.deeds.enumerated() { try carryOut(deed, place, of: paper) }
            return "applied"
        } catch {
            self = paid
            return (error as? No)?.name ?? "\(error)"
        }
    }

    private mutating func payFee(of paper: Paper) throws {
        var payer = paper.sender
        if case .payFees(let name)? = paper.deeds.first {
            do {
                let chain = try chain(to: name, by: paper.sender)
                guard chain.allSatisfy({ promises[$0]?.paysFees ?? false }) else {
                    throw No(name: "paysNoFees")
                }
                for deed in paper.deeds.dropFirst() {
                    if case .act(let other, _, _) = deed, other == name { continue }
                    if case .pay = deed { continue }
                    throw No(name: "kindNotCovered")
                }
                try charge(paper.fee, to: chain)
                payer = promises[name]?.principal ?? payer
            } catch {
                throw No(name: "skipped \((error as? No)?.name ?? "")")
            }
        }
        guard balances[payer] >= paper.fee else { throw No(name: "skipped feeNotCovered") }
        balances[payer] -= paper.fee
        balances[proposer] += paper.fee
    }

    private func chain(to name: MandateID, by sender: Int) throws -> [MandateID] {
        guard var promise = promises[name] else { throw No(name: "unknownMandate") }
        var chain = [name]
        while let parent = promise.parent {
            guard let above = promises[parent] else { throw No(name: "mandateEnded") }
            promise = above
            chain.append(parent)
        }
        guard promises[name]?.delegate == sender else { throw No(name: "notDelegate") }
        return chain
    }

    private mutating func charge(_ amount: UInt128, to chain: [MandateID]) throws {
        for name in chain {
            guard var promise = promises[name] else { continue }
            promise.spent += amount
            guard promise.spent <= promise.total else { throw No(name: "overBudget") }
            promises[name] = promise
        }
    }

    private mutating func carryOut(_ deed: Deed, _ place: Int, of paper: Paper) throws {
        switch deed {
        case .pay(let to, let amount): try move(amount, from: paper.sender, to: to)
        case .payFees: return
        case .revoke(let name):
            guard let promise = promises[name] else { throw No(name: "unknownMandate") }
            var people = [promise.principal]
            var link: Promise? = promise
            var isWhole = true
            while let one = link {
                people.append(one.delegate)
                if let parent = one.parent, promises[parent] == nil { isWhole = false }
                link = one.parent.flatMap { promises[$0] }
            }
            guard !isWhole || people.contains(paper.sender) else { throw No(name: "mayNotRevoke") }
            promises[name] = nil
        case .grant(let parent, let promise):
            if let parent {
                let chain = try chain(to: parent, by: paper.sender)
                let people =
                    chain.compactMap { promises[$0]?.delegate }
                    + [promises[parent]?.principal ?? -1]
                guard !people.contains(promise.delegate) else { throw No(name: "loop") }
                guard let whole = promises[parent], promise.total <= whole.total,
                    whole.paysFees || !promise.paysFees
                else { throw No(name: "widens") }
            } else if promise.delegate == paper.sender {
                throw No(name: "loop")
            }
            guard let name = paper.names[place] else { return }
            promises[name] = Promise(
                principal: parent.flatMap { promises[$0]?.principal } ?? paper.sender,
                delegate: promise.delegate, parent: parent, total: promise.total,
                paysFees: promise.paysFees)
        case .act(let name, let to, let amount):
            let chain = try chain(to: name, by: paper.sender)
            let principal = promises[name]?.principal ?? 0
            try move(amount, from: principal, to: to)
            // What comes back to the principal itself is not spent.
            if to != principal { try charge(amount, to: chain) }
        }
    }

    private mutating func move(_ amount: UInt128, from: Int, to: Int) throws {
        guard balances[from] >= amount else { throw No(name: "insufficientBalance") }
        balances[from] -= amount
        balances[to] += amount
    }
}
