// SPDX-License-Identifier: Apache-2.0
import Effects
import Testing
import Vocabulary

@testable import PeerNetwork

/// Chance that always gives the same byte.
private struct ConstantChance: Chance {
    let byte: UInt8
    func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }
}

@Suite("Which connection stays, and when to dial (TRANSPORT-14, TRANSPORT-15)")
struct AdmissionTests {
    private let small = min(Persons.signingKey(1).publicKey, Persons.signingKey(2).publicKey)
    private let large = max(Persons.signingKey(1).publicKey, Persons.signingKey(2).publicKey)

    private func candidate(
        _ dialler: PublicKey, at milliseconds: UInt64, life: UInt8 = 1, isRelayed: Bool = false
    ) -> Admission.Candidate {
        Admission.Candidate(
            life: Persons.life(life), dialler: dialler,
            since: Instant(milliseconds * 1_000_000), isRelayed: isRelayed)
    }

    private func decide(_ existing: Admission.Candidate?, _ newcomer: Admission.Candidate)
        -> Admission
    {
        Admission.decide(existing: existing, newcomer: newcomer, settledMilliseconds: 2_000)
    }

    @Test("of two dialled at once, both ends keep the one from the smaller key")
    func simultaneous() {
        for (first, second) in [(small, large), (large, small)] {
            let kept = decide(candidate(first, at: 0), candidate(second, at: 5))
            #expect((kept == .replace) == (second == small))
            #expect((kept == .refuse) == (first == small))
        }
    }

    @Test("a new process of the peer takes the place of the old at once")
    func newLife() {
        for dialler in [small, large] {
            let old = candidate(small, at: 0)
            #expect(decide(old, candidate(dialler, at: 1, life: 2)) == .replace)
        }
    }

    @Test("a settled connection gives way to any newcomer: the peer has lost it")
    func settled() {
        #expect(decide(candidate(small, at: 0), candidate(large, at: 1_999)) == .refuse)
        #expect(decide(candidate(small, at: 0), candidate(large, at: 2_000)) == .replace)
    }

    @Test("a side that dials again has lost its connection")
    func sameDialler() {
        #expect(decide(candidate(small, at: 0), candidate(small, at: 1)) == .replace)
        #expect(decide(candidate(large, at: 0), candidate(large, at: 1)) == .replace)
    }

    @Test("a direct way takes the place of one through a relay, and never the other way round")
    func relayed() {
        for (first, second) in [(small, large), (large, small), (small, small)] {
            for later in [1, 5_000] as [UInt64] {
                let through = candidate(first, at: 0, isRelayed: true)
                #expect(decide(through, candidate(second, at: later)) == .replace)
                let direct = candidate(first, at: 0)
                #expect(
                    decide(direct, candidate(second, at: later, isRelayed: true)) == .refuse)
            }
        }
    }

    @Test("without another it is admitted")
    func alone() {
        #expect(decide(nil, candidate(large, at: 0)) == .admit)
    }

    @Test("waits double up to the most, and jitter takes away at most half")
    func backoff() {
        var longest = Backoff(least: 50, most: 5_000)
        let without = (0..<9).map { _ in longest.take(chance: ConstantChance(byte: 0)) }
        #expect(without == [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
        var shortest = Backoff(least: 50, most: 5_000)
        let with = (0..<9).map { _ in shortest.take(chance: ConstantChance(byte: 255)) }
        #expect(with == [25, 50, 100, 200, 400, 800, 1_600, 2_500, 2_500])
        shortest.reset()
        #expect(shortest.take(chance: ConstantChance(byte: 0)) == 50)
    }

    @Test("every reason has its own code and name")
    func reasons() {
        let names = (0..<DisconnectReason.codeCount).map {
            DisconnectReason.name(ofCode: UInt8($0))
        }
        #expect(Set(names).count == DisconnectReason.codeCount)
        #expect(
            DisconnectReason.tooManyConnections.code == UInt8(DisconnectReason.codeCount - 1))
        #expect(DisconnectReason.name(ofCode: 200) == "unknown")
        #expect(DisconnectReason.wrongChain(Persons.chain).name == "wrong_chain")
    }
}
