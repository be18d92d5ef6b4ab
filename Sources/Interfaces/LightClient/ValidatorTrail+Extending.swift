// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import Ledger
import StateTree
import Validators
import Vocabulary

extension ValidatorTrail {
    /// Takes handovers, oldest first; none of them unless all hold (LIGHT-15).
    ///
    /// One of an epoch that is known already must name the set that is known. Signatures of many
    /// handovers are checked together, so that small sets fill the lanes of the processor too.
    ///
    /// - Throws: ``LightFailure`` naming the first thing that does not hold;
    ///   ``LightFailure/conflictingHandover(_:)`` when validators that are trusted signed two
    ///   histories.
    public mutating func extend(by handovers: [Handover]) throws(LightFailure) {
        var grown = self
        var claims = HandoverClaims()
        for handover in handovers { try grown.take(handover, &claims) }
        try claims.check()
        self = grown
    }

    private mutating func take(
        _ handover: Handover, _ claims: inout HandoverClaims
    ) throws(LightFailure) {
        let epoch = handover.epoch
        guard let validators = validators(of: epoch) else {
            throw .unknownEpoch(epoch, oldest: oldest, newest: newest)
        }
        try check(handover, validators, &claims)
        guard epoch < newest else {
            append(handover.next.validators)
            return
        }
        if self.validators(of: epoch.advanced(by: 1)) != handover.next.validators {
            // Before it is called a contradiction, every signature up to here must hold.
            try claims.check()
            throw .conflictingHandover(epoch)
        }
    }

    /// Checks everything but the signatures, which go to `claims`.
    private func check(
        _ handover: Handover, _ validators: ValidatorSet, _ claims: inout HandoverClaims
    ) throws(LightFailure) {
        let header = handover.header
        guard header.chain == chain else { throw .otherChain(header.height, header.chain) }
        guard header.stateHeight == lengths.cut(of: header.epoch) else {
            throw .notAtCut(header.epoch, state: header.stateHeight)
        }
        guard handover.next.epoch == header.epoch.advanced(by: 1) else {
            throw .wrongSuccessor(header.epoch, handover.next.epoch)
        }
        try claims.add(handover, validators, chain: chain)
        do {
            try handover.proof.verify(
                root: header.stateRoot,
                key: [ModuleID.validators.value] + ValidatorsKeys.nextSet,
                value: handover.next.canonicalBytes)
        } catch {
            throw .notInState(header.height, error)
        }
    }
}

/// Signatures of several handovers, to be checked together.
private struct HandoverClaims {
    /// How many signatures are checked at a time: 1,024 with their messages are 200 KiB.
    private static let batchMax = 1_024

    private var claims: [SignatureClaim] = []
    private var origins: [(height: BlockHeight, validator: Int)] = []

    /// Takes the signatures of a handover's certificate, whose signers, stake and links are
    /// checked here.
    mutating func add(
        _ handover: Handover, _ validators: ValidatorSet, chain: ChainID
    ) throws(LightFailure) {
        let header = handover.header
        let certificate = handover.finality.certificate
        do {
            try handover.finality.verifyLinks(from: header, chain: chain)
        } catch {
            throw .notFinal(header.height, error)
        }
        let message = certificate.statement.signedBytes(chain: chain, epoch: certificate.epoch)
        var taken: [Vote] = []
        do {
            try certificate.verify(validators: validators, chain: chain) { vote in
                taken.append(vote)
                return true
            }
        } catch {
            throw .notFinal(header.height, .certificate(error))
        }
        for vote in taken {
            let place = Int(vote.validator)
            claims.append(
                SignatureClaim(
                    key: validators.validators[place].key, signature: vote.signature,
                    message: message))
            origins.append((header.height, place))
        }
        if claims.count >= Self.batchMax { try check() }
    }

    /// Checks what was gathered and begins anew.
    mutating func check() throws(LightFailure) {
        let verdicts = Ed25519Verifier.verify(claims)
        if let bad = zip(origins, verdicts).first(where: { !$0.1 })?.0 {
            throw .notFinal(bad.height, .certificate(.badSignature(bad.validator)))
        }
        claims = []
        origins = []
    }
}
