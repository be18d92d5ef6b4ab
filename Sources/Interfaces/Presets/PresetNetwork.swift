// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// A network of its own with the figures of a preset: whole genesis files for local clouds.
///
/// Its people get their first money out of the pool that the preset names, so that what exists in
/// all stays what the preset says.
public struct PresetNetwork: Sendable {
    /// Whoever votes in the first epoch.
    public struct Founder: Sendable {
        /// What people call it.
        public let name: String
        /// The key it votes with.
        public let publicKey: PublicKey
        /// The account that governs it.
        public let account: AccountID

        /// Describes a founder.
        public init(name: String, publicKey: PublicKey, account: AccountID) {
            self.name = name
            self.publicKey = publicKey
            self.account = account
        }
    }

    /// Whose figures.
    public let preset: Preset
    /// The chain's name.
    public let name: String
    /// When it begins.
    public let time: Timestamp
    /// Who votes first.
    public let founders: [Founder]
    /// The account that holds what is not divided, sits in the councils and is known as a person.
    public let player: AccountID
    /// What the player has at first.
    public let playerBalance: Amount
    /// What others have at first.
    public let balances: [(account: AccountID, amount: Amount)]
    /// By how much all spans of time are shorter; 1 changes nothing.
    public var haste: UInt64 = 1
    /// Figures of `/ledger` in the place of the preset's, by name.
    public var lengths: [(name: String, value: UInt64)] = []
    /// The version of the rules that the chain begins with; nothing is the ledger's oldest.
    public var rules: UInt32?
    /// How long auctions of names and the bonds of retired issuers last, in milliseconds; nothing
    /// is what the modules say.
    public var patience: UInt64?

    /// What the player has of each role's asset where the preset has such.
    public static let earnings = Amount(whole: 100_000)

    /// Describes a network.
    public init(
        preset: Preset, name: String, time: Timestamp, founders: [Founder], player: AccountID,
        playerBalance: Amount, balances: [(account: AccountID, amount: Amount)]
    ) {
        self.preset = preset
        self.name = name
        self.time = time
        self.founders = founders
        self.player = player
        self.playerBalance = playerBalance
        self.balances = balances
    }

    /// The genesis file, with comments and sources.
    ///
    /// - Throws: ``JSONFailure`` when the preset's text is not JSON, which none is.
    public func document(governance: AccountID) throws(JSONFailure) -> CommentedJSON {
        var document = try preset.document(allocation: player, governance: governance)
        for figure in lengths {
            document.value.set(["ledger", figure.name], JSON(figure.value))
        }
        fund(&document)
        seat(&document)
        if haste > 1 {
            document.value = Self.hasten(document.value, by: haste)
            document.comments["/modules", default: []].insert(
                "Every span of time is \(haste) times shorter than its source says.", at: 0)
        }
        if let patience { wait(patience, &document) }
        let head = JSON.object([
            JSON.Member("name", .string(name)), JSON.Member("time", JSON(time.value)),
            JSON.Member("validators", .array(founders.map(validator))),
        ])
        document.value = .object((head.members ?? []) + (document.value.members ?? []))
        document.comments["", default: []].insert(
            contentsOf: [
                "\(preset.summary).",
                "Ids such as OP-12 and R2 name the sources; amounts are whole units, shares",
                "millionths, times milliseconds.",
            ], at: 0)
        document.comments["/validators", default: []].append(
            "Weight that was granted and never paid: it is no part of the supply.")
        return document
    }

    /// At home nobody waits three days for a name, nor thirty for a bond.
    private func wait(_ patience: UInt64, _ document: inout CommentedJSON) {
        for (path, time) in [
            (["names", "auctionMilliseconds"], patience),
            (["names", "extensionMilliseconds"], patience / 2),
            (["identities", "retiringMilliseconds"], patience),
        ] { document.value.set(["modules"] + path, JSON(time)) }
        document.comments["/modules/names"] = [
            "On one machine nobody waits three days for a name, nor thirty for an issuer's bond."
        ]
    }

    private func validator(_ founder: Founder) -> JSON {
        [
            "name": .string(founder.name), "publicKey": .string("\(founder.publicKey)"),
            "stake": JSON(preset.founderStake), "account": .string("\(founder.account)"),
        ]
    }

