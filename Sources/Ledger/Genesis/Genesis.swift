// SPDX-License-Identifier: Apache-2.0
public import JSONText
public import Vocabulary

/// A validator of the first epoch.
public struct GenesisValidator: Hashable, Sendable {
    /// What people call it: 1 to 64 bytes, unique in the file.
    public let name: String
    /// The key it votes with and is known by on the network.
    public let publicKey: PublicKey
    /// Its voting weight, 1 to 2^53.
    public let stake: UInt64
    /// The account that receives fees of blocks it proposes.
    public let account: AccountID

    /// The most stake of one validator: with 100 of them every sum stays within 64 bits.
    public static let stakeMax: UInt64 = 1 << 53

    /// Describes a validator.
    public init(name: String, publicKey: PublicKey, stake: UInt64, account: AccountID) {
        self.name = name
        self.publicKey = publicKey
        self.stake = stake
        self.account = account
    }
}

/// The beginning of a chain, read from a file that people can write (specs/ledger.md LEDGER-20).
public struct Genesis: Hashable, Sendable {
    /// The chain's name, 1 to 64 bytes.
    public let name: String
    /// The time of the state at height 0.
    public let time: Timestamp
    /// Who votes at the start: 1 to ``validatorsMax``.
    public let validators: [GenesisValidator]
    /// The ledger's figures.
    public let parameters: LedgerParameters
    /// SHA-256 of the file's canonical form: the chain's identity (LEDGER-21).
    public let chain: ChainID

    /// The file as it was read.
    public let json: JSON

    /// The most validators of one file: the most seats of a committee.
    public static let validatorsMax = 100
    /// The most bytes of a file: 16 MiB, about 100,000 accounts.
    public static let fileBytesMax = 16_777_216
    /// The most bytes of a name.
    public static let nameBytesMax = 64
    /// The tag of the chain's identity.
    public static let domain = "atoll/genesis/1"

    /// The part of a module, or an empty object when the file has none.
    public func part(of module: any LedgerModule) -> JSON {
        json["modules"]?[module.name] ?? .object([])
    }
}
