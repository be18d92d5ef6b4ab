// SPDX-License-Identifier: Apache-2.0
import Effects
import HTTPServer
import JSONText
import Vocabulary

/// The keys and teams of a gateway, kept in one file of its node's folder (GATEWAY-42 to 44).
actor AccessBook {
    /// The most keys, revoked ones too: 4,096 of 600 bytes are 2.4 MB in the file.
    static let keysMax = 4_096
    static let teamsMax = 256
    static let fileName = "gateway-access.json"
    private static let fileBytesMax = 16 << 20
    /// The longest grace of a rotation: thirty days.
    static let graceSecondsMax: UInt64 = 30 * 86_400

    let effects: Effects
    private(set) var keys: [String: AccessKey] = [:]
    private(set) var teams: [String: AccessTeam] = [:]
    /// What keys may still ask and hand in, in this minute.
    private var requests: [String: MinuteBucket] = [:]
    private var spending: [String: MinuteBucket] = [:]
    /// Whether what was spent has changed since the file was written.
    private var isDirty = false
    /// Whether the file could not be read: it is never written over then.
    private var isDamaged = false

    init(effects: Effects) { self.effects = effects }

    // MARK: - The file

    /// Reads the file, if there is one.
    ///
    /// - Throws: ``GatewayProblem/nodeFailed`` when it is damaged: nobody shall get in, or be
    ///   locked out, by a damaged file.
    func load() async throws(Problem) {
        do {
            try await read()
        } catch {
            isDamaged = true
            (keys, teams) = ([:], [:])
            throw error
        }
    }

    private func read() async throws(Problem) {
        let bytes: [UInt8]
        do {
            bytes = try await effects.disk.read(Self.fileName, limit: Self.fileBytesMax)
        } catch .notFound {
            return
        } catch {
            throw GatewayProblem.nodeFailed.problem("\(Self.fileName) cannot be read: \(error)")
        }
        guard let json = try? JSON(parsing: bytes), let listed = json["keys"]?.elements,
            let groups = json["teams"]?.elements
        else { throw GatewayProblem.nodeFailed.problem("\(Self.fileName) is damaged") }
        for element in listed {
            guard let key = AccessKey(stored: element) else {
                throw GatewayProblem.nodeFailed.problem("\(Self.fileName) has a damaged key")
            }
            keys[key.id] = key
        }
        for element in groups {
            guard let team = AccessTeam(stored: element) else {
                throw GatewayProblem.nodeFailed.problem("\(Self.fileName) has a damaged team")
            }
            teams[team.name] = team
        }
    }

    /// Writes the file anew; an answer that tells of a change waits for it.
    private func save() async throws(Problem) {
        guard !isDamaged else {
            throw GatewayProblem.nodeFailed.problem("\(Self.fileName) could not be read")
        }
        isDirty = false
        let json: JSON = [
            "keys": .array(keys.values.sorted { $0.id < $1.id }.map(\.stored)),
            "teams": .array(teams.values.sorted { $0.name < $1.name }.map(\.json)),
        ]
        do {
            try await effects.disk.replace(Self.fileName, with: json.bytes)
        } catch {
            isDirty = true
            throw GatewayProblem.nodeFailed.problem("the change could not be stored: \(error)")
        }
    }

    /// Writes what was spent since the last time, if anything was.
    func saveSpending() async {
        guard isDirty else { return }
        try? await save()
    }

    // MARK: - Keys

    /// What is asked of a new key.
    struct Wish: Sendable {
        var name: String
        var scopes: Set<AccessScope>
        var account: AccountID?
        var team: String?
        var requestsPerMinute: UInt64?
        var unitsPerMinute: Amount?
        var budget: Amount?
        var expires: Timestamp?
    }

    /// Makes a key; its text is told this once.
    func create(_ wish: Wish) async throws(Problem) -> (key: AccessKey, text: String) {
        guard keys.count < Self.keysMax else {
            throw GatewayProblem.tooManyKeys.problem("there are \(Self.keysMax) keys")
        }
        if let team = wish.team, teams[team] == nil {
            throw GatewayProblem.unknownTeam.problem("there is no team \(team)")
        }
        let id = KeyText.newID(effects.chance)
        let secret = KeyText.newSecret(effects.chance)
        var key = AccessKey(
            id: id, name: wish.name, account: wish.account, team: wish.team, scopes: wish.scopes,
            secret: secret.digest, created: effects.time.wallClock())
        key.requestsPerMinute = wish.requestsPerMinute
        key.unitsPerMinute = wish.unitsPerMinute
        key.budget = wish.budget
        key.expires = wish.expires
        keys[id] = key
        do {
            try await save()
        } catch {
            keys[id] = nil
            throw error
        }
        return (key, "\(KeyText.keyStart)\(id)_\(secret.text)")
    }

    /// Gives a key a new secret; the old one is taken for so long.
    func rotate(_ id: String, graceSeconds: UInt64) async throws(Problem) -> (AccessKey, String) {
        guard var key = keys[id], key.revoked == nil else { throw Self.unknown(id) }
        let before = key
        let secret = KeyText.newSecret(effects.chance)
        let until = effects.time.wallClock().value + graceSeconds * 1_000
        key.previous = (key.secret, Timestamp(until))
        key.secret = secret.digest
        keys[id] = key
        do {
            try await save()
        } catch {
            keys[id] = before
            throw error
        }
        return (key, "\(KeyText.keyStart)\(id)_\(secret.text)")
    }

    /// Ends a key for good, at once.
    func revoke(_ id: String) async throws(Problem) {
        guard keys[id] != nil else { throw Self.unknown(id) }
        // Ended even when the file cannot be written: a lost key must not live on.
        keys[id]?.revoked = effects.time.wallClock()
        keys[id]?.previous = nil
        try await save()
    }

    static func unknown(_ id: String) -> Problem {
        GatewayProblem.unknownKey.problem("there is no key \(id) of yours")
    }

    // MARK: - Teams

    /// Makes a team or changes it; what was spent stays spent.
    func put(_ team: AccessTeam) async throws(Problem) {
        guard teams[team.name] != nil || teams.count < Self.teamsMax else {
            throw GatewayProblem.tooManyKeys.problem("there are \(Self.teamsMax) teams")
        }
        var team = team
        team.spent = teams[team.name]?.spent ?? .zero
        teams[team.name] = team
        try await save()
    }

    /// Whether an account belongs to a team, or to any when none is named.
    func isMember(_ account: AccountID, of name: String? = nil) -> Bool {
        guard let name else { return teams.values.contains { $0.members.contains(account) } }
        return teams[name]?.members.contains(account) ?? false
    }
}

