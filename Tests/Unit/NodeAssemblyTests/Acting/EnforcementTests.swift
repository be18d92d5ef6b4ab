// SPDX-License-Identifier: Apache-2.0
import Accounts
import Cryptography
import Identities
import Identity
import Ledger
import Mandates
import Market
import Names
import NodeAssembly
import Registry
import Testing
import Vocabulary

/// What mandates and authorizations stop on a chain of all real modules.
@Suite("Mandates and owners, enforced by the ledger")
struct EnforcementTests {
    private static let kindOfOrders = MessageKind(.market, tag: 0)

    /// Account 1 is rich, 2 has something, 3 has nothing; 4 and 5 are rich.
    private func borough() throws -> Borough {
        try Borough(
            balances: [.zero, Amount(whole: 5_000), Amount(whole: 1), .zero]
                + [Amount(whole: 5_000), Amount(whole: 5_000)])
    }

    private func terms(_ borough: Borough, cost: UInt64, salt: UInt8 = 0) -> OrderTerms {
        OrderTerms(
            moduleDigest: SHA256.hash([1]), inputDigest: SHA256.hash([2]), arguments: [],
            limits: JobLimits(
                fuelMax: Fuel(1_000_000), memoryBytesMax: 65_536, outputBytesMax: 1_024,
                wallMilliseconds: 1_000), replicas: 1, maxCost: Amount(whole: cost),
            deadline: Timestamp(borough.time + 600_000),
            salt: Bytes32([UInt8](repeating: salt, count: 32)) ?? .zero)
    }

    private func order(_ borough: Borough, cost: UInt64, salt: UInt8 = 0) -> Message {
        Message(
            module: .market,
            payload: MarketMessage.openOrder(
                OpenOrder(terms: terms(borough, cost: cost, salt: salt))
            ).canonicalBytes)
    }

    private func mandate(
        _ borough: Borough, to delegate: Int, total: UInt64, resources: [Bytes32]? = nil,
        kinds: [MessageKind] = [kindOfOrders], paysFees: Bool = false
    ) throws -> MandateID {
        let grant = GrantMandate(
            delegate: borough.account(delegate),
            scope: MandateScope(
                kinds: kinds, resources: resources, budgets: [Budget(total: Amount(whole: total))],
                from: Timestamp(0), until: Timestamp(Borough.noon + 1_000_000),
                paysFees: paysFees))
        let signed = borough.signed(1, [MandatesMessage.grant(grant).message])
        let result = try borough.execute([signed])
        try #require(result.outcomes.map(\.verdict) == [.applied])
        return grant.id(sender: borough.account(1), transaction: signed.hash)
    }