    /// Gives the network's people their first money.
    private func fund(_ document: inout CommentedJSON) {
        let others = balances.reduce(Amount.zero) { $0.adding($1.amount) ?? $0 }
        let place = ["modules", "accounts", "balances"]
        var rows = document.value.at(place)?.elements ?? []
        let first = rows.count
        if let purse = preset.purse {
            let all = others.adding(playerBalance) ?? others
            document.value.take(all, from: Self.holding(purse.pool, 0))
            rows[0].take(others, from: ["amount"])
            if let pool = purse.earnings { takeEarnings(of: pool, &document) }
        } else {
            rows.append(Self.row(player, playerBalance))
        }
        rows += balances.map { Self.row($0.account, $0.amount) }
        document.value.set(place, .array(rows))
        document.comments["/modules/accounts/balances/\(first)", default: []].append(
            preset.purse == nil
                ? "The first money of this network's people."
                : "The first money of this network's people comes out of what a pool holds.")
    }

    private func takeEarnings(of pool: Int, _ document: inout CommentedJSON) {
        let path = ["modules", "treasury", "pools", "\(pool)", "holdings"]
        for place in (document.value.at(path)?.elements ?? []).indices {
            document.value.take(Self.earnings, from: Self.holding(pool, place))
        }
    }

    private static func holding(_ pool: Int, _ place: Int) -> [String] {
        ["modules", "treasury", "pools", "\(pool)", "holdings", "\(place)", "amount"]
    }

    private static func row(_ account: AccountID, _ amount: Amount) -> JSON {
        ["account": .string("\(account)"), "amount": .string("\(amount)")]
    }

    /// Seats the player in the councils, and names it as a person.
    private func seat(_ document: inout CommentedJSON) {
        let seats = JSON.array([["account": .string("\(player)")]])
        for council in ["council", "emergency"] {
            document.value.set(["modules", "governance", council], seats)
        }
        if let rules {
            document.value.set(["modules", "governance", "version"], JSON(rules))
            document.comments["/modules/governance/version"] = [
                "The version of the rules that holds from the first block on."
            ]
        }
        document.value.set(
            ["modules", "identities", "persons"],
            .array([["account": .string("\(player)"), "person": .string("\(player)")]]))
        document.comments["/modules/governance/council"] = [
            "A local network has one person, who sits everywhere; proposals fill the seats later."
        ]
    }

    /// Divides every whole number whose name says that it is a span of time.
    private static func hasten(_ json: JSON, by haste: UInt64) -> JSON {
        switch json {
        case .array(let elements): return .array(elements.map { hasten($0, by: haste) })
        case .object(let members):
            return .object(
                members.map { member in
                    guard member.name.hasSuffix("Milliseconds"), let span = member.value.unsigned
                    else { return JSON.Member(member.name, hasten(member.value, by: haste)) }
                    return JSON.Member(
                        member.name, JSON(span == 0 ? 0 : max(1, span / haste)))
                })
        case .null, .bool, .number, .string: return json
        }
    }
}

extension JSON {
    /// What stands at a path of names, and of places within lists.
    func at(_ path: [String]) -> JSON? {
        path.reduce(Optional(self)) { json, step in
            guard let elements = json?.elements else { return json?[step] }
            guard let place = Int(step), elements.indices.contains(place) else { return nil }
            return elements[place]
        }
    }

    /// Puts a value at a path of names, and of places within lists; objects on the way are made.
    public mutating func set(_ path: [String], _ value: JSON) {
        guard let step = path.first else {
            self = value
            return
        }
        let rest = Array(path.dropFirst())
        if var elements = elements, let place = Int(step), elements.indices.contains(place) {
            elements[place].set(rest, value)
            self = .array(elements)
            return
        }
        var members = members ?? []
        if let place = members.firstIndex(where: { $0.name == step }) {
            var inner = members[place].value
            inner.set(rest, value)
            members[place] = JSON.Member(step, inner)
        } else {
            var inner = JSON.object([])
            inner.set(rest, value)
            members.append(JSON.Member(step, inner))
        }
        self = .object(members)
    }

    /// Takes an amount out of the amount at a path.
    mutating func take(_ amount: Amount, from path: [String]) {
        guard let held = at(path)?.text.flatMap({ Amount($0) }),
            let rest = held.subtracting(amount)
        else { preconditionFailure("a preset's purse holds too little") }
        set(path, .string("\(rest)"))
    }
}
