// SPDX-License-Identifier: Apache-2.0
public import Cryptography
import Identity
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mostly sensible, now and then absurd.
public enum IdentitiesWorkload {
    /// A message that the account of `owner` may send at any time; the chain decides.
    ///
    /// - Parameters:
    ///   - owner: Whose identity it is about, most of the time.
    ///   - state: Where the identity stands, so that its next operation follows.
    public static func message(
        of owner: SigningKey, on chain: ChainID, in state: any StateReader,
        using random: inout some RandomNumberGenerator
    ) -> Message {
        let account = AccountID(of: owner.publicKey)
        let record = IdentitiesQueries(state).identity(account, chain: chain)
        guard let record, random.next(upperBound: 8 as UInt64) > 0 else {
            let new = NewIdentity(
                of: owner, recovery: IdentityRecord.commitment(to: spare(of: account).publicKey),
                chain: chain)
            return IdentitiesMessage.create(CreateIdentities([new])).message
        }
        return random.next(upperBound: 2 as UInt64) == 0
            ? operation(on: record, first: owner, using: &random)
            : issuing(account, using: &random)
    }

    /// The next operation of an identity, by its controller when that is the first or spare key.
    private static func operation(
        on record: IdentityRecord, first: SigningKey, using random: inout some RandomNumberGenerator
    ) -> Message {
        let spare = spare(of: record.subject)
        let action: IdentityAction =
            switch random.next(upperBound: 12 as UInt64) {
            case 0, 1: .rotate(key: spare.publicKey)
            case 2, 3: .rotate(key: first.publicKey)
            case 4:
                .recover(
                    with: spare.publicKey, key: first.publicKey,
                    recovery: IdentityRecord.commitment(to: spare.publicKey))
            case 5:
                .setDelegates([
                    DelegateKey(key: .ed25519(spare.publicKey), uses: [.assertionMethod])
                ])
            case 6: .setDelegates([])
            case 7: .setServices([ServiceEndpoint(id: "#a", type: "A", addresses: ["a:b"])])
            case 8, 9: .setSpecification(SHA256.hash([UInt8(record.count & 0xFF)]))
            case 10: .setSpecification(nil)
            default: record.count > 20 ? .deactivate : .setSpecification(nil)
            }
        var signer = record.controller == first.publicKey ? first : spare
        if case .recover = action { signer = spare }
        let operation = IdentityOperation(
            chain: record.chain, subject: record.subject, sequence: record.count,
            previous: record.last, action: action)
        return IdentitiesMessage.submit(
            SubmitOperations([SignedOperation(operation, by: signer)])
        ).message
    }

    /// The key an identity keeps away.
    private static func spare(of account: AccountID) -> SigningKey {
        guard let key = SigningKey(seed: SHA256.hash(account.raw.bytes).raw.bytes) else {
            preconditionFailure("a hash has 32 bytes")
        }
        return key
    }

    private static func issuing(
        _ account: AccountID, using random: inout some RandomNumberGenerator
    ) -> Message {
        let types = IdentitiesParameters.attestedTypesStandard.filter { _ in
            random.next(upperBound: 3 as UInt64) == 0
        }
        let bond = Amount(whole: random.next(upperBound: 400 as UInt64))
        let address = "https://issuer.example/\(random.next(upperBound: 3 as UInt64))"
        let message: IdentitiesMessage =
            switch random.next(upperBound: 8 as UInt64) {
            case 0, 1:
                .registerIssuer(
                    RegisterIssuer(issuer: account, types: types, address: address, bond: bond))
            case 2, 3:
                .updateIssuer(
                    UpdateIssuer(issuer: account, types: types, address: address, addedBond: bond))
            case 4: .retireIssuer(RetireIssuer(issuer: account))
            case 5: .withdrawIssuerBond(WithdrawIssuerBond(issuer: account))
            default:
                .anchorStatus(
                    AnchorStatus(
                        issuer: account, list: address, digest: SHA256.hash(Array(address.utf8))))
            }
        return message.message
    }
}
