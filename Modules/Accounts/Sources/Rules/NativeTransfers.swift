// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

extension AccountsModule {
    /// Where nonces and balances lie, for section 1 of a cut.
    public var layout: AccountLayout {
        AccountLayout(
            module: .accounts, nonceKind: AccountsKeys.noncePrefix,
            balanceKind: AccountsKeys.balancePrefix,
            feePaid: AccountsEventKind.feePaid.rawValue,
            transferred: AccountsEventKind.transferred.rawValue)
    }

    /// Whether the chain has an asset.
    public func hasAsset(_ asset: AssetID, in state: any StateReader) -> Bool {
        state.value(.accounts, AccountsKeys.asset(asset)) != nil
    }

    /// The refusal that a transfer meets in section 1, the same as anywhere else.
    public func refusal(of problem: NativeProblem) -> Refusal {
        switch problem {
        case .zeroAmount(let account): .zeroAmount(for: account)
        case .unknownAsset(let asset): .unknownAsset(asset)
        case .insufficientBalance(let account, let balance, let asset, let amount):
            .insufficientBalance(of: account, has: balance, asset, needs: amount)
        }
    }
}

extension Transfer {
    /// Bytes of one part: account, asset, amount.
    private static let partBytes = 32 + 8 + 16

    /// Reads the payload of a transfer message that has parts; false when it is anything else.
    ///
    /// It accepts exactly what ``AccountsMessage`` reads, without an object for each part.
    static func readNative(_ payload: [UInt8], into effects: inout NativeEffects) -> Bool {
        var decoder = CanonicalDecoder(Array(payload.prefix(Self.headBytesMax)))
        guard (try? decoder.readTag()) == 0, let count = try? decoder.readLength(limit: partsMax),
            count > 0
        else { return false }
        let start = min(payload.count, Self.headBytesMax) - decoder.remaining
        guard payload.count == start + count * partBytes else { return false }
        payload.withUnsafeBytes { bytes in
            for offset in stride(from: start, to: bytes.count, by: partBytes) {
                effects.append(part(at: offset, of: bytes))
            }
        }
        return true
    }

    /// The tag takes one byte, the count at most two: 1,024 in ULEB128.
    private static let headBytesMax = 3

    private static func part(
        at offset: Int, of bytes: UnsafeRawBufferPointer
    ) -> NativeTransfer {
        let account = Bytes32 { $0.copyMemory(from: .init(rebasing: bytes[offset..<offset + 32])) }
        let asset = bytes.loadUnaligned(fromByteOffset: offset + 32, as: UInt64.self)
        let amount = bytes.loadUnaligned(fromByteOffset: offset + 40, as: UInt128.self)
        return NativeTransfer(
            to: AccountID(account), asset: AssetID(UInt64(littleEndian: asset)),
            amount: Amount(UInt128(littleEndian: amount)))
    }
}
