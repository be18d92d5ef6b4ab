// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import Identity

/// IDENTITY-7 to IDENTITY-9: a log is believed entry by entry, or not at all.
@Suite("Identity logs")
struct IdentityLogTests {
    private let chain = ChainID(SHA256.hash([1]).raw)
    private let now = Moment(seconds: 1_700_000_000)

    /// A log under way.
    private struct Writer {
        let chain: ChainID
        let subject: AccountID
        var entries: [SignedOperation] = []

        mutating func add(_ action: IdentityAction, by key: SigningKey) {
            let operation = IdentityOperation(
                chain: chain, subject: subject, sequence: UInt64(entries.count),
                previous: entries.last?.digest ?? .zero, action: action)
            entries.append(SignedOperation(operation, by: key))
        }
    }

    /// A log that begins with key 1 and the recovery key 9.
    private func begun() throws -> Writer {
        let first = try key(1)
        var writer = Writer(chain: chain, subject: AccountID(of: first.publicKey))
        writer.add(
            .create(
                key: first.publicKey,
                recovery: IdentityRecord.commitment(to: try key(9).publicKey)), by: first)
        return writer
    }

    private func failure(_ writer: Writer) -> LogFailure? {
        do throws(LogFailure) {
            _ = try IdentityLog.replay(writer.entries, chain: chain)
            return nil
        } catch {
            return error
        }
    }

    @Test("a log of every operation replays to one document, at once and entry by entry")
    func everything() throws {
        var writer = try begun()
        let session = DelegateKey(
            key: .ed25519(try key(3).publicKey), uses: [.authentication],
            expiry: Moment(seconds: now.seconds + 1))
        writer.add(.setDelegates([session]), by: try key(1))
        let service = ServiceEndpoint(id: "#api", type: "Robot", addresses: ["https://r.example"])
        writer.add(.setServices([service]), by: try key(1))
        writer.add(.setSpecification(SHA256.hash([7])), by: try key(1))
        writer.add(.rotate(key: try key(2).publicKey), by: try key(1))
        let record = try IdentityLog.replay(writer.entries, chain: chain)
        var stepped = try IdentityRecord.begun(by: writer.entries[0], chain: chain)
        for entry in writer.entries.dropFirst() { stepped = try stepped.applying(entry) }
        #expect(stepped == record)
        #expect(record.did == AtollMethod.did(of: try key(1).publicKey), "the name stays")
        #expect(record.specification == SHA256.hash([7]))
        let document = record.document(at: now)
        #expect(document.services == [service])
        #expect(document.methods.map(\.key).contains(.ed25519(try key(2).publicKey)))
        #expect(!document.methods.map(\.key).contains(.ed25519(try key(1).publicKey)))
        #expect(document.methods.map(\.key).contains(session.key))
        let later = record.document(at: Moment(seconds: now.seconds + 1))
        #expect(!later.methods.map(\.key).contains(session.key), "a session key expires")
    }

    @Test("after a rotation the old key asks for nothing")
    func rotation() throws {
        var writer = try begun()
        writer.add(.rotate(key: try key(2).publicKey), by: try key(1))
        writer.add(.setServices([]), by: try key(1))
        #expect(failure(writer) == LogFailure(entry: 2, reason: .badSignature))
    }

    @Test("the key that was kept away takes the identity back, once, and ends what was lent")
    func recovery() throws {
        var writer = try begun()
        let thief = DelegateKey(key: .ed25519(try key(66).publicKey), uses: [.assertionMethod])
        writer.add(.setDelegates([thief]), by: try key(1))
        let next = IdentityRecord.commitment(to: try key(10).publicKey)
        let recover = IdentityAction.recover(
            with: try key(9).publicKey, key: try key(5).publicKey, recovery: next)
        writer.add(recover, by: try key(9))
        let record = try IdentityLog.replay(writer.entries, chain: chain)
        #expect(record.controller == (try key(5).publicKey) && record.delegates.isEmpty)
        writer.add(recover, by: try key(9))
        #expect(failure(writer) == LogFailure(entry: 3, reason: .wrongRecoveryKey))
    }

