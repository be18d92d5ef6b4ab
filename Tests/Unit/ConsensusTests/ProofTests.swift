// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import Consensus

@Suite("Certificates, finality proofs and evidence stand alone")
struct ProofTests {
    let fixture = Fixture(stakes: [4, 3, 2, 1])

    private func check(_ certificate: Certificate) throws(CertificateError) {
        try certificate.verify(validators: fixture.validators, chain: fixture.chain)
    }

    @Test("a certificate needs a quorum of stake, not of heads (CONSENSUS-2)")
    func stake() throws {
        let statement = Statement.skip(Slot(3))
        try check(fixture.certificate(statement, by: [0, 1]))
        #expect(throws: CertificateError.tooLittleStake) {
            try check(fixture.certificate(statement, by: [1, 2, 3]))
        }
        #expect(throws: CertificateError.tooLittleStake) {
            try check(fixture.certificate(statement, by: []))
        }
    }

    @Test("a certificate with a wrong signature, signer or count is refused")
    func faults() {
        let good = fixture.certificate(.skip(Slot(3)))
        let other = fixture.certificate(.skip(Slot(4)))
        #expect(throws: CertificateError.badSignature(0)) {
            try check(
                Certificate(
                    epoch: Epoch(0), statement: good.statement, signers: good.signers,
                    signatures: other.signatures))
        }
        #expect(throws: CertificateError.signatureCount) {
            try check(
                Certificate(
                    epoch: Epoch(0), statement: good.statement, signers: SignerSet([0, 1]),
                    signatures: good.signatures))
        }
        #expect(throws: CertificateError.unknownSigner(5)) {
            try check(
                Certificate(
                    epoch: Epoch(0), statement: good.statement, signers: SignerSet([0, 1, 5]),
                    signatures: good.signatures))
        }
        #expect(throws: CertificateError.badSignature(0)) {
            try good.verify(validators: fixture.validators, chain: ChainID(Fixture.bytes(9)))
        }
    }

    @Test("a block is final by its own certificate or by a descendant's (CONSENSUS-13)")
    func finality() throws {
        let first = fixture.block(slot: 1)
        let second = fixture.block(slot: 2, on: first)
        let third = fixture.block(slot: 5, on: second)
        let own = FinalityProof(certificate: fixture.certificate(fixture.final(first)))
        try FinalizedBlock(block: first, proof: own)
            .verify(validators: fixture.validators, chain: fixture.chain)
        let certificate = fixture.certificate(fixture.final(third))
        try verify(first, certificate, by: [second, third])
        #expect(throws: FinalityError.otherBlock) { try verify(first, certificate, by: []) }
        #expect(throws: FinalityError.otherBlock) { try verify(first, certificate, by: [second]) }
        #expect(throws: FinalityError.brokenLink(0)) {
            try verify(first, certificate, by: [third])
        }
        #expect(throws: FinalityError.otherBlock) {
            try verify(first, fixture.certificate(fixture.notar(first)), by: [])
        }
        #expect(throws: FinalityError.certificate(.tooLittleStake)) {
            try verify(first, fixture.certificate(fixture.final(first), by: [2]), by: [])
        }
    }

    private func verify(
        _ block: Block, _ certificate: Certificate, by descendants: [Block]
    ) throws(FinalityError) {
        let proof = FinalityProof(
            certificate: certificate, descendants: descendants.map(\.header))
        try proof.verify(block.header, validators: fixture.validators, chain: fixture.chain)
    }

    @Test("two contradicting votes of one key are evidence, others are not (CONSENSUS-20)")
    func votes() {
        let (one, other) = (Fixture.digest(1), Fixture.digest(2))
        let slot = Slot(4)
        func offender(_ first: Statement, _ second: Statement, by index: Int = 1) -> Int? {
            EquivocationEvidence.votes(fixture.vote(first, by: 1), fixture.vote(second, by: index))
                .offender(validators: fixture.validators, chain: fixture.chain)
        }
        #expect(offender(.notar(slot, one), .notar(slot, other)) == 1)
        #expect(offender(.skip(slot), .final(slot, one)) == 1)
        #expect(offender(.final(slot, one), .final(slot, other)) == 1)
        #expect(offender(.notar(slot, one), .skip(slot)) == nil)
        #expect(offender(.notar(slot, one), .final(slot, other)) == nil)
        #expect(offender(.notar(slot, one), .notar(slot, one)) == nil)
        #expect(offender(.notar(slot, one), .notar(Slot(5), other)) == nil)
        #expect(offender(.notar(slot, one), .notar(slot, other), by: 2) == nil)
    }

    @Test("evidence with a signature that is not the offender's proves nothing")
    func forged() {
        let genuine = fixture.vote(.notar(Slot(4), Fixture.digest(1)), by: 1)
        let forged = Vote(
            .notar(Slot(4), Fixture.digest(2)), by: fixture.keys[2], validator: 1,
            chain: fixture.chain, epoch: Epoch(0))
        let evidence = EquivocationEvidence.votes(genuine, forged)
        #expect(evidence.offender(validators: fixture.validators, chain: fixture.chain) == nil)
        let block = fixture.block(slot: 1)
        let other = fixture.block(slot: 1, payload: [1])
        let headers = EquivocationEvidence.proposals(
            fixture.proposal(block).signedHeader,
            SignedHeader(header: other.header, signature: fixture.proposal(block).signature))
        #expect(headers.offender(validators: fixture.validators, chain: fixture.chain) == nil)
    }
}