// MARK: - Letting in

extension AccessBook {
    /// Lets a caller in who shows a key, for one request.
    ///
    /// - Throws: ``GatewayProblem/badKey``, ``GatewayProblem/tooManyRequests``.
    func admit(_ id: String, _ secret: Digest) throws(Problem) -> AccessKey {
        let now = effects.time.wallClock()
        guard let key = keys[id], key.accepts(secret, now: now) else {
            throw GatewayProblem.badKey.problem("no key of this gateway has this text")
        }
        if let flaw = key.flaw(now: now) { throw GatewayProblem.badKey.problem(flaw) }
        guard let perMinute = key.requestsPerMinute else { return key }
        var bucket =
            requests[id] ?? MinuteBucket(perMinute: UInt128(perMinute), now: milliseconds)
        let wait = bucket.take(now: milliseconds)
        requests[id] = bucket
        guard let wait else { return key }
        throw GatewayProblem.tooManyRequests.problem(
            "the key has \(perMinute) requests a minute", retryAfterSeconds: Int(wait))
    }

    private var milliseconds: UInt64 { effects.time.now().value / 1_000_000 }

    /// Whether a key of this secret is taken now.
    func accepts(_ id: String, _ secret: Digest) -> Bool {
        let now = effects.time.wallClock()
        guard let key = keys[id] else { return false }
        return key.accepts(secret, now: now) && key.flaw(now: now) == nil
    }

    /// Charges a key and its team with fees that are about to be handed in.
    ///
    /// - Throws: ``GatewayProblem/budgetSpent``, ``GatewayProblem/tooManyRequests`` when the key
    ///   has handed in this minute's fees; nothing is charged then.
    func charge(_ id: String, _ amount: Amount) throws(Problem) {
        guard let key = keys[id] else { throw Self.unknown(id) }
        let spent = try Self.sum(key.spent, amount, within: key.budget, "key")
        let bucket = try bucket(of: key, less: amount)
        if let name = key.team, let team = teams[name] {
            teams[name]?.spent = try Self.sum(team.spent, amount, within: team.budget, "team")
        }
        keys[id]?.spent = spent
        spending[id] = bucket
        isDirty = true
    }

    /// What a key may still hand in, in this minute, once so much is handed in; nothing when it
    /// has no such limit.
    private func bucket(
        of key: AccessKey, less amount: Amount
    ) throws(Problem) -> MinuteBucket? {
        guard let perMinute = key.unitsPerMinute else { return nil }
        guard amount <= perMinute else {
            throw GatewayProblem.budgetSpent.problem(
                "the key hands in fees of \(perMinute.units) base units a minute, and this is more")
        }
        let now = milliseconds
        var bucket = spending[key.id] ?? MinuteBucket(perMinute: perMinute.units, now: now)
        if let wait = bucket.take(amount.units, now: now) {
            throw GatewayProblem.tooManyRequests.problem(
                "the key hands in fees of \(perMinute.units) base units a minute",
                retryAfterSeconds: Int(wait))
        }
        return bucket
    }

    /// Gives back what was charged for something that was refused.
    func refund(_ id: String, _ amount: Amount) {
        guard let key = keys[id] else { return }
        spending[id]?.putBack(amount.units)
        keys[id]?.spent = Amount(key.spent.units - min(key.spent.units, amount.units))
        if let name = key.team, let team = teams[name] {
            teams[name]?.spent = Amount(team.spent.units - min(team.spent.units, amount.units))
        }
        isDirty = true
    }

    private static func sum(
        _ spent: Amount, _ amount: Amount, within budget: Amount?, _ whose: String
    ) throws(Problem) -> Amount {
        let (sum, isOver) = spent.units.addingReportingOverflow(amount.units)
        guard !isOver, sum <= budget?.units ?? .max else {
            throw GatewayProblem.budgetSpent.problem(
                "the budget of the \(whose) does not cover \(amount.units) more base units")
        }
        return Amount(sum)
    }
}
