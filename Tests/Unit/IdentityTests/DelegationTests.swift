// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import Identity

/// IDENTITY-20: what is passed on only narrows.
@Suite("Delegations")
struct DelegationTests {
    private let world = TrustWorld()

    /// What one person passes on to another.
    private func link(
        _ giver: UInt8, to holder: UInt8, operations: JSON = ["read", "write"],
        resources: JSON = ["/plant"], budget: JSON = "1000", from: Int64 = -100, until: Int64 = 100,
        signer: UInt8? = nil, status: UInt64? = nil,
        purpose: Relationship = .capabilityDelegation
    ) throws -> JSON {
        var json: JSON = [
            "@context": [.string(Credential.context)],
            "type": ["VerifiableCredential", "CapabilityDelegation"],
            "issuer": .string(try world.did(giver).description),
            "validFrom": world.moment(from), "validUntil": world.moment(until),
            "credentialSubject": [
                "id": .string(try world.did(holder).description), "operations": operations,
                "resources": resources, "budget": budget,
            ],
        ]
        if let status { json = world.withStatus(json, status) }
        return try DocumentSigner.sign(
            json, as: world.options(giver, purpose), by: key(signer ?? giver))
    }

    private func failure(_ links: [JSON], lists: [JSON] = []) throws -> DelegationFailure? {
        let (verifier, owner) = (try world.verifier(lists: lists), try world.did(1))
        do throws(DelegationFailure) {
            _ = try verifier.verify(delegations: links, of: owner)
            return nil
        } catch {
            return error
        }
    }

    @Test("a chain that narrows gives its last holder what is left")
    func narrowing() throws {
        let links = [
            try link(1, to: 2, resources: ["/"]),
            try link(2, to: 3, operations: ["read"], resources: ["/plant/a", "/plant/b"]),
            try link(
                3, to: 4, operations: ["read"], resources: ["/plant/a/7"], budget: "5", until: 9),
        ]
        let chain = try world.verifier().verify(delegations: links, of: world.did(1))
        #expect(chain.holder == (try world.did(4)))
        #expect(chain.capability.budget == 5 && chain.capability.operations == ["read"])
        #expect(chain.capability.covers("/plant/a/7/x") && !chain.capability.covers("/plant/a/70"))
        #expect(!chain.capability.covers("/plant/a/7/../8"))
    }

    @Test("a delegation that widens is refused by what it widens")
    func widening() throws {
        let first = try link(1, to: 2)
        func widened(_ json: JSON) throws -> DelegationRefusal? {
            try failure([first, json])?.refusal
        }
        #expect(try widened(link(2, to: 3, operations: ["read", "burn"])) == .widens([.operation]))
        #expect(try widened(link(2, to: 3, resources: ["/plants"])) == .widens([.resource]))
        #expect(try widened(link(2, to: 3, resources: ["/"])) == .widens([.resource]))
        #expect(try widened(link(2, to: 3, resources: ["/plant/../x"])) == .widens([.resource]))
        #expect(try widened(link(2, to: 3, budget: "1001")) == .widens([.budget]))
        #expect(try widened(link(2, to: 3, until: 101)) == .widens([.time]))
        #expect(
            try widened(link(2, to: 3, operations: ["x"], budget: "9999", from: -200))
                == .widens([.operation, .budget, .time]))
    }

    @Test("a loop, a gap, a stranger's beginning and too long a chain are refused")
    func shape() throws {
        let links = [try link(1, to: 2), try link(2, to: 3)]
        #expect(
            try failure(links + [link(3, to: 2)]) == DelegationFailure(link: 2, refusal: .loop))
        #expect(
            try failure(links + [link(3, to: 1)]) == DelegationFailure(link: 2, refusal: .loop))
        #expect(try failure([link(1, to: 1)]) == DelegationFailure(link: 0, refusal: .loop))
        #expect(
            try failure([links[0], link(4, to: 5)]) == DelegationFailure(link: 1, refusal: .broken))
        #expect(try failure([links[1]]) == DelegationFailure(link: 0, refusal: .broken))
        #expect(try failure([]) == DelegationFailure(link: 0, refusal: .wrongLength))
        let long = try (1...9).map { try link(UInt8($0), to: UInt8($0 + 1)) }
        #expect(try failure(long) == DelegationFailure(link: 0, refusal: .wrongLength))
        #expect(try failure(Array(long.prefix(8))) == nil)
    }

    @Test("a forged, expired, revoked or misused link ends the chain where it stands")
    func links() throws {
        let first = try link(1, to: 2)
        #expect(
            try failure([first, link(2, to: 3, signer: 9)])
                == DelegationFailure(link: 1, refusal: .rejected(.badSignature)))
        #expect(
            try failure([link(1, to: 2, until: 0)])
                == DelegationFailure(link: 0, refusal: .rejected(.expired)))
        #expect(
            try failure([link(1, to: 2, purpose: .assertionMethod)])
                == DelegationFailure(link: 0, refusal: .rejected(.wrongPurpose(.assertionMethod))))
        let revocable = try link(1, to: 2, status: 5)
        #expect(try failure([revocable], lists: [world.list()]) == nil)
        #expect(
            try failure([revocable], lists: [world.list(set: [5])])
                == DelegationFailure(link: 0, refusal: .rejected(.revoked)))
        #expect(
            try failure([world.signed(world.authorization())])
                == DelegationFailure(link: 0, refusal: .malformed))
    }
}
