// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import LightClient
import Testing
import Validators
import Vocabulary

@Suite("Handovers and trails as files")
struct TrailFileTests {
    private func failure(_ body: () throws -> Void) -> TrailFileFailure? {
        do {
            try body()
            return nil
        } catch { return error as? TrailFileFailure }
    }

    @Test("a saved trail goes on where it ended (LIGHT-17)")
    func resume() throws {
        var chain = try Succession()
        let handovers = try chain.handovers(9)
        var trail = try ValidatorTrail(genesis: chain.genesis)
        try trail.extend(by: Array(handovers.prefix(5)))
        var read = try ValidatorTrail(genesis: chain.genesis, fileBytes: trail.fileBytes)
        #expect(read == trail)
        try read.extend(by: Array(handovers.dropFirst(5)))
        #expect(read.newest == Epoch(9))
    }

    @Test("a trail of another chain, or of other founders, is not taken")
    func strangers() throws {
        let chain = try Succession()
        let other = try Succession(4..<8, name: "other")
        let trail = try ValidatorTrail(genesis: other.genesis)
        #expect(
            failure { _ = try ValidatorTrail(genesis: chain.genesis, fileBytes: trail.fileBytes) }
                == .otherChain(other.genesis.chain))
        let usurped = ValidatorTrail(
            genesis: chain.genesis,
            trusting: NextSet(
                epoch: Epoch(0), validators: try Succession.set((9..<12).map(TrustedChain.key))))
        #expect(
            failure { _ = try ValidatorTrail(genesis: chain.genesis, fileBytes: usurped.fileBytes) }
                == .otherFounders)
        #expect(
            failure { _ = try ValidatorTrail(genesis: chain.genesis, fileBytes: [1, 2]) }
                == .notATrail)
    }

    @Test("a file of handovers reads back and convinces whoever trusts the genesis (LIGHT-16)")
    func handovers() throws {
        var chain = try Succession()
        let file = try #require(HandoverFile(chain.handovers(4)))
        let read = try HandoverFile(bytes: file.bytes)
        #expect(read == file)
        var trail = try ValidatorTrail(genesis: chain.genesis)
        try trail.extend(by: read.handovers)
        #expect(trail.newest == Epoch(4))
    }

    @Test("handovers that do not follow each other make no file")
    func order() throws {
        var chain = try Succession()
        let handovers = try chain.handovers(3)
        #expect(HandoverFile([handovers[0], handovers[2]]) == nil)
        #expect(HandoverFile([handovers[1], handovers[0]]) == nil)
        #expect(HandoverFile([])?.handovers == [])
    }

    @Test("the shortest handover stands on the header nearest to the certificate (LIGHT-13)")
    func shortest() throws {
        var chain = try Succession()
        let whole = try chain.hand(to: 4..<8)
        var filler = whole.header
        filler.parent = whole.header.hash
        filler.parentSlot = whole.header.slot
        filler.slot = Slot(whole.header.slot.value + 1)
        filler.height = whole.header.height.advanced(by: 1)
        let finality = FinalityProof(
            certificate: chain.finality(of: filler, by: chain.keys[0]).certificate,
            descendants: [filler])
        let made = try #require(
            Handover(
                shortest: whole.header, finality, value: whole.next.canonicalBytes,
                proof: whole.proof))
        #expect(made.header == filler && made.finality.descendants.isEmpty)
        var trail = try ValidatorTrail(genesis: chain.genesis)
        try trail.extend(by: [made])
        #expect(
            Handover(shortest: whole.header, finality, value: [1], proof: whole.proof) == nil)
    }

    @Test("a handover of 100 validators stays far below its limit")
    func size() throws {
        var chain = try Succession(0..<100)
        let handover = try chain.hand(to: 1..<101)
        #expect(handover.canonicalBytes.count < 12_000)
        #expect(handover.canonicalBytes.count < Handover.bytesMax)
    }

    @Test("a changed file does not read, or what it says does not hold", arguments: [UInt64](1...3))
    func mutations(_ seed: UInt64) throws {
        var random = Dice(seed: seed)
        var chain = try Succession()
        let file = try #require(HandoverFile(chain.handovers(2)))
        let founders = try ValidatorTrail(genesis: chain.genesis)
        for _ in 0..<300 {
            var bytes = file.bytes
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
            guard let read = try? HandoverFile(bytes: bytes) else { continue }
            var trail = founders
            #expect(throws: LightFailure.self) { try trail.extend(by: read.handovers) }
            #expect(trail == founders)
        }
    }

    @Test("reading a trail survives any bytes", arguments: [UInt64](1...3))
    func trailMutations(_ seed: UInt64) throws {
        var random = Dice(seed: seed)
        var chain = try Succession()
        var trail = try ValidatorTrail(genesis: chain.genesis)
        try trail.extend(by: chain.handovers(3))
        for _ in 0..<300 {
            var bytes = trail.fileBytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? ValidatorTrail(genesis: chain.genesis, fileBytes: bytes) else {
                continue
            }
            #expect(read.fileBytes == bytes)
        }
    }
}
