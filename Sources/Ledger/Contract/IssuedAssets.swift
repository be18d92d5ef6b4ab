// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Assets that a module makes and ends while the chain runs, such as shares of delegated stake.
///
/// Their numbers say whose they are: the highest bit, then the module in bits 32 to 39, then the
/// module's own count. A genesis names only numbers below ``AssetID/issuedMin``.
extension ModuleID {
    /// The module's asset of a count.
    public func asset(_ number: UInt32) -> AssetID {
        AssetID(AssetID.issuedMin | UInt64(value) << 32 | UInt64(number))
    }
}

extension AssetID {
    /// The first number of an asset that a module issues: 2^63.
    public static let issuedMin: UInt64 = 1 << 63

    /// The module that issues this asset, or nothing when it is the genesis's.
    public var issuer: ModuleID? {
        guard value >= Self.issuedMin else { return nil }
        return ModuleID(UInt8(truncatingIfNeeded: value >> 32))
    }
}