    @Test("an agent orders for its principal: escrow is charged to the mandate, and not exceeded")
    func agentOrders() throws {
        let borough = try borough()
        let mandate = try mandate(borough, to: 2, total: 100)
        let before = borough.balance(1)
        func act(_ cost: UInt64, _ salt: UInt8) throws -> String {
            let message = order(borough, cost: cost, salt: salt)
            return try borough.send(
                2, MandatesMessage.act(ActForPrincipal(mandate, message)).message)
        }
        #expect(try act(60, 1) == "applied")
        #expect(before - borough.balance(1) == Amount(whole: 60).units)
        #expect(try act(41, 2) == "overBudget")
        #expect(before - borough.balance(1) == Amount(whole: 60).units)
        #expect(try act(40, 3) == "applied")
        // A transfer is no kind the agent may send.
        let pay = MandatesMessage.act(
            ActForPrincipal(mandate, Borough.pay(borough.account(2), 1))
        ).message
        #expect(try borough.send(2, pay) == "kindNotCovered")
        #expect(
            try borough.send(1, MandatesMessage.revoke(RevokeMandate(mandate)).message) == "applied"
        )
        #expect(try act(1, 4) == "unknownMandate")
    }

    @Test("a mandate for one program orders no other, one for one receiver pays no other")
    func resources() throws {
        let borough = try borough()
        let program = try mandate(
            borough, to: 2, total: 100, resources: [SHA256.hash([1]).raw])
        let other = try mandate(
            borough, to: 2, total: 100, resources: [SHA256.hash([9]).raw])
        func ordered(_ id: MandateID) throws -> String {
            let message = order(borough, cost: 1)
            return try borough.send(2, MandatesMessage.act(ActForPrincipal(id, message)).message)
        }
        #expect(try ordered(program) == "applied")
        #expect(try ordered(other) == "resourceNotCovered")
        let payments = try mandate(
            borough, to: 2, total: 100, resources: [borough.account(3).raw],
            kinds: [MessageKind(.accounts, tag: 0)])
        func paid(_ number: Int) throws -> String {
            let message = Borough.pay(borough.account(number), 5)
            return try borough.send(
                2, MandatesMessage.act(ActForPrincipal(payments, message)).message)
        }
        #expect(try paid(3) == "applied")
        #expect(try paid(2) == "resourceNotCovered")
    }

    @Test("an owner's authorization stops an order over budget, and lets the machine do the rest")
    func machineOrders() throws {
        let borough = try borough()
        let (machine, owner) = (borough.account(4), borough.account(5))
        let own = MandatesMessage.setOwner(SetOwner(machine: machine, owner: owner))
        #expect(try borough.send(4, own.message) == "applied")
        #expect(try borough.send(4, order(borough, cost: 1)) == "notAuthorised")
        let authorise = MandatesMessage.authorise(
            AuthoriseMachine(
                machine: machine,
                authorization: MachineAuthorization(
                    valueMax: Amount(whole: 50), until: Timestamp(Borough.noon + 60_000),
                    credential: SHA256.hash([7]))))
        #expect(try borough.send(5, authorise.message) == "applied")
        #expect(try borough.send(4, order(borough, cost: 51)) == "overAuthorization")
        #expect(try borough.send(4, order(borough, cost: 50)) == "applied")
        // The limit binds the machine as principal of others, too.
        let grant = GrantMandate(
            delegate: borough.account(2),
            scope: MandateScope(
                kinds: [Self.kindOfOrders], budgets: [Budget(total: Amount(whole: 1_000))],
                from: Timestamp(0), until: Timestamp(Borough.noon + 900_000)))
        let signed = borough.signed(4, [MandatesMessage.grant(grant).message])
        try borough.execute([signed])
        let id = grant.id(sender: machine, transaction: signed.hash)
        let act = MandatesMessage.act(ActForPrincipal(id, order(borough, cost: 51, salt: 3)))
        #expect(try borough.send(2, act.message) == "overAuthorization")
        // It ends by itself.
        try borough.execute([], milliseconds: 60_000)
        #expect(try borough.send(4, order(borough, cost: 1, salt: 5)) == "notAuthorised")
    }

    @Test("a robot that provides takes no contract beyond its owner's authorization")
    func machineBids() throws {
        let borough = try borough()
        let (robot, owner) = (borough.account(4), borough.account(5))
        let terms = ProviderTerms(
            endpoint: "127.0.0.1:9000", capabilities: ["wasm/1"], basePrice: Amount(whole: 1),
            pricePerMillionFuel: .zero, slots: 4)
        let register = RegistryMessage.register(
            RegisterProvider(
                peer: borough.keys[4].publicKey, terms: terms, bond: Amount(whole: 200)))
        #expect(try borough.send(4, register.message) == "applied")
        let own = MandatesMessage.setOwner(SetOwner(machine: robot, owner: owner)).message
        let authorise = MandatesMessage.authorise(
            AuthoriseMachine(
                machine: robot,
                authorization: MachineAuthorization(
                    valueMax: Amount(whole: 30), until: Timestamp(Borough.noon + 600_000),
                    credential: SHA256.hash([7])))
        ).message
        #expect(try borough.send(4, own) == "applied")
        #expect(try borough.send(5, authorise) == "applied")
        let order = OpenOrder(terms: self.terms(borough, cost: 100))
        let opened = borough.signed(
            1, [Message(module: .market, payload: MarketMessage.openOrder(order).canonicalBytes)])
        try borough.execute([opened])
        let id = order.job(sender: borough.account(1), transaction: opened.hash)
        func bid(_ whole: UInt64) throws -> String {
            let message = MarketMessage.placeBid(
                PlaceBid(job: id, price: Price(base: Amount(whole: whole), perMillionFuel: .zero)))
            return try borough.send(
                4, Message(module: .market, payload: message.canonicalBytes))
        }
        #expect(try bid(31) == "overAuthorization")
        #expect(try bid(30) == "applied")
    }

    @Test("a sponsor pays the fees of a delegate that has nothing, within the mandate's budget")
    func sponsor() throws {
        let borough = try borough()
        let kinds = [MessageKind(.accounts, tag: 0), MessageKind(.names, tag: 3)]
        let mandate = try mandate(borough, to: 3, total: 1, kinds: kinds, paysFees: true)
        let pay = MandatesMessage.payFees(PayFees(mandate)).message
        let act = MandatesMessage.act(
            ActForPrincipal(mandate, Borough.pay(borough.account(2), 7))
        ).message
        let before = borough.balance(1)
        // Without its sponsor it can pay no fee, and is not let in.
        #expect(borough.machine.admit(borough.signed(3, [act]))?.name == "feeNotCovered")
        #expect(try borough.send(3, act) == "skipped feeNotCovered")
        #expect(borough.machine.admit(borough.signed(3, [pay, act])) == nil)
        #expect(try borough.send(3, pay, act) == "applied")
        #expect(before - borough.balance(1) == 7 + 12)
        #expect(borough.nonce(3) == 1)
        // The fee is paid even when the message is refused, and never for what is not covered.
        let broken = MandatesMessage.act(
            ActForPrincipal(mandate, Borough.pay(borough.account(2), 0))
        ).message
        #expect(try borough.send(3, pay, broken) == "zeroAmount")
        #expect(before - borough.balance(1) == 7 + 12 + 12)
        #expect(
            try borough.send(3, pay, order(borough, cost: 1)) == "skipped kindNotCovered")
        #expect(borough.machine.admit(borough.signed(2, [pay]))?.name == "notDelegate")
        let expenses = MandatesQueries(borough.machine).expenses(of: mandate)
        #expect(expenses.item(of: .native)?.total == Amount(7 + 12 + 12))
    }

    @Test("identities, names and issuers live on one chain, and their money adds up")
    func wholeHouse() throws {
        let borough = try borough()
        let chain = borough.genesis.chain
        let key = borough.keys[1]
        let new = NewIdentity(of: key, recovery: SHA256.hash([1]), chain: chain)
        let create = IdentitiesMessage.create(CreateIdentities([new]))
        #expect(try borough.send(2, create.message) == "applied")
        let issuer = IdentitiesMessage.registerIssuer(
            RegisterIssuer(
                issuer: borough.account(1), types: ["ServiceLicence"],
                address: "https://issuer.example", bond: Amount(whole: 1_000)))
        #expect(try borough.send(1, issuer.message) == "applied")
        let name = try #require(PlainName("harbour-robot"))
        let claim = NamesMessage.claim(
            ClaimName(name: name, owner: borough.account(1), amount: Amount(whole: 5)))
        #expect(try borough.send(1, claim.message) == "applied")
        try borough.execute([], milliseconds: 259_200_000)
        let now = Timestamp(borough.time)
        #expect(
            NamesQueries(borough.machine).resolve(name, at: now) == borough.account(1))
        #expect(
            IdentitiesQueries(borough.machine).identity(borough.account(1), chain: chain)?.count
                == 1)
    }
}
