// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension TreasuryModule {
    /// Makes an account of several signers (TREASURY-1).
    func createMultisig(
        _ members: [AccountID], _ threshold: UInt8, from sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try check(members, threshold)
        let number = next(.multisigs, in: context)
        let account = Multisig.account(of: sender, number, on: context.block.chain)
        write(Multisig(account: account, members: members, threshold: threshold), in: context)
        context.emit(.multisigChanged, TreasuryNote(number, account))
    }

    /// Changes the members of the sender, which is such an account; what waits is void.
    func setMembers(
        _ members: [AccountID], _ threshold: UInt8, of sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        try check(members, threshold)
        var multisig = try known(sender, in: context)
        multisig.members = members
        multisig.threshold = threshold
        multisig.generation += 1
        write(multisig, in: context)
        context.emit(.multisigChanged, TreasuryNote(0, sender))
    }

    private func check(_ members: [AccountID], _ threshold: UInt8) throws(Refusal) {
        guard Multisig.isValid(members, threshold) else {
            throw .treasury(
                .badMembers,
                "1 to \(Multisig.membersMax) members ascend, and at most all of them must agree")
        }
    }

    func known(_ account: AccountID, in context: ExecutionContext) throws(Refusal) -> Multisig {
        guard let multisig = TreasuryQueries(context).multisig(account) else {
            throw .treasury(.unknown, "account \(account) has no members")
        }
        return multisig
    }

    private func write(_ multisig: Multisig, in context: ExecutionContext) {
        context.set(
            .treasury, TreasuryKeys.multisig(multisig.account), multisig.canonicalBytes)
    }

    /// Wants something done; with a threshold of one it happens at once (TREASURY-2).
    func propose(
        _ account: AccountID, _ messages: [Message], _ expires: Timestamp,
        from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var multisig = try known(account, in: context)
        guard multisig.members.contains(sender) else { throw Self.notMember(sender, account) }
        guard (1...Decision.messagesMax).contains(messages.count) else {
            throw .treasury(.badMessages, "1 to \(Decision.messagesMax) messages are decided")
        }
        guard expires > context.block.time else {
            throw .treasury(.expired, "it would be over at \(expires)")
        }
        let number = multisig.next
        multisig.next += 1
        write(multisig, in: context)
        let decision = Decision(
            proposer: sender, messages: messages, expires: expires,
            generation: multisig.generation)
        context.emit(.proposed, TreasuryNote(number, account))
        try settle(decision, number, of: multisig, in: context)
    }

    /// Agrees; the last that is needed makes it happen (TREASURY-2).
    func approve(
        _ account: AccountID, _ number: UInt64, from sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        let multisig = try known(account, in: context)
        guard multisig.members.contains(sender) else { throw Self.notMember(sender, account) }
        var decision = try waiting(number, of: account, in: context)
        guard context.block.time < decision.expires, decision.generation == multisig.generation
        else { throw .treasury(.expired, "decision \(number) is void") }
        guard !decision.approvals.contains(sender) else {
            throw .treasury(.alreadyApproved, "account \(sender) has agreed")
        }
        decision.approvals = (decision.approvals + [sender]).sorted()
        context.emit(.approved, TreasuryNote(number, account))
        try settle(decision, number, of: multisig, in: context)
    }

    /// Takes back a wish: its proposer at any time, anybody once it is void.
    func withdraw(
        _ account: AccountID, _ number: UInt64, from sender: AccountID,
        in context: ExecutionContext
    ) throws(Refusal) {
        let multisig = try known(account, in: context)
        let decision = try waiting(number, of: account, in: context)
        let isVoid =
            context.block.time >= decision.expires || decision.generation != multisig.generation
        guard isVoid || sender == decision.proposer else {
            throw .treasury(.notAllowed, "decision \(number) is not account \(sender)'s")
        }
        context.set(.treasury, TreasuryKeys.decision(account, number), nil)
        context.emit(.withdrawn, TreasuryNote(number, account))
    }

    private func waiting(
        _ number: UInt64, of account: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> Decision {
        guard let decision = TreasuryQueries(context).decision(number, of: account) else {
            throw .treasury(.unknown, "decision \(number) does not wait")
        }
        return decision
    }

    private static func notMember(_ sender: AccountID, _ account: AccountID) -> Refusal {
        .treasury(.notAllowed, "account \(sender) is no member of \(account)")
    }

    /// Keeps a decision, or does what it says, all or nothing.
    private func settle(
        _ decision: Decision, _ number: UInt64, of multisig: Multisig, in context: ExecutionContext
    ) throws(Refusal) {
        let key = TreasuryKeys.decision(multisig.account, number)
        guard decision.approvals.count >= Int(multisig.threshold) else {
            context.set(.treasury, key, decision.canonicalBytes)
            return
        }
        context.set(.treasury, key, nil)
        // A decision may not make another happen: so nothing nests without end.
        guard context.value(.treasury, Self.deciding) == nil else {
            throw .treasury(.nested, "a decision cannot make another one happen")
        }
        context.set(.treasury, Self.deciding, [1])
        for message in decision.messages {
            try dispatcher.execute(message, as: multisig.account, in: context)
        }
        context.set(.treasury, Self.deciding, nil)
        context.emit(.decided, TreasuryNote(number, multisig.account))
    }

    /// There only while a decision happens.
    private static let deciding: [UInt8] = [255]
}
