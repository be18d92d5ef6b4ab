// SPDX-License-Identifier: Apache-2.0
import Ledger
import Vocabulary

extension MandatesModule {
    /// Gives a machine an owner, by its own will and once (MANDATES-10).
    func setOwner(
        _ message: SetOwner, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        guard identities.speaks(sender, for: message.machine, in: context) else {
            throw .mandates(.notSpeaking, "\(sender) does not speak for \(message.machine)")
        }
        guard message.owner != message.machine,
            MandatesQueries(context).machine(message.machine) == nil
        else {
            throw .mandates(.ownerExists, "\(message.machine) has an owner, or would be its own")
        }
        write(
            OwnedMachine(machine: message.machine, owner: message.owner, authorization: nil),
            in: context)
    }

    /// Says what a machine may agree to from now on (MANDATES-10).
    func authorise(
        _ message: AuthoriseMachine, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var machine = try owned(message.machine, by: sender, in: context)
        machine.authorization = message.authorization
        write(machine, in: context)
    }

    /// Lets a machine go (MANDATES-10).
    func releaseMachine(
        _ message: ReleaseMachine, from sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) {
        var machine = try owned(message.machine, by: sender, in: context)
        machine.authorization = nil
        context.set(.mandates, MandatesKeys.machine(message.machine), nil)
        context.emit(.machineChanged, about: message.machine.raw, machine)
    }

    private func owned(
        _ account: AccountID, by sender: AccountID, in context: ExecutionContext
    ) throws(Refusal) -> OwnedMachine {
        guard let machine = MandatesQueries(context).machine(account) else {
            throw .mandates(.noOwner, "\(account) has no owner")
        }
        guard identities.speaks(sender, for: machine.owner, in: context) else {
            throw .mandates(.notSpeaking, "\(sender) does not speak for its owner")
        }
        return machine
    }

    private func write(_ machine: OwnedMachine, in context: ExecutionContext) {
        context.set(
            .mandates, MandatesKeys.machine(machine.machine), machine.canonicalBytes)
        context.emit(.machineChanged, about: machine.machine.raw, machine)
    }
}
