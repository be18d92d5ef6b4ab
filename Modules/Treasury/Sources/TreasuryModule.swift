// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Ledger
public import Vocabulary

/// The room of common money: pools, accounts of several signers, grants, airdrops, auctions.
public struct TreasuryModule: LedgerModule {
    /// The module's number.
    public let id = ModuleID.treasury
    /// The module's name.
    public let name = "treasury"

    let bank: any TreasuryBank
    let dispatcher: any Dispatcher
    let persons: any PersonBook

    /// Creates the module over whoever keeps money, executes messages and knows persons.
    public init(
        bank: any TreasuryBank, dispatcher: any Dispatcher, persons: any PersonBook = NoPersons()
    ) {
        self.bank = bank
        self.dispatcher = dispatcher
        self.persons = persons
    }

    /// Decides one message.
    ///
    /// - Throws: A ``TreasuryRefusal`` as a ``Refusal``, or what the bank or another module
    ///   refuses.
    public func execute(
        _ payload: [UInt8], from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        switch try TreasuryMessage.read(payload) {
        case .createMultisig(let members, let threshold):
            try createMultisig(members, threshold, from: sender, in: context)
        case .propose(let account, let messages, let expires):
            try propose(account, messages, expires, from: sender, in: context)
        case .approve(let account, let number):
            try approve(account, number, from: sender, in: context)
        case .withdraw(let account, let number):
            try withdraw(account, number, from: sender, in: context)
        case .setMembers(let members, let threshold):
            try setMembers(members, threshold, of: sender, in: context)
        case .createPool(let name, let owner):
            try createPool(name, owner: owner, in: context)
        case .deposit(let pool, let asset, let amount):
            try deposit(amount, of: asset, into: pool, from: sender, in: context)
        case .spend(let pool, let payments):
            try spend(payments, from: pool, by: sender, in: context)
        case .setLimit(let pool, let asset, let amount, let period):
            try setLimit(amount, of: asset, each: period, pool, by: sender, in: context)
        case .setOwner(let pool, let owner):
            try setOwner(owner, of: pool, by: sender, in: context)
        case .createGrant(let order): try createGrant(order, from: sender, in: context)
        case .claimGrant(let number): try claimGrant(number, in: context)
        case .revokeGrant(let number): try revokeGrant(number, by: sender, in: context)
        case .reachMilestone(let grant, let milestone):
            try reach(milestone, of: grant, by: sender, in: context)
        case .createAirdrop(let order): try createAirdrop(order, from: sender, in: context)
        case .claimAirdrop(let claim): try claimAirdrop(claim, in: context)
        case .sweepAirdrop(let number): try sweepAirdrop(number, by: sender, in: context)
        case .createAuction(let terms, let source):
            try createAuction(terms, source, from: sender, in: context)
        case .bid(let auction, let offer): try bid(offer, in: auction, from: sender, in: context)
        case .collect(let auction, let bidder): try collect(auction, bidder, in: context)
        case .closeAuction(let number): try closeAuction(number, by: sender, in: context)
        case .openBounty(let bounty): try openBounty(bounty, by: sender, in: context)
        case .award(let bounty, let account, let severity, let amount):
            try award(amount, for: severity, to: account, of: bounty, by: sender, in: context)
        case .closeBounty(let number): try closeBounty(number, by: sender, in: context)
        case .giveBadge(let account, let name, let evidence):
            try giveBadge(name, to: account, evidence, by: sender, in: context)
        case .revokeBadge(let account, let name):
            try revokeBadge(name, of: account, by: sender, in: context)
        }
    }

    /// Whom an event concerns besides its subject.
    public func parties(to event: Event) -> [Bytes32] { [] }

    /// Writes the pools and grants of `/modules/treasury`.
    public func initialise(
        from genesis: JSON, in context: ExecutionContext
    ) throws(GenesisFailure) {
        try TreasuryGenesis(genesis, at: context.block.time).write(by: self, in: context)
    }

    /// Checks the grants, airdrops and auctions that the block changed (TREASURY-20).
    public func breaches(after block: ExecutionContext) -> [String] {
        TreasuryInvariants(bank: bank).breaches(after: block)
    }

    /// Checks every grant, airdrop and auction (TREASURY-20).
    public func breaches(in state: any StateReader) -> [String] {
        TreasuryInvariants(bank: bank).breaches(in: state)
    }
}
