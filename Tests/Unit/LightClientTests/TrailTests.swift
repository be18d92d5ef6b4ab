// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import LightClient
import StateTree
import Testing
import Validators
import Vocabulary

@Suite("Following validators from epoch to epoch")
struct TrailTests {
    private func failure(_ body: () throws -> Void) -> LightFailure? {
        do {
            try body()
            return nil
        } catch { return error as? LightFailure }
    }

    @Test("the genesis names the validators of epoch 0 and of no other (LIGHT-14)")
    func genesis() throws {
        let chain = try Succession()
        let trail = try ValidatorTrail(genesis: chain.genesis)
        #expect(trail.oldest == Epoch(0) && trail.newest == Epoch(0))
        #expect(trail.validators(of: Epoch(0)) == (try Succession.set(chain.keys[0])))
        #expect(trail.validators(of: Epoch(1)) == nil)
    }

    @Test("handovers lead from the genesis to any epoch (LIGHT-14, LIGHT-15)")
    func follow() throws {
        var chain = try Succession()
        let handovers = try chain.handovers(40)
        var trail = try ValidatorTrail(genesis: chain.genesis)
        try trail.extend(by: Array(handovers.prefix(25)))
        #expect(trail.newest == Epoch(25))
        try trail.extend(by: Array(handovers.dropFirst(25)))
        #expect(trail.newestSet.epoch == Epoch(40))
        for (epoch, keys) in chain.keys.enumerated() {
            #expect(trail.validators(of: Epoch(UInt64(epoch))) == (try Succession.set(keys)))
        }
    }

