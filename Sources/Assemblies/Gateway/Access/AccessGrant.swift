// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import Identity
import JSONText
import Vocabulary

/// What a chain of delegations from the gateway's identity gives its holder (GATEWAY-47).
struct AccessGrant: Sendable {
    /// How operations of gateways are named in delegations: `gateway:read` and so on.
    static let operationStart = "gateway:"

    let scopes: Set<AccessScope>
    let budget: Amount
    let until: Timestamp

    /// Reads the operations that name scopes; nothing when none does.
    init?(_ capability: Capability) {
        let names = capability.operations.filter { $0.hasPrefix(Self.operationStart) }
            .map { String($0.dropFirst(Self.operationStart.count)) }
        scopes = Set(names.compactMap(AccessScope.init))
        guard !scopes.isEmpty, let end = UInt64(exactly: capability.until.seconds) else {
            return nil
        }
        budget = Amount(capability.budget)
        until = Timestamp(end * 1_000)
    }
}

extension GatewayContext {
    /// What delegations give the holder of a key, who has signed a challenge.
    ///
    /// - Throws: ``GatewayProblem/badLogin`` when the chain does not hold, does not end at the
    ///   key, or names no operation of gateways.
    func grant(_ links: [JSON], to key: PublicKey) async throws(Problem) -> AccessGrant {
        guard let owner = configuration.issuer?.did else {
            throw GatewayProblem.badLogin.problem("this gateway's identity delegates nothing")
        }
        let verifier = CredentialVerifier(
            policy: configuration.trust, now: moment, documents: await documents(of: links),
            statusLists: [])
        let chain: DelegationChain
        do throws(DelegationFailure) {
            chain = try verifier.verify(delegations: links, of: owner)
        } catch {
            throw GatewayProblem.badLogin.problem(
                "link \(error.link) of the delegations does not hold: \(error.refusal)")
        }
        let names = [
            KeyMethod.did(of: .ed25519(key)), AtollMethod.did(of: key),
        ]
        guard names.contains(chain.holder), let grant = AccessGrant(chain.capability) else {
            throw GatewayProblem.badLogin.problem(
                "the delegations name another holder, or no operation of gateways")
        }
        return grant
    }
}
