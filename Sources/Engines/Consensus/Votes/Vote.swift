// SPDX-License-Identifier: Apache-2.0
public import Cryptography
public import Vocabulary

/// One validator's signed statement.
public struct Vote: CanonicalCodable, Hashable {
    /// The epoch it is cast in; slots of two epochs may have the same number.
    public let epoch: Epoch
    /// What it says.
    public let statement: Statement
    /// The voter's place in the validator set.
    public let validator: UInt16
    /// The voter's signature over ``Statement/signedBytes(chain:epoch:)``.
    public let signature: Signature

    /// Joins the parts without checking them.
    public init(epoch: Epoch, statement: Statement, validator: UInt16, signature: Signature) {
        self.epoch = epoch
        self.statement = statement
        self.validator = validator
        self.signature = signature
    }

    /// Signs a statement.
    public init(
        _ statement: Statement, by key: SigningKey, validator: UInt16, chain: ChainID, epoch: Epoch
    ) {
        self.init(
            epoch: epoch, statement: statement, validator: validator,
            signature: key.sign(statement.signedBytes(chain: chain, epoch: epoch)))
    }

    /// Whether the named validator exists and signed this.
    ///
    /// - Parameter validators: Those of the vote's epoch.
    public func isSigned(validators: ValidatorSet, chain: ChainID) -> Bool {
        guard Int(validator) < validators.count else { return false }
        return validators.validators[Int(validator)].key
            .accepts(signature, over: statement.signedBytes(chain: chain, epoch: epoch))
    }

    /// Appends the epoch, the statement, the voter and the signature.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(epoch)
        encoder.write(statement)
        encoder.write(validator)
        encoder.write(signature)
    }

    /// Reads a vote.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        epoch = try decoder.read()
        statement = try decoder.read()
        validator = try decoder.read()
        signature = try decoder.read()
    }
}