    @Test("a header counts when its own epoch's validators signed it, and nobody else's (LIGHT-2)")
    func headers() throws {
        var chain = try Succession()
        let handovers = try chain.handovers(5)
        var trail = try ValidatorTrail(genesis: chain.genesis)
        try trail.extend(by: handovers)
        let verifier = LightVerifier(genesis: chain.genesis, trail: trail)
        let header = chain.header(5)
        let certified = try verifier.verify(header, chain.finality(of: header, by: chain.keys[5]))
        #expect(certified.signers == 3)
        #expect(
            failure {
                _ = try verifier.verify(header, chain.finality(of: header, by: chain.keys[4]))
            }
                != nil)
        let later = chain.header(6)
        #expect(
            failure { _ = try verifier.verify(later, chain.finality(of: later, by: chain.keys[5])) }
                == .unknownEpoch(Epoch(6), oldest: Epoch(0), newest: Epoch(5)))
    }

    @Test("a handover counts only after the one before it (LIGHT-15)")
    func gap() throws {
        var chain = try Succession()
        let handovers = try chain.handovers(3)
        var trail = try ValidatorTrail(genesis: chain.genesis)
        #expect(
            failure { try trail.extend(by: Array(handovers.dropFirst())) }
                == .unknownEpoch(Epoch(1), oldest: Epoch(0), newest: Epoch(0)))
        #expect(trail == (try ValidatorTrail(genesis: chain.genesis)))
    }

    @Test("one bad handover among many and none of them is taken (LIGHT-15)")
    func allOrNone() throws {
        var chain = try Succession()
        var handovers = try chain.handovers(6)
        handovers[4] = try chain.handover(4, to: chain.keys[5], by: chain.keys[3])
        var trail = try ValidatorTrail(genesis: chain.genesis)
        #expect(
            failure { try trail.extend(by: handovers) }
                == .notFinal(
                    handovers[4].header.height, .certificate(.badSignature(0))))
        #expect(trail.newest == Epoch(0))
    }

    @Test("a set that the state of the cut does not hold is no handover (LIGHT-13)")
    func forged() throws {
        let chain = try Succession()
        var trail = try ValidatorTrail(genesis: chain.genesis)
        let honest = try chain.handover(0, to: (4..<8).map(TrustedChain.key))
        let swapped = Handover(
            header: honest.header, finality: honest.finality,
            next: NextSet(
                epoch: Epoch(1), validators: try Succession.set((9..<12).map(TrustedChain.key))),
            proof: honest.proof)
        guard case .notInState = failure({ try trail.extend(by: [swapped]) }) else {
            Issue.record("a forged set was taken")
            return
        }
        let elsewhere = try chain.handover(0, to: (4..<8).map(TrustedChain.key), key: [2])
        guard case .notInState = failure({ try trail.extend(by: [elsewhere]) }) else {
            Issue.record("a value under another key was taken")
            return
        }
    }

    @Test("only the state of the cut names the next set, and only the next (LIGHT-13)")
    func cut() throws {
        let chain = try Succession()
        var trail = try ValidatorTrail(genesis: chain.genesis)
        let next = (4..<8).map { TrustedChain.key($0) }
        let early = try chain.handover(0, to: next, state: 7)
        #expect(
            failure { try trail.extend(by: [early]) }
                == .notAtCut(Epoch(0), state: BlockHeight(7)))
        let skipping = try chain.handover(0, to: next, names: 2)
        #expect(
            failure { try trail.extend(by: [skipping]) } == .wrongSuccessor(Epoch(0), Epoch(2)))
    }

    @Test("a handover of another chain is refused")
    func otherChain() throws {
        let chain = try Succession()
        var other = try Succession(name: "other")
        var trail = try ValidatorTrail(genesis: chain.genesis)
        let handover = try other.hand(to: 4..<8)
        #expect(
            failure { try trail.extend(by: [handover]) }
                == .otherChain(handover.header.height, other.genesis.chain))
    }

    @Test(
        "a second, signed handover to others is a contradiction; an unsigned one is not (LIGHT-15)")
    func conflict() throws {
        var chain = try Succession()
        let handovers = try chain.handovers(3)
        var trail = try ValidatorTrail(genesis: chain.genesis)
        try trail.extend(by: handovers)
        try trail.extend(by: [handovers[1]])
        let others = (20..<24).map { TrustedChain.key($0) }
        let second = try chain.handover(1, to: others)
        #expect(failure { try trail.extend(by: [second]) } == .conflictingHandover(Epoch(1)))
        let unsigned = try chain.handover(1, to: others, by: chain.keys[3])
        #expect(
            failure { try trail.extend(by: [unsigned]) }
                == .notFinal(second.header.height, .certificate(.badSignature(0))))
        #expect(trail.newest == Epoch(3))
    }

    @Test("a reader may begin at a set it trusts, and knows nothing before it (LIGHT-14)")
    func trusted() throws {
        var chain = try Succession()
        let handovers = try chain.handovers(6)
        let set = NextSet(epoch: Epoch(4), validators: try Succession.set(chain.keys[4]))
        var trail = ValidatorTrail(genesis: chain.genesis, trusting: set)
        try trail.extend(by: Array(handovers.dropFirst(4)))
        #expect(trail.oldest == Epoch(4) && trail.newest == Epoch(6))
        #expect(trail.validators(of: Epoch(3)) == nil)
    }

    @Test("many epochs of one set take no more memory than one")
    func calm() throws {
        var chain = try Succession()
        let handovers = try (0..<200).map { _ in try chain.hand(to: 0..<4) }
        var trail = try ValidatorTrail(genesis: chain.genesis)
        let begin = trail.fileBytes.count
        try trail.extend(by: handovers)
        #expect(trail.newest == Epoch(200) && trail.fileBytes.count == begin)
    }

    @Test("a thousand epochs are followed page by page, each page alone (LIGHT-15)")
    func thousand() throws {
        var chain = try Succession()
        var trail = try ValidatorTrail(genesis: chain.genesis)
        var followed: UInt64 = 0
        while followed < 1_000 {
            let page = try (0..<HandoverFile.pageMax).map { _ in
                followed += 1
                return try chain.hand(to: UInt16(followed % 7)..<UInt16(followed % 7 + 4))
            }
            try trail.extend(by: page)
        }
        #expect(trail.newest == Epoch(followed))
        #expect(trail.fileBytes.count < 300 * Int(followed))
    }
}