    @Test("knowing the recovery key's public half is not enough")
    func recoveryWithoutSecret() throws {
        var writer = try begun()
        writer.add(
            .recover(
                with: try key(9).publicKey, key: try key(66).publicKey, recovery: .zero),
            by: try key(66))
        #expect(failure(writer) == LogFailure(entry: 1, reason: .badSignature))
    }

    @Test("after its end a log takes nothing, and its document has no key")
    func deactivation() throws {
        var writer = try begun()
        writer.add(.deactivate, by: try key(1))
        let record = try IdentityLog.replay(writer.entries, chain: chain)
        #expect(record.isDeactivated && record.document(at: now).methods.isEmpty)
        writer.add(.rotate(key: try key(2).publicKey), by: try key(1))
        #expect(failure(writer) == LogFailure(entry: 2, reason: .deactivated))
    }

    @Test("a log of another chain, another subject, or with a gap is refused")
    func misplaced() throws {
        let first = try begun()
        let other = ChainID(SHA256.hash([2]).raw)
        #expect(throws: LogFailure(entry: 0, reason: .wrongChain)) {
            try IdentityLog.replay(first.entries, chain: other)
        }
        var stranger = Writer(chain: chain, subject: AccountID(of: try key(2).publicKey))
        stranger.add(.create(key: try key(1).publicKey, recovery: .zero), by: try key(1))
        #expect(failure(stranger) == LogFailure(entry: 0, reason: .wrongSubject))
        var twice = first
        twice.add(.create(key: try key(1).publicKey, recovery: .zero), by: try key(1))
        #expect(failure(twice) == LogFailure(entry: 1, reason: .misplacedCreate))
        var gap = first
        gap.add(.setServices([]), by: try key(1))
        gap.add(.setServices([]), by: try key(1))
        gap.entries.remove(at: 1)
        #expect(failure(gap) == LogFailure(entry: 1, reason: .wrongSequence(expected: 1)))
        #expect(failure(Writer(chain: chain, subject: first.subject))?.reason == .misplacedCreate)
    }

    @Test("two branches do not join: an entry names the one before it")
    func branches() throws {
        var left = try begun()
        var right = left
        left.add(.setSpecification(SHA256.hash([1])), by: try key(1))
        right.add(.setSpecification(SHA256.hash([2])), by: try key(1))
        right.add(.setServices([]), by: try key(1))
        left.entries.append(right.entries[2])
        #expect(failure(left) == LogFailure(entry: 2, reason: .wrongPrevious))
    }

    @Test("aliases of older systems name the same account")
    func aliases() throws {
        let account = AccountID(of: try key(1).publicKey)
        let did = AtollMethod.did(of: account)
        #expect(try AtollMethod.account(of: did) == account)
        for alias in ["octo", "optimus"] {
            let old = try #require(DID("did:\(alias):\(did.name)"))
            #expect(try AtollMethod.account(of: old) == account)
        }
        #expect(throws: ResolutionFailure.badName) {
            try AtollMethod.account(of: #require(DID("did:atoll:zzz")))
        }
    }

    @Test("a damaged entry is refused, or is another entry that encodes as itself")
    func damage() throws {
        var dice = Dice(seed: 6)
        var writer = try begun()
        let session = DelegateKey(
            key: .ed25519(try key(3).publicKey), uses: [.authentication, .keyAgreement],
            expiry: now)
        writer.add(.setDelegates([session]), by: try key(1))
        writer.add(
            .setServices([ServiceEndpoint(id: "#a", type: "b", addresses: ["c", "d"])]),
            by: try key(1))
        for _ in 0..<3_000 {
            let entry = writer.entries[dice.below(3)]
            let bytes = dice.damaged(entry.canonicalBytes)
            guard let read = try? SignedOperation(canonicalBytes: bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
        }
    }
}
