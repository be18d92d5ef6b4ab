// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// The method `atoll`: the name is the hash of the first key, which is also the account of that
/// key; what follows it stands in a signed log (IDENTITY-7).
public enum AtollMethod {
    /// The name of the method.
    public static let name = "atoll"
    /// Names that older systems gave the same identities: read, never written.
    public static let aliases: Set<String> = ["octo", "optimus"]

    /// The DID of an account.
    public static func did(of account: AccountID) -> DID {
        DID(method: name, name: "z" + Base58.encode(account.raw.bytes))
    }

    /// The DID that begins with this key.
    public static func did(of firstKey: PublicKey) -> DID { did(of: AccountID(of: firstKey)) }

    /// The account a DID names, by this method or one of its aliases.
    ///
    /// - Throws: ``ResolutionFailure/unknownMethod(_:)``, ``ResolutionFailure/badName``.
    public static func account(of did: DID) throws(ResolutionFailure) -> AccountID {
        guard did.method == name || aliases.contains(did.method) else {
            throw .unknownMethod(did.method)
        }
        guard did.name.utf8.first == UInt8(ascii: "z"),
            let raw = Base58.decode(did.name.dropFirst().utf8).flatMap({ Bytes32($0) })
        else { throw .badName }
        return AccountID(raw)
    }
}
