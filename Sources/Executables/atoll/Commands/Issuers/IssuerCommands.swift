// SPDX-License-Identifier: Apache-2.0
import Identities
import Identity
import JSONText
import Ledger
import Vocabulary

/// `atoll issuer register`: makes an identity an issuer with a bond.
enum IssuerRegister {
    static let typeOption = OptionSpec(
        name: "type", value: "TYPE", help: "a type of credential that it attests", repeats: true,
        choices: CredentialType.all.map(\.name))
    static let addressOption = OptionSpec(
        name: "address", value: "URL", help: "where people find it")

    static let command = CommandSpec(
        path: ["issuer", "register"],
        summary: "make an identity of yours an issuer, with a bond that backs its word",
        discussion: """
            The identity's own key sends the message and pays the bond. The bond promises that the
            identity attests these types and no other attested one; whoever shows that it did gets a
            part of it. Whom a verifier trusts remains the verifier's own policy.
            """,
        example: "atoll issuer register --as workshop --type MaintenanceRecord --bond 1000",
        options: IssuerSending.options + [
            typeOption, addressOption,
            OptionSpec(
                name: "bond", value: "AMOUNT", help: "the bond; default the least for these types"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let issuing = try await IssuerSending(invocation, shell)
        let types = invocation.values(typeOption.name)
        let bond =
            if let named = try invocation.amount("bond") {
                named
            } else { try await issuing.bondMin(types: types.count) }
        let message = RegisterIssuer(
            issuer: issuing.identity, types: types,
            address: invocation.value(addressOption.name) ?? "\(issuing.did)", bond: bond)
        return try await issuing.send(
            .registerIssuer(message), done: "it is an issuer, with a bond of \(bond)")
    }
}

/// `atoll issuer update`: changes what an issuer attests, and adds to its bond.
enum IssuerUpdate {
    static let command = CommandSpec(
        path: ["issuer", "update"],
        summary: "change the types an issuer of yours attests, its address, or add to its bond",
        discussion: "The types named replace those it has; without --type they stay.",
        example: "atoll issuer update --as workshop --add-bond 500",
        options: IssuerSending.options + [
            IssuerRegister.typeOption, IssuerRegister.addressOption,
            OptionSpec(name: "add-bond", value: "AMOUNT", help: "what is added to the bond"),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let issuing = try await IssuerSending(invocation, shell)
        let known = try await issuing.known()
        let types = invocation.values(IssuerRegister.typeOption.name)
        let message = UpdateIssuer(
            issuer: issuing.identity, types: types.isEmpty ? known.types : types,
            address: invocation.value(IssuerRegister.addressOption.name) ?? known.address,
            addedBond: try invocation.amount("add-bond") ?? .zero)
        return try await issuing.send(.updateIssuer(message), done: "the issuer was changed")
    }
}

/// `atoll issuer leave`: an issuer attests no more.
enum IssuerLeave {
    static let command = CommandSpec(
        path: ["issuer", "leave"],
        summary: "end the authority of an issuer of yours; its bond can be withdrawn later",
        example: "atoll issuer leave --as workshop", options: IssuerSending.options,
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let issuing = try await IssuerSending(invocation, shell)
        return try await issuing.send(
            .retireIssuer(RetireIssuer(issuer: issuing.identity)), done: "it attests no more")
    }
}

/// `atoll issuer withdraw`: pays the bond of an issuer back that has left.
enum IssuerWithdraw {
    static let command = CommandSpec(
        path: ["issuer", "withdraw"],
        summary: "take back the bond of an issuer of yours that has left",
        example: "atoll issuer withdraw --as workshop", options: IssuerSending.options,
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let issuing = try await IssuerSending(invocation, shell)
        return try await issuing.send(
            .withdrawIssuerBond(WithdrawIssuerBond(issuer: issuing.identity)),
            done: "the bond is paid back")
    }
}

/// `atoll issuer anchor`: says which bytes a status list has from now on.
enum IssuerAnchor {
    static let command = CommandSpec(
        path: ["issuer", "anchor"],
        summary: "anchor a status list of an issuer of yours on the ledger, with the block's time",
        discussion: """
            Anchor a list whenever you have signed it anew: a verifier that asks the ledger takes no
            older one then ('atoll credential verify --anchored').
            """,
        example: "atoll issuer anchor revocations.json --as workshop",
        arguments: [ArgumentSpec(name: "list", help: "the file of the signed list")],
        options: IssuerSending.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let json = try await shell.document(invocation.arguments[0])
        let list = try StatusFile.attempt("\(invocation.arguments[0]) is no status list") {
            try StatusListCredential(reading: Credential(reading: json.removing("proof")))
        }
        let issuing = try await IssuerSending(invocation, shell)
        guard list.issuer == "\(issuing.did)" else {
            throw CommandFailure(
                status: .refused, what: "the list is by \(list.issuer)", kept: "nothing was sent",
                next: "name who signed it with --as")
        }
        let digest = try AnchoredList.digest(of: json)
        return try await issuing.send(
            .anchorStatus(AnchorStatus(issuer: issuing.identity, list: list.id, digest: digest)),
            done: "\(list.id) is anchored as \(digest)")
    }
}
