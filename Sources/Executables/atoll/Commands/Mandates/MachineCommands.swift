// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Identity
import JSONText
import Ledger
import Mandates
import Vocabulary

/// `atoll machine own`: a machine takes an owner.
enum MachineOwn {
    static let command = CommandSpec(
        path: ["machine", "own"],
        summary: "give a machine an owner; from then on it agrees only to what the owner allows",
        discussion: """
            Signed by the machine's own key, named with --node-key. It is done once: only the
            owner can let the machine go.
            """,
        example: "atoll machine own <account> --node-key robot/node.key",
        arguments: [ArgumentSpec(name: "owner", help: "the owner's account")],
        options: [
            ValidatorSending.nodeKeyOption, ValidatorSending.nodePassphraseOption,
            ClientSettings.passphraseOption, ClientSettings.genesisOption,
            TransactionSending.timeoutOption,
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let owner = try await ClientSettings(invocation, shell)
            .account(named: invocation.arguments[0])
        let key = try await ValidatorSending.nodeKey("the machine's key", invocation, shell)
        let sending = try await MessageSending(invocation, shell, key: key)
        let message = MandatesMessage.setOwner(SetOwner(machine: sending.account, owner: owner))
        sending.write(
            "the machine has an owner", try await sending.send([message.message]),
            [
                JSON.Member("machine", JSON("\(sending.account)")),
                JSON.Member("did", JSON("\(AtollMethod.did(of: sending.account))")),
                JSON.Member("owner", JSON("\(owner)")),
            ])
        return 0
    }
}

/// `atoll machine authorise`: an owner says what its machine may agree to.
enum MachineAuthorise {
    static let command = CommandSpec(
        path: ["machine", "authorise"],
        summary: "say what your machine may agree to; the ledger refuses all else",
        discussion: """
            The ledger keeps to the value and the time. Operations, area and hours are in the
            OwnerAuthorization credential, to which the machine's own provider keeps; --credential
            ties the two together. --nothing ends all that was allowed.
            """,
        example: "atoll machine authorise <account> --value-max 5 --credential authorization.json",
        arguments: [ArgumentSpec(name: "machine", help: "the machine's account")],
        options: MessageSending.options + [
            OptionSpec(
                name: "value-max", value: "AMOUNT", help: "the most one contract may be worth"),
            MessageSending.validOption,
            OptionSpec(name: "credential", value: "FILE", help: "your OwnerAuthorization of it"),
            OptionSpec(name: "nothing", help: "it may agree to nothing any more"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let machine: AccountID = try invocation.identifier(0, "account")
        let authorization =
            invocation.has("nothing")
            ? nil : try await authorization(of: machine, invocation, shell)
        let sending = try await MessageSending(invocation, shell)
        let message = MandatesMessage.authorise(
            AuthoriseMachine(machine: machine, authorization: authorization))
        let sent = try await sending.send([message.message])
        let done = authorization.map { "it may agree to at most \($0.valueMax)" }
        sending.write(done ?? "it may agree to nothing", sent)
        return 0
    }

    private static func authorization(
        of machine: AccountID, _ invocation: Invocation, _ shell: Shell
    ) async throws -> MachineAuthorization {
        guard let path = invocation.value("credential") else {
            throw CommandFailure(
                status: .misused, what: "the authorization is not named", kept: "nothing was sent",
                next: "name the credential with --credential FILE")
        }
        let json = try await shell.document(path)
        guard let subject = (try? Credential(reading: json.removing("proof")))?.subjects.first,
            let stated = Identity.OwnerAuthorization(subject: subject),
            (try? AtollMethod.account(of: stated.machine)) == machine
        else {
            throw CommandFailure(
                status: .refused, what: "\(path) is no OwnerAuthorization of this machine",
                kept: "nothing was sent")
        }
        let digest = try StatusFile.attempt("\(path) has no canonical form") {
            SHA256.hash(try CanonicalJSON.bytes(of: json))
        }
        let valueMax = try invocation.amount("value-max") ?? Amount(stated.valueMax)
        return MachineAuthorization(
            valueMax: valueMax, until: try MessageSending.span(invocation, shell).until,
            credential: digest)
    }
}

/// `atoll machine show`: what an owner lets a machine agree to, proven.
enum MachineShow {
    static let command = CommandSpec(
        path: ["machine", "show"],
        summary: "show a machine's owner and what it may agree to, proven from your genesis",
        example: "atoll machine show <account>",
        arguments: [ArgumentSpec(name: "machine", help: "the machine's account")],
        options: ProvenState.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let account: AccountID = try invocation.identifier(0, "account")
        let state = ProvenState(settings: ClientSettings(invocation, shell))
        let (found, header) = try await state.read(
            .mandates, MandatesKeys.machine(account), as: OwnedMachine.self)
        guard let machine = found else {
            throw CommandFailure(status: .refused, what: "\(account) has no owner")
        }
        let allowed = machine.authorization
        let value = JSON.object([
            JSON.Member("machine", JSON("\(account)")),
            JSON.Member("did", JSON("\(AtollMethod.did(of: account))")),
            JSON.Member("owner", JSON("\(machine.owner)")),
            JSON.Member("valueMax", allowed.map { JSON("\($0.valueMax.units)") } ?? .null),
            JSON.Member("until", allowed.map { JSON($0.until.value) } ?? .null),
            JSON.Member("credential", allowed.map { JSON("\($0.credential)") } ?? .null),
        ])
        ResultText.write(value, as: invocation.format) {
            var facts = TextFacts()
            facts.add("machine", "\(AtollMethod.did(of: account))")
            facts.add("owner", "\(machine.owner)")
            facts.add("may agree to", allowed.map { "at most \($0.valueMax)" } ?? "nothing")
            if let allowed {
                facts.add("until", allowed.until.utc)
                facts.add("credential", "\(allowed.credential)")
            }
            facts.add("as of", header.words)
            return facts.text
        }
        return 0
    }
}

/// `atoll machine release`: an owner lets a machine go.
enum MachineRelease {
    static let command = CommandSpec(
        path: ["machine", "release"],
        summary: "let a machine go: it may agree to anything again",
        example: "atoll machine release <account>",
        arguments: [ArgumentSpec(name: "machine", help: "the machine's account")],
        options: MessageSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let machine: AccountID = try invocation.identifier(0, "account")
        let sending = try await MessageSending(invocation, shell)
        let message = MandatesMessage.releaseMachine(ReleaseMachine(machine: machine))
        sending.write("the machine is released", try await sending.send([message.message]))
        return 0
    }
}
