// SPDX-License-Identifier: Apache-2.0
import Accounts
import Consensus
import Cryptography
import Identities
import Identity
import Ledger
import LightClient
import Mandates
import Names
import Testing
import Vocabulary

@Suite("Identities and names are resolved without a trusted resolver (IDENTITY-26, LIGHT-19)")
struct ResolutionTests {
    /// A chain that knows one identity, begun and rotated, and another that was never begun.
    private struct World {
        var chain: TrustedChain
        let first = TrustedChain.key(501)
        let second = TrustedChain.key(502)
        let record: IdentityRecord
        let now = Timestamp(1_700_000_000_011)

        var account: AccountID { AccountID(of: first.publicKey) }

        init() throws {
            chain = try TrustedChain(validators: 4)
            let id = chain.genesis.chain
            let begin = NewIdentity(
                of: first, recovery: IdentityRecord.commitment(to: second.publicKey), chain: id)
            let entry = begin.entry(on: id)
            let rotate = SignedOperation(
                IdentityOperation(
                    chain: id, subject: AccountID(of: first.publicKey), sequence: 1,
                    previous: entry.digest, action: .rotate(key: second.publicKey)), by: first)
            record = try IdentityLog.replay([entry, rotate], chain: id)
            let account = AccountID(of: first.publicKey)
            chain.set(.identities, IdentitiesKeys.identity(account), record.stored)
        }

        func file(_ account: AccountID? = nil) throws -> ProofFile {
            let key = IdentitiesKeys.identity(account ?? self.account)
            return try chain.file([chain.entry(.identities, key)])
        }

        func refusal(_ body: () throws -> Void) -> ResolutionRefusal? {
            do {
                try body()
                return nil
            } catch {
                return error as? ResolutionRefusal
            }
        }
    }

    @Test("a document follows from header, certificate and proof, by any alias of the method")
    func resolves() throws {
        let world = try World()
        let did = AtollMethod.did(of: world.account)
        for method in ["atoll", "octo", "optimus"] {
            let resolved = try world.chain.verifier.resolve(
                try #require(DID("did:\(method):\(did.name)")), in: world.file(), at: world.now,
                millisecondsMax: 1_000)
            #expect(resolved.record == world.record)
            #expect(resolved.document.id == did)
            let key = VerificationKey.ed25519(world.second.publicKey)
            let url = try #require(DIDURL("\(did)#\(key.multibase)"))
            #expect(resolved.document.key(named: url, for: .assertionMethod) == key)
        }
    }

    @Test("substituted key: a record with another controller is not in the state, and not believed")
    func substituted() throws {
        let world = try World()
        let thief = TrustedChain.key(666)
        let forged = try IdentityRecord.begun(
            by: NewIdentity(of: thief, recovery: .zero, chain: world.chain.genesis.chain)
                .entry(on: world.chain.genesis.chain), chain: world.chain.genesis.chain)
        let entry = world.chain.entry(.identities, IdentitiesKeys.identity(world.account))
        let file = try world.chain.file([
            ProofEntry(
                module: entry.module, key: entry.key, value: forged.stored, proof: entry.proof)
        ])
        let refused = world.refusal {
            _ = try world.chain.verifier.resolve(
                world.account, in: file, at: world.now, millisecondsMax: 1_000)
        }
        #expect(refused == .unproven(.notInState(BlockHeight(11), .otherValue)))
    }

    @Test("that no log has begun is proven too; a proof about somebody else shows nothing")
    func absent() throws {
        let world = try World()
        let stranger = TrustedChain.account(77)
        let verifier = world.chain.verifier
        let none = world.refusal {
            _ = try verifier.resolve(
                stranger, in: world.file(stranger), at: world.now, millisecondsMax: 1_000)
        }
        #expect(none == .notBegun(stranger))
        let other = world.refusal {
            _ = try verifier.resolve(
                stranger, in: world.file(), at: world.now, millisecondsMax: 1_000)
        }
        let key = IdentitiesKeys.identity(stranger)
        #expect(other == .unproven(.notInFile(.identities, key: key)))
    }

