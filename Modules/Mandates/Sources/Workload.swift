// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import Vocabulary

/// Random messages for the simulator: mandates that widen, loop and end, and what is sent under
/// them.
public enum MandatesWorkload {
    /// A message that an account may send at any time; the chain decides.
    ///
    /// - Parameters:
    ///   - others: Who else is there.
    ///   - kinds: What mandates may cover.
    ///   - inner: Makes a message for a principal.
    ///   - state: Where mandates stand.
    public static func message(
        of account: AccountID, among others: [AccountID], covering kinds: [MessageKind],
        at now: Timestamp, in state: any StateReader,
        using random: inout some RandomNumberGenerator, inner: () -> Message
    ) -> Message {
        func draw(_ limit: Int) -> Int { Int(random.next(upperBound: UInt64(limit))) }
        let other = others.isEmpty ? account : others[draw(others.count)]
        let known = others.flatMap { MandatesQueries(state).mandates(of: $0, limit: 8) }
        let own = known.filter { $0.delegate == account }
        let choice = own.isEmpty ? known : own
        let chosen = choice.isEmpty ? nil : choice[draw(choice.count)]
        let scope = MandateScope(
            kinds: kinds.filter { _ in draw(4) > 0 },
            budgets: [
                Budget(
                    total: Amount(UInt128(1 + draw(1_000))),
                    perPeriod: draw(2) == 0 ? nil : Amount(UInt128(1 + draw(200))))
            ], periodMilliseconds: UInt64(draw(2) * 500), from: Timestamp(now.value / 2),
            until: now.advanced(by: UInt64(draw(5_000))), paysFees: draw(2) == 0)
        guard let chosen else {
            return MandatesMessage.grant(GrantMandate(delegate: other, scope: scope)).message
        }
        let message: MandatesMessage =
            switch draw(12) {
            case 0, 1: .grant(GrantMandate(delegate: other, scope: scope))
            case 2:
                .narrow(NarrowMandate(parent: chosen.id, delegate: other, scope: chosen.scope))
            case 3: .narrow(NarrowMandate(parent: chosen.id, delegate: other, scope: scope))
            case 4: .revoke(RevokeMandate(chosen.id))
            case 5: .payFees(PayFees(chosen.id))
            case 6: .setOwner(SetOwner(machine: account, owner: other))
            case 7: .releaseMachine(ReleaseMachine(machine: other))
            default: .act(ActForPrincipal(chosen.id, inner()))
            }
        return message.message
    }
}
