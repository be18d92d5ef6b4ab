// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Effects
import Ledger
import NodeInterface
import Validators
import Vocabulary

/// What owners of nodes ask of the module Validators, asked again until a set grants it.
///
/// Touched only by the world's tasks and, between its runs, by who drives it: one at a time.
final class Petitions: @unchecked Sendable {
    /// What is asked for.
    enum Wish: Equatable {
        case join(stake: UInt64)
        case leave
        case rotateKey
    }

    /// How far a wish has come.
    private enum Standing { case unheard, heard, granted }

    private struct Petition {
        let member: Member
        let wish: Wish
        var isGranted = false
    }

    private let fleet: Fleet
    private var petitions: [Petition] = []

    init(_ fleet: Fleet) { self.fleet = fleet }

    /// Those that no set has granted yet, in words.
    var open: [String] {
        petitions.filter { !$0.isGranted }.map { "\($0.member.name) \($0.wish)" }
    }

    /// Owners ask for something.
    func ask(_ wish: Wish, for names: [String]) {
        for member in fleet.members where names.contains(member.name) && !member.isTwin {
            petitions.append(Petition(member: member, wish: wish))
        }
        insist()
    }

    /// Looks how every owner's first open wish stands, and hands in what was not heard.
    func insist() {
        var busy: Set<AccountID> = []
        for (place, petition) in petitions.enumerated()
        where !petition.isGranted && busy.insert(petition.member.account).inserted {
            let own = fleet.running.first { $0.name == petition.member.name }
            guard let (_, node, effects) = own ?? fleet.running.first else { return }
            effects.tasks.spawn("petition") { [self] in
                if await pursue(petition, through: node) { petitions[place].isGranted = true }
            }
        }
    }

    /// - Returns: Whether the wish is granted.
    private func pursue(_ petition: Petition, through node: any NodeAccess) async -> Bool {
        let account = petition.member.account
        let (standing, nonce) = await node.read { state, _ in
            (
                Self.standing(of: petition, in: state),
                AccountsModule().nextNonce(of: account, in: state)
            )
        }
        guard standing == .unheard, let message = message(petition) else {
            return standing == .granted
        }
        let key = petition.member.key
        let transaction = Transaction(
            chain: fleet.genesis.chain, sender: key.publicKey, nonce: nonce,
            feeMax: Amount(whole: 1), validUntil: Payments.validUntil, messages: [message])
        _ = try? await node.submit(transaction.signed(by: key))
        return false
    }

    private func message(_ petition: Petition) -> Message? {
        let member = petition.member
        let chain = fleet.genesis.chain
        switch petition.wish {
        case .join(let stake):
            let claim = KeyClaim(member.key, for: member.account, on: chain)
            return ValidatorsMessage.join(
                JoinValidators(
                    claim: claim, name: member.name, stake: Amount(whole: stake),
                    fees: member.account)
            ).message
        case .leave: return ValidatorsMessage.leave.message
        case .rotateKey:
            return member.nextKey.map {
                ValidatorsMessage.rotateKey(KeyClaim($0, for: member.account, on: chain)).message
            }
        }
    }

    private static func standing(of petition: Petition, in state: any StateReader) -> Standing {
        let queries = ValidatorsQueries(state)
        let account = petition.member.account
        let seats = queries.nextSet.flatMap { queries.seats(of: $0.epoch) }?.seats ?? []
        let seat = seats.first { $0.account == account }
        let member = queries.member(of: account)
        switch petition.wish {
        case .join:
            guard let member, member.status == .active else { return .unheard }
            return seat == nil ? .heard : .granted
        case .leave:
            switch member?.status {
            case .unbonding, .withdrawn: return seat == nil ? .granted : .heard
            case .leaving: return .heard
            case .active, .jailed, nil: return .unheard
            }
        case .rotateKey:
            guard let key = petition.member.nextKey?.publicKey, member?.key == key else {
                return .unheard
            }
            return seat?.key == key ? .granted : .heard
        }
    }
}
