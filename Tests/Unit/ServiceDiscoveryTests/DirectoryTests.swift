// SPDX-License-Identifier: Apache-2.0
import ServiceDiscovery
import Testing
import Vocabulary

@Suite("The directory (DISCOVERY-4 to DISCOVERY-9)")
struct DirectoryTests {
    private func refusal(
        _ directory: inout ServiceDirectory, _ signed: SignedAnnouncement,
        at now: Timestamp = Sample.now
    ) -> DirectoryRefusal? {
        do throws(DirectoryRefusal) {
            try directory.receive(signed.sure, at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("later numbers replace, equal ones change nothing, earlier ones are stale")
    func sequences() {
        var directory = ServiceDirectory()
        let first = Sample.announcement(1, sequence: 5)
        let later = Sample.announcement(
            1, sequence: 6, issued: Sample.now.advanced(by: 1_000), price: 50)
        #expect((try? directory.receive(first.sure, at: Sample.now)) == .added)
        #expect((try? directory.receive(first.sure, at: Sample.now)) == .unchanged)
        #expect((try? directory.receive(later.sure, at: Sample.now)) == .renewed)
        #expect(refusal(&directory, first) == .stale)
        #expect(directory.count == 1)
        #expect(directory.listing(of: first.announcement.id)?.signed == later)
    }

    @Test("who goes is forgotten, and cannot be brought back by what was said before")
    func leaving() {
        var directory = ServiceDirectory()
        let here = Sample.announcement(1, sequence: 5)
        let gone = Sample.announcement(1, sequence: 6) { $0.status = .leaving }
        _ = refusal(&directory, here)
        #expect((try? directory.receive(gone.sure, at: Sample.now)) == .removed)
        #expect(directory.count == 0)
        #expect(refusal(&directory, here) == .stale)
        let back = Sample.announcement(1, sequence: 7, issued: Sample.now.advanced(by: 1_000))
        #expect(refusal(&directory, back) == nil)
        #expect(directory.count == 1)
    }

    @Test(
        "what ended is forgotten, and cannot be replaced by an earlier one that would hold longer")
    func expiry() {
        var directory = ServiceDirectory()
        let long = Sample.announcement(1, sequence: 1, life: 3_600_000)
        let short = Sample.announcement(
            1, sequence: 2, issued: Sample.now.advanced(by: 1_000), life: 5_000)
        _ = refusal(&directory, short)
        let later = Sample.now.advanced(by: 6_000)
        directory.expire(at: later)
        #expect(directory.count == 0)
        #expect(refusal(&directory, long, at: later) == .stale)
        // Once everything said before is over as well, the mark goes too.
        let muchLater = Sample.now.advanced(by: 3_700_000)
        let anew = Sample.announcement(1, sequence: 1, issued: muchLater)
        guard let checked = try? anew.checked(on: Sample.chain, at: muchLater) else {
            Issue.record("the announcement is good")
            return
        }
        #expect((try? directory.receive(checked, at: muchLater)) == .added)
    }

    @Test("one signer has so many machines, and each speaks once a second")
    func perSigner() {
        var directory = ServiceDirectory()
        for instance in 0..<16 as Range<UInt16> {
            #expect(refusal(&directory, Sample.announcement(1, instance: instance)) == nil)
        }
        #expect(refusal(&directory, Sample.announcement(1, instance: 16)) == .tooManyOfSigner)
        #expect(directory.listings(of: Sample.key(1).publicKey).count == 16)
        let soon = Sample.announcement(
            1, instance: 3, sequence: 2, issued: Sample.now.advanced(by: 999))
        #expect(refusal(&directory, soon) == .tooSoon)
        let inTime = Sample.announcement(
            1, instance: 3, sequence: 2, issued: Sample.now.advanced(by: 1_000))
        #expect(refusal(&directory, inTime) == nil)
    }

    @Test(
        "when it is full, what ends first goes, strangers before those the ledger knows"
    )
    func fullness() {
        var limits = ServiceDirectory.Limits()
        limits.recordsMax = 4
        var directory = ServiceDirectory(limits)
        let known = ProviderStanding(score: 900, isActive: true)
        for number in 1...4 {
            _ = refusal(&directory, Sample.announcement(number, life: UInt64(number) * 10_000))
        }
        directory.note(known, of: Sample.key(1).publicKey)
        // The stranger that ends first gives way, not the known provider that ends before it.
        #expect(refusal(&directory, Sample.announcement(5, life: 50_000)) == nil)
        #expect(directory.listings(of: Sample.key(1).publicKey).count == 1)
        #expect(directory.listings(of: Sample.key(2).publicKey).isEmpty)
        #expect(refusal(&directory, Sample.announcement(6, life: 20_000)) == .full)
        for number in 3...5 { directory.note(known, of: Sample.key(number).publicKey) }
        for sybil in 100..<200 {
            #expect(refusal(&directory, Sample.announcement(sybil, life: 3_600_000)) == .full)
        }
        #expect(
            (try? directory.receive(
                Sample.announcement(7, life: 60_000).sure, standing: known, at: Sample.now))
                == .added)
        #expect(directory.count == 4)
        #expect(directory.evicted == 2)
    }

    @Test("two announcements of one number give evidence, and the first stays")
    func contradictions() {
        var directory = ServiceDirectory()
        let one = Sample.announcement(1, price: 10)
        let other = Sample.announcement(1, price: 20)
        _ = refusal(&directory, one)
        guard case .contradicts(let proof) = refusal(&directory, other) else {
            Issue.record("no evidence")
            return
        }
        #expect(proof.one == one)
        #expect(directory.listing(of: one.announcement.id)?.signed == one)
    }

    @Test("what has come and gone leaves nothing in any index")
    func clean() {
        var numbers = SeededNumbers(77)
        var directory = ServiceDirectory()
        var now = Sample.now
        for step in 0..<400 {
            now = now.advanced(by: UInt64.random(in: 0...400, using: &numbers))
            let signed = Sample.announcement(
                Int.random(in: 1...20, using: &numbers),
                instance: UInt16.random(in: 0...2, using: &numbers), sequence: UInt64(step),
                issued: now, life: UInt64.random(in: 0...30_000, using: &numbers),
                price: UInt128(UInt64.random(in: 0...99, using: &numbers)),
                capabilities: Bool.random(using: &numbers)
                    ? [Sample.wasm] : [Sample.wasm, Sample.prove])
            if let checked = try? signed.checked(on: Sample.chain, at: now) {
                _ = try? directory.receive(checked, at: now)
            }
            let score = UInt32.random(in: 0...1_000, using: &numbers)
            directory.note(
                ProviderStanding(score: score, isActive: score > 500),
                of: Sample.key(Int.random(in: 1...20, using: &numbers)).publicKey)
            var query = ServiceQuery()
            query.limit = 100
            query.findsUnavailable = true
            let found = directory.search(query, at: now)
            #expect(found.listings.count == min(directory.count, 100))
        }
        directory.expire(at: now.advanced(by: 8_000_000))
        #expect(directory.count == 0)
        for order in ServiceQuery.Order.allCases {
            var query = ServiceQuery()
            query.order = order
            let page = directory.search(query, at: now)
            #expect(page.listings.isEmpty)
            #expect(page.examined == 0)
        }
    }
}
