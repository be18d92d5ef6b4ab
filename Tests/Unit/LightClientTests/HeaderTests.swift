// SPDX-License-Identifier: Apache-2.0
import Consensus
import LightClient
import Testing
import Vocabulary

@Suite("A header is believed when a quorum of the genesis made it final")
struct HeaderTests {
    @Test("a header with the votes of a quorum is certified (LIGHT-3)")
    func quorum() throws {
        let chain = try TrustedChain(validators: 7)
        let header = chain.header()
        let certified = try chain.verifier.verify(header, chain.finality(of: header))
        #expect(certified.header == header)
        #expect(certified.signers == 5)
        #expect(certified.stateHeight == BlockHeight(10))
    }

    @Test("a header is certified by a descendant too (CONSENSUS-13)")
    func descendant() throws {
        let chain = try TrustedChain(validators: 4)
        let headers = chain.headers(3)
        let proof = FinalityProof(
            certificate: chain.finality(of: headers[2]).certificate,
            descendants: Array(headers.dropFirst()))
        #expect(try chain.verifier.verify(headers[0], proof).header == headers[0])
    }

    @Test("one vote less than a quorum is refused")
    func tooFew() throws {
        let chain = try TrustedChain(validators: 7)
        let header = chain.header()
        let failure = LightFailure.notFinal(BlockHeight(11), .certificate(.tooLittleStake))
        #expect(throws: failure) {
            try chain.verifier.verify(header, chain.finality(of: header, by: 0..<4))
        }
    }

    @Test("a header of another chain is refused before any signature is looked at (LIGHT-2)")
    func otherChain() throws {
        let chain = try TrustedChain(validators: 4)
        let other = try TrustedChain(validators: 4, name: "other")
        let header = other.header()
        let failure = LightFailure.otherChain(BlockHeight(11), other.genesis.chain)
        #expect(throws: failure) {
            try chain.verifier.verify(header, other.finality(of: header))
        }
    }

    @Test("votes that were signed for another chain count nothing")
    func borrowedVotes() throws {
        let chain = try TrustedChain(validators: 4)
        let other = try TrustedChain(validators: 4, name: "other")
        let header = chain.header()
        let proof = chain.finality(of: header, chain: other.genesis.chain)
        let failure = LightFailure.notFinal(BlockHeight(11), .certificate(.badSignature(0)))
        #expect(throws: failure) { try chain.verifier.verify(header, proof) }
    }

    @Test("a header changed in any field is refused")
    func changed() throws {
        let chain = try TrustedChain(validators: 4)
        let header = chain.header()
        let proof = chain.finality(of: header)
        var forged: [BlockHeader] = []
        for change in 0..<8 {
            var copy = header
            switch change {
            case 0: copy.slot = Slot(99)
            case 1: copy.height = BlockHeight(12)
            case 2: copy.parentSlot = Slot(3)
            case 3: copy.parent = .zero
            case 4: copy.timestamp = Timestamp(1)
            case 5: copy.stateHeight = BlockHeight(9)
            case 6: copy.stateRoot = copy.parent
            default: copy.proposer = chain.keys[1].publicKey
            }
            forged.append(copy)
        }
        for copy in forged {
            let failure = LightFailure.notFinal(copy.height, .otherBlock)
            #expect(throws: failure) { try chain.verifier.verify(copy, proof) }
        }
    }

    // MARK: Chains

    @Test("headers that follow each other are certified by the last one's proof (LIGHT-4)")
    func chain() throws {
        let chain = try TrustedChain(validators: 4)
        let headers = chain.headers(5)
        let proof = chain.finality(of: headers[4])
        let certified = try chain.verifier.verify(headers, proof)
        #expect(certified.map(\.header) == headers)
        let later = chain.headers(8).suffix(3)
        let more = try chain.verifier.verify(
            Array(later), chain.finality(of: chain.headers(8)[7]), after: certified[4])
        #expect(more.map(\.header) == Array(later))
    }

    @Test("a missing, repeated or foreign header breaks the chain at its place")
    func broken() throws {
        let chain = try TrustedChain(validators: 4)
        let headers = chain.headers(5)
        let proof = chain.finality(of: headers[4])
        func verify(_ list: [BlockHeader], after known: CertifiedHeader? = nil) throws {
            _ = try chain.verifier.verify(list, proof, after: known)
        }
        #expect(throws: LightFailure.brokenChain(2)) {
            try verify([headers[0], headers[1], headers[3], headers[4]])
        }
        #expect(throws: LightFailure.brokenChain(1)) {
            try verify([headers[4], headers[4]])
        }
        #expect(throws: LightFailure.headerCount(0)) { try verify([]) }
        let known = try chain.verifier.verify(headers[0], chain.finality(of: headers[0]))
        #expect(throws: LightFailure.brokenChain(0)) { try verify([headers[4]], after: known) }
        let tooMany = [BlockHeader](repeating: headers[0], count: LightVerifier.headersMax + 1)
        #expect(throws: LightFailure.headerCount(tooMany.count)) { try verify(tooMany) }
    }

    @Test("a time that does not rise breaks the chain")
    func timeStandsStill() throws {
        let chain = try TrustedChain(validators: 4)
        let first = chain.header()
        var second = chain.header(height: 12, parent: first)
        second.timestamp = first.timestamp
        #expect(throws: LightFailure.brokenChain(1)) {
            try chain.verifier.verify([first, second], chain.finality(of: second))
        }
    }
}