    @Test("a kept proof serves until it is too old, and one from the future never")
    func age() throws {
        let world = try World()
        let file = try world.file()
        let made: UInt64 = 1_700_000_000_011
        func refusal(at time: UInt64) -> ResolutionRefusal? {
            world.refusal {
                _ = try world.chain.verifier.resolve(
                    world.account, in: file, at: Timestamp(time), millisecondsMax: 60_000)
            }
        }
        #expect(refusal(at: made + 60_000) == nil)
        #expect(refusal(at: made + 60_001) == .stale(Timestamp(made)))
        #expect(refusal(at: made - 10_000) == nil)
        #expect(refusal(at: made - 10_001) == .stale(Timestamp(made)))
    }

    @Test("a proof without a quorum, or of another chain, resolves nothing")
    func unsigned() throws {
        let world = try World()
        let header = world.chain.header()
        let entry = world.chain.entry(.identities, IdentitiesKeys.identity(world.account))
        let section = try #require(
            ProofSection(
                header: header, finality: world.chain.finality(of: header, by: 0..<2),
                entries: [entry]))
        let file = try #require(ProofFile([section]))
        let refused = world.refusal {
            _ = try world.chain.verifier.resolve(
                world.account, in: file, at: world.now, millisecondsMax: 1_000)
        }
        guard case .unproven(.notFinal) = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        let other = try TrustedChain(validators: 4, name: "other")
        let foreign = world.refusal {
            _ = try other.verifier.resolve(
                world.account, in: world.file(), at: world.now, millisecondsMax: 1_000)
        }
        guard case .unproven(.otherChain) = foreign else {
            Issue.record("\(String(describing: foreign))")
            return
        }
    }

    @Test("did:key needs no proof; other methods are not resolved")
    func otherMethods() throws {
        let world = try World()
        let key = VerificationKey.ed25519(world.first.publicKey)
        let resolved = try world.chain.verifier.resolve(
            KeyMethod.did(of: key), in: world.file(), at: world.now, millisecondsMax: 0)
        #expect(resolved.header == nil)
        let refused = world.refusal {
            _ = try world.chain.verifier.resolve(
                try #require(DID("did:web:example.org")), in: world.file(), at: world.now,
                millisecondsMax: 0)
        }
        #expect(refused == .unknown(.unknownMethod("web")))
    }

    @Test("what is proven of names, issuers and mandates says what it means")
    func statements() throws {
        var world = try World()
        let name = try #require(PlainName("robot-7"))
        var encoder = CanonicalEncoder()
        encoder.write(world.account)
        encoder.write(world.account)
        encoder.write(Timestamp(1_700_000_000_500))
        world.chain.set(.names, NamesKeys.name(name), encoder.bytes)
        let id = MandateID(world.account.raw)
        let entries = [
            world.chain.entry(.names, NamesKeys.name(name)),
            world.chain.entry(.identities, IdentitiesKeys.issuer(world.account)),
            world.chain.entry(.mandates, MandatesKeys.mandate(id)),
        ]
        let file = try world.chain.file(entries)
        let verifier = world.chain.verifier
        let found = try verifier.resolve(
            name: name, in: file, at: world.now, millisecondsMax: 1_000)
        #expect(found.target == world.account)
        let late = world.refusal {
            _ = try verifier.resolve(
                name: name, in: file, at: Timestamp(1_700_000_000_500), millisecondsMax: 1_000)
        }
        #expect(late == .nameless("robot-7"))
        let statements = try verifier.verify(file).map { try $0.statement() }
        #expect(statements.dropFirst() == [.issuer(world.account, nil), .mandate(id, nil)])
        #expect(statements[0].words.hasPrefix("robot-7 stands for"))
        #expect(verifier.check(file).map(\.name).contains("mandate"))
    }
}
