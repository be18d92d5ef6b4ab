// SPDX-License-Identifier: Apache-2.0
import Cryptography
import ServiceDiscovery
import Testing
import Vocabulary

@Suite("What comes over the wire (DISCOVERY-1, DISCOVERY-20)")
struct WireTests {
    private static var messages: [(TaskMessage, Int)] {
        let manifest = Sample.manifest {
            $0.pricing = .rising(start: Amount(1), step: Amount(2), stepMilliseconds: 3)
            $0.requirements.region = Sample.eu
            $0.requirements.certifications = ["iso27001"]
        }
        let task = manifest.task
        let bidder = Sample.key(2).publicKey
        return [
            (.manifest(manifest), 1), (.bid(Sample.bid(2, on: task)), 2),
            (
                .counterBid(
                    CounterBid(
                        task: task, bidder: bidder, revision: 1, tariff: Sample.tariff(3),
                        validUntil: Sample.now)), 1
            ),
            (
                .award(
                    TaskAward(
                        task: task, place: 0, bidder: bidder, revision: 1,
                        tariff: Sample.tariff(500), orderBy: Sample.now.advanced(by: 50_000))), 1
            ),
            (.refusal(TaskRefusal(task: task, bidder: bidder, revision: 1, reason: .time)), 2),
            (.withdrawal(TaskWithdrawal(task: task, revision: 1)), 2),
        ]
    }

    @Test("every message has one encoding, and their digest is what it always was")
    func encodings() throws {
        var all: [UInt8] = []
        for (message, signer) in Self.messages {
            let signed = Sample.signed(message, by: signer).signed
            let bytes = signed.canonicalBytes
            #expect(try SignedTaskMessage(received: bytes) == signed)
            #expect(throws: CanonicalError.self) { try SignedTaskMessage(received: bytes + [0]) }
            all += bytes
        }
        #expect(
            "\(SHA256.hash(all))"
                == "46850b6e84ad74e1d4a17d751d375d30271dd06ed28f92d62c9cc9306cd0608b")
    }

    @Test("a signature stands for its signer and its message alone")
    func signatures() throws {
        for (message, signer) in Self.messages {
            var bytes = Sample.signed(message, by: signer).signed.canonicalBytes
            // The signer lies before the 64 bytes of the signature.
            let other = Sample.key(7).publicKey.raw.bytes
            bytes.replaceSubrange(bytes.count - 96..<bytes.count - 64, with: other)
            let forged = try SignedTaskMessage(received: bytes)
            #expect(throws: NegotiationRefusal.badSignature) { try forged.checked() }
        }
    }

    @Test("the largest manifest and the largest bid are within their limits")
    func largest() {
        let text = String(repeating: "x", count: 64)
        let capability = must(Capability(String(repeating: "c", count: 32)))
        let manifest = Sample.manifest {
            $0.kind = capability
            $0.specification = [UInt8](repeating: 1, count: TaskManifest.specificationBytesMax)
            $0.requirements.capabilities = [Capability](repeating: capability, count: 8)
            $0.requirements.certifications = [String](repeating: text, count: 8)
            $0.requirements.region = must(Region(String(repeating: "r", count: 32)))
            $0.deliverables = [String](repeating: text, count: 8)
            $0.pricing = .rising(start: Amount(1), step: Amount(2), stepMilliseconds: 3)
        }
        #expect(manifest.canonicalBytes.count <= TaskManifest.encodedBytesMax)
        let signed = Sample.signed(.manifest(manifest), by: 1).signed
        #expect(signed.canonicalBytes.count <= SignedTaskMessage.encodedBytesMax)
    }

    @Test("any bytes are read or refused, and what is read is written as it was")
    func mutations() {
        var numbers = SeededNumbers(31)
        let samples = Self.messages.map { Sample.signed($0.0, by: $0.1).signed.canonicalBytes }
        let announcement = Sample.announcement(1).canonicalBytes
        var readable = 0
        for round in 0..<6_000 {
            let bytes = numbers.mutated(samples[round % samples.count])
            if let message = try? SignedTaskMessage(received: bytes) {
                #expect(message.canonicalBytes == bytes)
                readable += 1
            }
            let other = numbers.mutated(announcement)
            if let signed = try? SignedAnnouncement(received: other) {
                #expect(signed.canonicalBytes == other)
            }
        }
        #expect(readable > 100)
    }

    @Test("whatever is said in whichever order, a negotiation keeps its laws")
    func chaos() {
        for seed in 0..<30 as Range<UInt64> {
            var numbers = SeededNumbers(seed)
            let manifest = Sample.manifest(places: 2, budget: 2_000)
            guard
                var one = try? TaskNegotiation(
                    Sample.signed(.manifest(manifest), by: 1), on: Sample.chain, at: Sample.now)
            else { preconditionFailure("a sample is good") }
            var now = Sample.now
            for _ in 0..<120 {
                now = now.advanced(by: UInt64.random(in: 0...150, using: &numbers))
                let before = one
                let message = randomMessage(manifest.task, now, &numbers)
                do throws(NegotiationRefusal) {
                    _ = try one.receive(message, at: now)
                } catch {
                    #expect(one == before)
                }
                let given = one.places.values.filter { !$0.isRefused }
                #expect(given.count <= 2)
                #expect(Set(given.map(\.award.bidder)).count == given.count)
                for place in given {
                    #expect(
                        one.bidders[place.award.bidder]?.standing
                            == .awarded(place: place.award.place))
                    #expect(must(place.award.tariff.bill(for: manifest.units)) <= manifest.share)
                }
            }
        }
    }

    private func randomMessage(
        _ task: TaskID, _ now: Timestamp, _ numbers: inout SeededNumbers
    ) -> CheckedTaskMessage {
        let bidder = Int.random(in: 2...5, using: &numbers)
        let key = Sample.key(bidder).publicKey
        let revision = UInt32.random(in: 1...3, using: &numbers)
        let price = Sample.tariff(UInt128(UInt64.random(in: 400...402, using: &numbers)))
        let client = Int.random(in: 0...9, using: &numbers) == 0 ? bidder : 1
        switch Int.random(in: 0...6, using: &numbers) {
        case 0...2:
            var bid = Sample.bid(bidder, on: task, revision: revision)
            bid.tariff = price
            return Sample.signed(.bid(bid), by: bidder)
        case 3:
            let counter = CounterBid(
                task: task, bidder: key, revision: revision, tariff: price, validUntil: now)
            return Sample.signed(.counterBid(counter), by: client)
        case 4:
            let award = TaskAward(
                task: task, place: UInt8.random(in: 0...2, using: &numbers),
                attempt: UInt8.random(in: 0...1, using: &numbers), bidder: key,
                revision: revision, tariff: price, orderBy: now)
            return Sample.signed(.award(award), by: client)
        case 5:
            let refusal = TaskRefusal(
                task: task, bidder: key, revision: revision, reason: .other)
            return Sample.signed(.refusal(refusal), by: Bool.random(using: &numbers) ? 1 : bidder)
        default:
            let withdrawal = TaskWithdrawal(task: task, revision: revision)
            return Sample.signed(.withdrawal(withdrawal), by: bidder)
        }
    }
}
