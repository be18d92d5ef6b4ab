// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// Why a certificate proves nothing.
public enum CertificateError: Error, Equatable, Sendable {
    /// The number of signatures differs from the number of signers.
    case signatureCount
    /// A signer is not in the validator set.
    case unknownSigner(Int)
    /// The signers hold less than a quorum of the stake.
    case tooLittleStake
    /// The signature of the validator at this place is not its own.
    case badSignature(Int)
}

/// Votes for one statement from validators that hold a quorum of the stake (CONSENSUS-2).
public struct Certificate: CanonicalCodable, Hashable {
    /// The epoch whose validators prove it.
    public let epoch: Epoch
    /// What is proved.
    public let statement: Statement
    /// Who signed.
    public let signers: SignerSet
    /// Their signatures in the order of their places.
    public let signatures: [Signature]

    /// Joins the parts without checking them.
    public init(
        epoch: Epoch, statement: Statement, signers: SignerSet, signatures: [Signature]
    ) {
        self.epoch = epoch
        self.statement = statement
        self.signers = signers
        self.signatures = signatures
    }

    /// Gathers votes for `statement` in `epoch`; others are left out.
    ///
    /// - Parameter votes: At most one of each validator.
    public init(_ statement: Statement, epoch: Epoch, votes: [Vote]) {
        let agreeing = votes.filter { $0.statement == statement && $0.epoch == epoch }
            .sorted { $0.validator < $1.validator }
        self.init(
            epoch: epoch, statement: statement,
            signers: SignerSet(agreeing.map { Int($0.validator) }),
            signatures: agreeing.map(\.signature))
    }

    /// The votes it is made of, in the order of the voters' places.
    public var votes: [Vote] {
        zip(signers.indices, signatures).map {
            Vote(epoch: epoch, statement: statement, validator: UInt16($0), signature: $1)
        }
    }

    /// Checks signers, stake and every signature.
    ///
    /// - Parameter validators: Those of the certificate's epoch.
    /// - Parameter known: Whether a vote's signature has been checked already; asked once for each.
    /// - Throws: ``CertificateError`` naming the first fault.
    public func verify(
        validators: ValidatorSet, chain: ChainID, known: (Vote) -> Bool = { _ in false }
    ) throws(CertificateError) {
        let indices = signers.indices
        guard indices.count == signatures.count else { throw .signatureCount }
        var stake: UInt128 = 0
        for index in indices {
            guard index < validators.count else { throw .unknownSigner(index) }
            stake += validators.validators[index].stake
        }
        guard stake >= validators.quorum else { throw .tooLittleStake }
        let message = statement.signedBytes(chain: chain, epoch: epoch)
        let unknown = votes.filter { !known($0) }
        // All signatures are decided together: eight cost little more than one.
        let verdicts = Ed25519Verifier.verify(
            unknown.map {
                SignatureClaim(
                    key: validators.validators[Int($0.validator)].key, signature: $0.signature,
                    message: message)
            })
        if let bad = zip(unknown, verdicts).first(where: { !$0.1 }) {
            throw .badSignature(Int(bad.0.validator))
        }
    }

    /// Appends the epoch, the statement, the signers and the signatures.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(epoch)
        encoder.write(statement)
        encoder.write(signers)
        encoder.writeList(signatures)
    }

    /// Reads a certificate.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        epoch = try decoder.read()
        statement = try decoder.read()
        signers = try decoder.read()
        signatures = try decoder.readList(limit: ValidatorSet.validatorsMax)
    }
}
