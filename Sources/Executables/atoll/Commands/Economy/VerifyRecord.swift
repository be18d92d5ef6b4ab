// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import LightClient
import Staking
import Treasury
import Vocabulary

/// `atoll verify record`: what the state says of money and law, proven from the genesis.
enum VerifyRecord {
    /// What there is to prove.
    enum Kind: String, CaseIterable {
        case pool, grant, airdrop, auction, bounty, multisig, proposal, bond
    }

    static let command = CommandSpec(
        path: ["verify", "record"],
        summary: "prove a pool, grant, airdrop, auction, bounty, multisig, proposal or bond",
        discussion: """
            Fetches the record, and where money lies for it that too, with proofs that no gateway
            can forge, checks them from the genesis on, and shows what was proven. Names are
            numbers, an account for multisig, and ROLE:ACCOUNT for a bond.
            """,
        example: "atoll verify record pool 0",
        arguments: [
            ArgumentSpec(name: "kind", help: "what", choices: Kind.allCases.map(\.rawValue)),
            ArgumentSpec(name: "name", help: "which"),
        ], options: ProvenState.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        guard let kind = Kind(rawValue: invocation.arguments[0]) else {
            throw misused("'\(invocation.arguments[0])' is none of the kinds")
        }
        let name = invocation.arguments[1]
        let state = ProvenState(settings: ClientSettings(invocation, shell))
        let (facts, header) = try await facts(kind, name, in: state)
        guard let facts else {
            throw CommandFailure(
                status: .refused,
                what: "it is proven that there is no \(kind.rawValue) \(name) as of \(header.words)"
            )
        }
        let members = facts.map { JSON.Member($0.name, .string($0.value)) }
        let proven = JSON.Member("stateHeight", JSON(header.header.stateHeight.value))
        ResultText.write(.object(members + [proven]), as: invocation.format) {
            var text = TextFacts()
            for fact in facts { text.add(fact.name, fact.value) }
            text.add("proven as of", header.words)
            return text.text
        }
        return 0
    }

    private typealias Facts = [(name: String, value: String)]

    private static func misused(_ what: String) -> CommandFailure {
        CommandFailure(status: .misused, what: what)
    }

    /// What was proven of a record, or nothing when it is proven that there is none.
    private static func facts(
        _ kind: Kind, _ name: String, in state: ProvenState
    ) async throws -> (Facts?, CertifiedHeader) {
        switch kind {
        case .pool, .grant, .airdrop, .auction, .bounty, .proposal:
            guard let number = UInt64(name) else { throw misused("'\(name)' is no number") }
            return try await numbered(kind, number, in: state)
        case .multisig:
            guard let account = AccountID(hexadecimal: name) else {
                throw misused("'\(name)' is no account")
            }
            let (record, header) = try await state.read(
                .treasury, TreasuryKeys.multisig(account), as: Multisig.self)
            return (
                record.map { record in
                    [("must agree", "\(record.threshold)")]
                        + record.members.map { ("member", "\($0)") }
                }, header
            )
        case .bond:
            let parts = name.split(separator: ":")
            guard parts.count == 2, let role = Role(name: String(parts[0])),
                let account = AccountID(hexadecimal: String(parts[1]))
            else { throw misused("'\(name)' is no ROLE:ACCOUNT") }
            let (record, header) = try await state.read(
                .staking, StakingKeys.bond(role, account), as: RoleBond.self)
            return (
                record.map { [("bond", "\($0.base)"), ("offences", "\($0.offences)")] }, header
            )
        }
    }

    private static func numbered(
        _ kind: Kind, _ number: UInt64, in state: ProvenState
    ) async throws -> (Facts?, CertifiedHeader) {
        switch kind {
        case .pool:
            let (record, header) = try await state.read(
                .treasury, TreasuryKeys.pool(number), as: TreasuryPool.self)
            guard let record else { return (nil, header) }
            let held = try await held(.pool(number), .native, in: state)
            return (
                [("name", record.name), ("owner", "\(record.owner)"), ("holds", "\(held)")], header
            )
        case .grant:
            let (record, header) = try await state.read(
                .treasury, TreasuryKeys.grant(number), as: Grant.self)
            guard let record else { return (nil, header) }
            let earned = record.earned(at: header.header.timestamp)
            let held = try await held(.grant(number), record.asset, in: state)
            return (
                [
                    ("total", "\(record.total)"), ("earned", "\(earned)"),
                    ("claimed", "\(record.claimed)"), ("lies there", "\(held)"),
                ], header
            )
        case .airdrop:
            let (record, header) = try await state.read(
                .treasury, TreasuryKeys.airdrop(number), as: Airdrop.self)
            guard let record else { return (nil, header) }
            let held = try await held(.airdrop(number), record.asset, in: state)
            return (
                [
                    ("root", "\(record.root)"), ("left", "\(record.held)"),
                    ("lies there", "\(held)"),
                ],
                header
            )
        case .auction, .bounty, .proposal, .multisig, .bond:
            return try await others(kind, number, in: state)
        }
    }

    private static func others(
        _ kind: Kind, _ number: UInt64, in state: ProvenState
    ) async throws -> (Facts?, CertifiedHeader) {
        switch kind {
        case .auction:
            let (record, header) = try await state.read(
                .treasury, TreasuryKeys.auction(number), as: AuctionRecord.self)
            return (
                record.map { record in
                    let price = record.auction.terms.price(at: header.header.timestamp)
                    return [
                        ("supply", "\(record.auction.terms.supply)"), ("price", "\(price)"),
                        ("paid in", "\(record.auction.paid)"),
                    ]
                }, header
            )
        case .bounty:
            let (record, header) = try await state.read(
                .treasury, TreasuryKeys.bounty(number), as: Bounty.self)
            return (
                record.map { record in
                    [("pool", "\(record.pool)"), ("paid", "\(record.paid)")]
                        + record.rows.map { ($0.severity, "\($0.least) to \($0.most)") }
                }, header
            )
        default:
            let (record, header) = try await state.read(
                .governance, GovernanceKeys.proposal(number), as: Proposal.self)
            return (
                record.map { record in
                    [
                        ("title", record.draft.title), ("kind", "\(record.draft.kind)"),
                        ("stage", "\(record.stage)"),
                    ]
                        + record.tallies.map { tally in
                            ("votes", "yes \(Amount(tally.yes)), no \(Amount(tally.no))")
                        }
                }, header
            )
        }
    }

    /// What lies in a chest, proven as well.
    private static func held(
        _ holder: Chest.Holder, _ asset: AssetID, in state: ProvenState
    ) async throws -> Amount {
        let key = EscrowKey(module: .treasury, id: Chest(holder, asset).id)
        let (escrow, _) = try await state.read(
            .accounts, AccountsKeys.escrow(key), as: Escrow.self)
        return escrow?.amount ?? .zero
    }
}
