// SPDX-License-Identifier: Apache-2.0
import Cryptography
import ServiceDiscovery
import Testing
import Vocabulary

@Suite("Announcements (DISCOVERY-1 to DISCOVERY-3)")
struct AnnouncementTests {
    @Test("an announcement has one encoding, and its digest is what it always was")
    func encoding() throws {
        let signed = Sample.announcement(3, capabilities: [Sample.wasm, Sample.prove]) {
            $0.energyPercent = 80
            $0.machine = Machine(threads: 8, memoryBytes: 1 << 34)
        }
        let bytes = signed.canonicalBytes
        #expect(try SignedAnnouncement(received: bytes) == signed)
        #expect(bytes.count < ServiceAnnouncement.encodedBytesMax)
        #expect(signed.announcement.offers.map(\.capability) == [Sample.prove, Sample.wasm])
        #expect(
            "\(SHA256.hash(bytes))"
                == "e3c78b7d4d96d0d922e29610201f635f92db893fe7d59187597f4e62c1b34c31")
        #expect(throws: CanonicalError.self) { try SignedAnnouncement(received: bytes + [0]) }
        let long = [UInt8](repeating: 0, count: ServiceAnnouncement.encodedBytesMax + 1)
        #expect(throws: CanonicalError.self) { try SignedAnnouncement(received: long) }
    }

    @Test("the largest announcement is within the limit of its bytes")
    func largest() {
        let names = (10..<26).map {
            must(Capability("a/\($0)" + String(repeating: "x", count: 28)))
        }
        let signed = Sample.announcement(3, capabilities: names) {
            $0.region = must(Region(String(repeating: "r", count: 32)))
            $0.energyPercent = 100
            $0.addresses = [[UInt8]](
                repeating: [UInt8](repeating: 1, count: 128), count: 4)
        }
        #expect(signed.announcement.offers.count == 16)
        #expect(signed.canonicalBytes.count <= ServiceAnnouncement.encodedBytesMax)
    }

    @Test("it is believed for its chain, in its time, under its signer's signature, and not else")
    func belief() {
        let signed = Sample.announcement(1, life: 10_000)
        func refusal(_ signed: SignedAnnouncement, _ chain: ChainID, _ at: Timestamp)
            -> AnnouncementRefusal?
        {
            do throws(AnnouncementRefusal) {
                _ = try signed.checked(on: chain, at: at)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(signed, Sample.chain, Sample.now) == nil)
        #expect(refusal(signed, Sample.otherChain, Sample.now) == .otherChain)
        #expect(refusal(signed, Sample.chain, Sample.now.advanced(by: 9_999)) == nil)
        #expect(refusal(signed, Sample.chain, Sample.now.advanced(by: 10_000)) == .expired)
        let early = Timestamp(Sample.now.value - ServiceAnnouncement.skewMillisecondsMax)
        #expect(refusal(signed, Sample.chain, early) == nil)
        #expect(refusal(signed, Sample.chain, Timestamp(early.value - 1)) == .fromTheFuture)
        var bytes = signed.canonicalBytes
        bytes[bytes.count - 1] ^= 1
        let forged = try? SignedAnnouncement(received: bytes)
        #expect(forged.map { refusal($0, Sample.chain, Sample.now) } == .badSignature)
    }

    @Test("names are of few letters, and a region holds what lies below it")
    func names() {
        #expect(Capability("wasm/1") != nil)
        for bad in ["", "Wasm", "a b", "ä", String(repeating: "a", count: 33)] {
            #expect(Capability(bad) == nil)
        }
        for bad in ["", "-eu", "eu-", "eu--west", "EU", "eu_1"] { #expect(Region(bad) == nil) }
        let europe = must(Region("eu"))
        #expect(europe.contains(Sample.eu))
        #expect(europe.contains(europe))
        #expect(!europe.contains(must(Region("euro"))))
        #expect(!Sample.eu.contains(europe))
    }

    @Test("a bill is the base and the rate for all units, rounded up, exact at every size")
    func bills() {
        #expect(Sample.tariff(5, 3).bill(for: 0) == Amount(5))
        #expect(Sample.tariff(5, 3).bill(for: 1) == Amount(6))
        #expect(Sample.tariff(5, 3).bill(for: 1_000_000) == Amount(8))
        #expect(Sample.tariff(5, 3).bill(for: 1_000_001) == Amount(9))
        #expect(Sample.tariff(0, .max).bill(for: 1_000_000) == Amount(.max))
        #expect(Sample.tariff(1, .max).bill(for: 1_000_000) == nil)
        #expect(Sample.tariff(0, .max).bill(for: 1_000_001) == nil)
        #expect(Sample.tariff(1, .max).listPrice == Amount(.max))
        var numbers = SeededNumbers(4)
        for _ in 0..<1_000 {
            let rate = UInt128(numbers.next() >> 4)
            let units = numbers.next() >> 20
            let exact = (rate * UInt128(units) + 999_999) / 1_000_000
            #expect(Sample.tariff(7, rate).bill(for: units) == Amount(exact + 7))
        }
    }

    @Test("two announcements of one number are evidence that anybody can read")
    func contradictions() throws {
        let one = Sample.announcement(1, price: 10)
        let other = Sample.announcement(1, price: 20)
        let proof = try #require(AnnouncementContradiction(one, other))
        #expect(try AnnouncementContradiction(canonicalBytes: proof.canonicalBytes) == proof)
        #expect(AnnouncementContradiction(one, one) == nil)
        #expect(AnnouncementContradiction(one, Sample.announcement(2)) == nil)
        #expect(AnnouncementContradiction(one, Sample.announcement(1, sequence: 2)) == nil)
        var bytes = proof.canonicalBytes
        bytes[bytes.count - 1] ^= 1
        #expect(throws: CanonicalError.self) {
            try AnnouncementContradiction(canonicalBytes: bytes)
        }
    }
}
