// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("Checked transactions")
struct CheckedCacheTests {
    private func insert(_ entry: CheckedTransaction, _ cache: inout CheckedCache) -> Digest {
        let name = CheckedCache.name(of: entry.signed)
        cache.insert(entry, as: name)
        return name
    }

    @Test("a good signature vouches for no other signature over the same transaction")
    func names() throws {
        var cache = CheckedCache()
        let good = try Senders.transaction(of: 1, nonce: 0)
        let forged = SignedTransaction(
            transaction: good.transaction,
            signature: try Senders.transaction(of: 1, nonce: 1).signed.signature)
        let name = insert(good, &cache)
        #expect(cache[name] == good)
        #expect(forged.hash == good.hash)
        #expect(cache[CheckedCache.name(of: forged)] == nil)
    }

    @Test("what failed its check is not kept: it could push out what did not")
    func failures() throws {
        var cache = CheckedCache()
        let good = try Senders.transaction(of: 1, nonce: 0)
        let forged = CheckedTransaction(
            SignedTransaction(
                transaction: good.transaction,
                signature: try Senders.transaction(of: 1, nonce: 1).signed.signature),
            chain: Senders.chain)
        let name = insert(forged, &cache)
        #expect(cache[name] == nil)
        #expect(cache.count == 0)
    }

    @Test("large transactions are bounded in bytes, the newest stay")
    func byteBound() throws {
        var cache = CheckedCache()
        var last = Digest.zero
        for nonce in 0..<UInt64(400) {
            last = insert(try Senders.transaction(of: 1, nonce: nonce, bytes: 65_000), &cache)
        }
        #expect(cache.count <= 2 * CheckedCache.halfBytesMax / 65_000)
        #expect(cache[last] != nil)
    }
}
