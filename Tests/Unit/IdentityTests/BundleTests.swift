// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import Identity

/// IDENTITY-21: what a machine may believe while it is offline.
@Suite("Identity bundles")
struct BundleTests {
    private let chain = ChainID(SHA256.hash([1]).raw)
    private let now = Moment(seconds: 1_700_000_000)

    private func log(_ person: UInt8) throws -> IdentityBundle.Log {
        let signer = try key(person)
        let subject = AccountID(of: signer.publicKey)
        let operation = IdentityOperation(
            chain: chain, subject: subject, sequence: 0, previous: .zero,
            action: .create(key: signer.publicKey, recovery: .zero))
        return IdentityBundle.Log(
            subject: subject, entries: [SignedOperation(operation, by: signer)])
    }

    private func failure(
        _ bundle: IdentityBundle, chain: ChainID? = nil, at moment: Moment? = nil
    ) -> BundleFailure? {
        do throws(BundleFailure) {
            _ = try bundle.records(of: chain ?? self.chain, at: moment ?? now, secondsMax: 60)
            return nil
        } catch {
            return error
        }
    }

    @Test("a bundle comes back from its bytes and gives every record")
    func roundTrip() throws {
        let bundle = IdentityBundle(
            chain: chain, made: now, logs: try [5, 1, 9].map { try log($0) })
        let read = try IdentityBundle.read(bundle.canonicalBytes)
        #expect(read == bundle)
        let records = try read.records(of: chain, at: now, secondsMax: 60)
        let dids = try [1, 5, 9].map { AtollMethod.did(of: try key($0).publicKey) }
        #expect(Set(records.map(\.did)) == Set(dids))
    }

    @Test("a bundle that is old, from the future or of another chain is refused")
    func moments() throws {
        let bundle = IdentityBundle(chain: chain, made: now, logs: [try log(1)])
        #expect(failure(bundle, at: Moment(seconds: now.seconds + 60)) == nil)
        #expect(failure(bundle, at: Moment(seconds: now.seconds + 61)) == .stale)
        #expect(failure(bundle, at: Moment(seconds: now.seconds - 1)) == .stale)
        let ancient = IdentityBundle(chain: chain, made: Moment(seconds: .min), logs: [])
        #expect(failure(ancient) == .stale)
        #expect(failure(bundle, chain: ChainID(.zero)) == .wrongChain)
    }

    @Test("one bad log refuses the whole, and a log under another's name is a bad one")
    func badLogs() throws {
        let good = try log(1)
        let other = try log(2)
        let swapped = IdentityBundle.Log(subject: good.subject, entries: other.entries)
        #expect(
            failure(IdentityBundle(chain: chain, made: now, logs: [swapped]))
                == .badLog(good.subject, LogFailure(entry: 0, reason: .wrongSubject)))
        let twice = IdentityBundle(chain: chain, made: now, logs: [good, good])
        #expect(failure(twice) == .outOfOrder)
        let empty = IdentityBundle.Log(subject: good.subject, entries: [])
        #expect(
            failure(IdentityBundle(chain: chain, made: now, logs: [empty]))
                == .badLog(good.subject, LogFailure(entry: 0, reason: .misplacedCreate)))
    }

    @Test("a damaged bundle is refused, or encodes as itself, and its records never change")
    func damage() throws {
        var dice = Dice(seed: 16)
        let bundle = IdentityBundle(chain: chain, made: now, logs: [try log(1), try log(2)])
        let records = try bundle.records(of: chain, at: now, secondsMax: 60)
        for _ in 0..<1_000 {
            let bytes = dice.damaged(bundle.canonicalBytes)
            guard let read = try? IdentityBundle.read(bytes) else { continue }
            #expect(read.canonicalBytes == bytes)
            guard let found = try? read.records(of: chain, at: now, secondsMax: 60) else {
                continue
            }
            #expect(found.allSatisfy { records.contains($0) })
        }
    }
}
