// SPDX-License-Identifier: Apache-2.0
import Identities
import Identity
import JSONText
import Ledger
import Mandates
import Names
import Vocabulary

extension EventReading {
    /// Reads an event of the identities.
    init?(identities event: Event) {
        guard let kind = IdentitiesEventKind(rawValue: event.kind) else { return nil }
        self.init(name: "\(kind)", accounts: [AccountID(event.subject)])
        members = [("did", .string("\(AtollMethod.did(of: AccountID(event.subject)))"))]
        switch kind {
        case .identityCreated, .operationAdded: return
        case .issuerChanged:
            guard let issuer = try? Issuer(canonicalBytes: event.payload) else { return nil }
            members.append(("issuer", JSON(issuer)))
        case .issuerSlashed:
            guard let slashed = try? IssuerSlashed(canonicalBytes: event.payload) else {
                return nil
            }
            accounts.append(slashed.reporter)
            members += [
                ("reporter", JSON(slashed.reporter)), ("taken", JSON(slashed.taken)),
                ("reward", JSON(slashed.reward)), ("credential", JSON(slashed.document)),
                ("type", .string(slashed.type)),
            ]
        case .statusAnchored:
            guard let anchor = try? StatusAnchor(canonicalBytes: event.payload) else { return nil }
            members.append(("list", JSON(anchor)))
        case .personChanged:
            guard let record = try? PersonRecord(canonicalBytes: event.payload) else {
                return nil
            }
            members += [
                ("person", JSON(record.person)), ("issuer", JSON(record.issuer)),
                ("until", JSON(record.until)),
            ]
        }
    }

    /// Reads an event of the names.
    init?(names event: Event) {
        guard let kind = NamesEventKind(rawValue: event.kind),
            let told = try? NameEvent(canonicalBytes: event.payload)
        else { return nil }
        self.init(name: "\(kind)", accounts: told.people)
        members = [
            ("text", .string(told.name.text)), ("owner", told.record.map { JSON($0.owner) }),
            ("target", told.record.map { JSON($0.target) }),
            ("expires", told.record.map { JSON($0.expires) }),
            ("bidder", told.auction.map { JSON($0.bidder) }),
            ("ends", told.auction.map { JSON($0.ends) }), ("amount", JSON(told.amount)),
        ]
    }

    /// Reads an event of the mandates.
    init?(mandates event: Event) {
        guard let kind = MandatesEventKind(rawValue: event.kind) else { return nil }
        self.init(name: "\(kind)")
        switch kind {
        case .mandateGranted, .mandateEnded:
            guard let mandate = try? Mandate(canonicalBytes: event.payload) else { return nil }
            accounts = [mandate.principal, mandate.delegate]
            members = [("mandate", JSON(mandate))]
        case .acted:
            guard let acted = try? ActedForPrincipal(canonicalBytes: event.payload) else {
                return nil
            }
            accounts = [acted.principal, acted.delegate]
            members = [
                ("principal", JSON(acted.principal)), ("delegate", JSON(acted.delegate)),
                ("actedOn", .string(ModuleName.of(acted.kind.module))),
                ("tag", JSON(acted.kind.tag)), ("spent", .array(acted.spent.map(Self.json))),
            ]
        case .feesPaid:
            guard let spending = try? Spending(canonicalBytes: event.payload) else { return nil }
            members = [("spent", .array([Self.json(spending)]))]
        case .machineChanged:
            guard let machine = try? OwnedMachine(canonicalBytes: event.payload) else {
                return nil
            }
            accounts = [machine.machine, machine.owner]
            members = [("machine", JSON(machine))]
        }
    }

    private static func json(_ spending: Spending) -> JSON {
        ["asset": JSON(spending.asset), "amount": JSON(spending.amount)]
    }
}
