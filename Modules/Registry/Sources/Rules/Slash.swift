// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// How much of a bond is taken.
public enum SlashSize: Hashable, Sendable {
    /// So many millionths of the bond, rounded down; more than a million takes all.
    case partsPerMillion(UInt32)
    /// An amount, or all when the bond is smaller.
    case amount(Amount)
}

/// What other modules do to a provider; only they call these.
extension RegistryModule {
    /// Takes a part of a bond, also while it is unbonding (REGISTRY-8).
    ///
    /// A provider whose bond falls below the minimum while it could work is jailed.
    ///
    /// - Parameters:
    ///   - destination: Where it goes: the caller's choice.
    ///   - reason: Why, for people: 1 to 64 bytes.
    /// - Returns: What was taken: zero when there is no bond.
    /// - Throws: `unknownProvider`, or what the bank refuses; nothing has changed then.
    @discardableResult
    public func slash(
        _ account: AccountID, by size: SlashSize, to destination: BondDestination, reason: String,
        in context: ExecutionContext
    ) throws(Refusal) -> Amount {
        var provider = try known(account, in: context)
        let taken = Self.part(size, of: provider.bond)
        guard taken > .zero, let rest = provider.bond.subtracting(taken) else { return .zero }
        try bank.releaseBond(taken, of: account, to: destination, in: context)
        provider.bond = rest
        // All that is ever slashed was once supply; far beyond it the record stays at its largest.
        provider.slashed = provider.slashed.adding(taken) ?? Amount(.max)
        write(provider, in: context)
        context.emit(
            .bondSlashed, about: account,
            BondSlashed(taken: taken, rest: rest, reason: reason).canonicalBytes)
        if rest < parameters(in: context).bondMin { jail(provider, in: context) }
        return taken
    }

    /// Puts a provider that could work into jail (REGISTRY-8); no effect on others.
    public func jail(_ account: AccountID, in context: ExecutionContext) {
        guard let provider = provider(account, in: context) else { return }
        jail(provider, in: context)
    }

    private func jail(_ provider: Provider, in context: ExecutionContext) {
        switch provider.status {
        case .bonded, .paused:
            let delay = parameters(in: context).jailMilliseconds
            setStatus(
                .jailed(until: context.block.time.advanced(by: delay)), of: provider, in: context)
        case .jailed, .unbonding, .withdrawn:
            return
        }
    }

    private static func part(_ size: SlashSize, of bond: Amount) -> Amount {
        switch size {
        case .partsPerMillion(let parts):
            let share = min(UInt128(parts), 1_000_000)
            return bond.scaled(by: share, over: 1_000_000) ?? bond
        case .amount(let amount):
            return min(amount, bond)
        }
    }
}
