// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Vocabulary

/// A machine of the network: its name and whose key it runs with.
struct Member: Sendable {
    let name: String
    let key: SigningKey
    let isValidator: Bool
    /// Whether another machine runs with the same key, which its owner must never do.
    let isTwin: Bool

    /// Whom its owner may have it vote as later.
    let nextKey: SigningKey?

    /// All its keys.
    var publicKeys: [PublicKey] { [key.publicKey] + (nextKey.map { [$0.publicKey] } ?? []) }

    var account: AccountID { AccountID(of: key.publicKey) }

    /// The machines of a scenario; keys follow from the place alone.
    static func all(of scenario: Scenario) -> [Member] {
        let seats = scenario.nodes.enumerated().compactMap { index, name -> Member? in
            key(index).map {
                Member(
                    name: name, key: $0, isValidator: index < scenario.validators, isTwin: false,
                    nextKey: scenario.rotating.contains(name) ? key(500 + index) : nil)
            }
        }
        let twins = seats.filter { scenario.twins.contains($0.name) }.map {
            Member(
                name: "\($0.name)-twin", key: $0.key, isValidator: true, isTwin: true,
                nextKey: nil)
        }
        return seats + twins
    }

    /// The key of a place: nodes from 0, their second keys from 500, clients from 1,000.
    static func key(_ place: Int) -> SigningKey? {
        var seed = [UInt8](repeating: 7, count: 32)
        seed[0] = UInt8(truncatingIfNeeded: place)
        seed[1] = UInt8(truncatingIfNeeded: place >> 8)
        return SigningKey(seed: seed)
    }
}
