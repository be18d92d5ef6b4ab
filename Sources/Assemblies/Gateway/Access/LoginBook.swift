// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import Synchronization
import Vocabulary

/// Logging in with a wallet's signature (GATEWAY-43): a challenge that names who asks and for what,
/// signed once, for a session of an hour.
final class LoginBook: Sendable {
    /// The most challenges that wait: 1,024, each for five minutes.
    static let challengesMax = 1_024
    static let challengeMilliseconds: UInt64 = 300_000
    /// The most sessions: 4,096; the one that ends first makes room.
    static let sessionsMax = 4_096
    static let sessionMilliseconds: UInt64 = 3_600_000
    /// What precedes the text when it is signed, so that no signature of a transaction serves.
    static let domain = "atoll/login/1"

    /// What somebody is asked to sign.
    struct Challenge: Sendable {
        let nonce: String
        let text: String
        let key: PublicKey
        let authority: String
        let expires: Timestamp

        /// The bytes that are signed: the domain, a zero byte, the text.
        var signedBytes: [UInt8] { Array(LoginBook.domain.utf8) + [0] + Array(text.utf8) }
    }

    /// Who has logged in.
    struct Session: Sendable {
        let account: AccountID
        let expires: Timestamp
        /// What the gateway's identity has delegated to it (GATEWAY-47); nothing for sessions that
        /// have what their account has.
        var grant: AccessGrant?
        var spent = Amount.zero
    }

    private struct State {
        var challenges: [String: Challenge] = [:]
        var sessions: [Digest: Session] = [:]
    }

    private let effects: Effects
    private let state = Mutex(State())

    init(effects: Effects) { self.effects = effects }

    /// How many sessions there are.
    var count: Int { state.withLock { $0.sessions.count } }

    /// How many challenges wait.
    var waiting: Int { state.withLock { $0.challenges.count } }

    /// Makes a challenge for a key, for the host its holder asked.
    func challenge(_ key: PublicKey, authority: String, chain: ChainID) -> Challenge {
        let now = effects.time.wallClock()
        let expires = Timestamp(now.value + Self.challengeMilliseconds)
        let nonce = Hexadecimal.encode(effects.chance.bytes(16))
        let text = """
            \(authority) asks you to log in to Atoll with the key
            \(key)

            Chain: \(chain)
            Nonce: \(nonce)
            Issued: \(now.value)
            Expires: \(expires.value)
            """
        let challenge = Challenge(
            nonce: nonce, text: text, key: key, authority: authority, expires: expires)
        state.withLock { state in
            if state.challenges.count >= Self.challengesMax {
                state.challenges = state.challenges.filter { $0.value.expires > now }
            }
            if state.challenges.count >= Self.challengesMax,
                let oldest = state.challenges.min(by: { $0.value.expires < $1.value.expires })
            {
                state.challenges[oldest.key] = nil
            }
            state.challenges[nonce] = challenge
        }
        return challenge
    }

    /// Begins a session for who has signed a challenge; the challenge serves no second time.
    ///
    /// - Throws: ``GatewayProblem/badLogin``.
    func open(
        _ nonce: String, _ signature: Signature, authority: String,
        grant: (Challenge) async throws(Problem) -> AccessGrant? = { _ in nil }
    ) async throws(Problem) -> (token: String, session: Session) {
        let now = effects.time.wallClock()
        let challenge = state.withLock { $0.challenges.removeValue(forKey: nonce) }
        guard let challenge, challenge.expires > now, challenge.authority == authority else {
            throw GatewayProblem.badLogin.problem("there is no such challenge, or it has expired")
        }
        guard challenge.key.accepts(signature, over: challenge.signedBytes) else {
            throw GatewayProblem.badLogin.problem("the signature is not the key's over the text")
        }
        let secret = KeyText.newSecret(effects.chance)
        let granted = try await grant(challenge)
        let end = now.value + Self.sessionMilliseconds
        let session = Session(
            account: AccountID(of: challenge.key),
            expires: Timestamp(min(end, granted?.until.value ?? end)), grant: granted)
        state.withLock { state in
            if state.sessions.count >= Self.sessionsMax {
                state.sessions = state.sessions.filter { $0.value.expires > now }
            }
            if state.sessions.count >= Self.sessionsMax,
                let first = state.sessions.min(by: { $0.value.expires < $1.value.expires })
            {
                state.sessions[first.key] = nil
            }
            state.sessions[secret.digest] = session
        }
        return (KeyText.sessionStart + secret.text, session)
    }

    /// The session of a token's digest, while it lasts.
    func session(_ digest: Digest) -> Session? {
        let now = effects.time.wallClock()
        return state.withLock { state in
            guard let session = state.sessions[digest], session.expires > now else { return nil }
            return session
        }
    }

    /// Charges a session whose grant has a budget with fees that are about to be handed in.
    ///
    /// - Throws: ``GatewayProblem/budgetSpent``; nothing is charged then.
    func charge(_ digest: Digest, _ amount: Amount) throws(Problem) {
        let isCovered = state.withLock { state in
            guard let session = state.sessions[digest], let grant = session.grant else {
                return true
            }
            let (sum, isOver) = session.spent.units.addingReportingOverflow(amount.units)
            guard !isOver, sum <= grant.budget.units else { return false }
            state.sessions[digest]?.spent = Amount(sum)
            return true
        }
        guard isCovered else {
            throw GatewayProblem.budgetSpent.problem(
                "the budget of the delegation does not cover \(amount.units) more base units")
        }
    }

    /// Gives back what was charged for something that was refused.
    func refund(_ digest: Digest, _ amount: Amount) {
        state.withLock { state in
            guard let spent = state.sessions[digest]?.spent else { return }
            state.sessions[digest]?.spent = Amount(spent.units - min(spent.units, amount.units))
        }
    }

    /// Ends a session.
    func close(_ digest: Digest) { state.withLock { $0.sessions[digest] = nil } }
}
