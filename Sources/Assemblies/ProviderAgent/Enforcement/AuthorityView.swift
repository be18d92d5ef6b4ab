// SPDX-License-Identifier: Apache-2.0
import Effects
import Identities
import Identity
import JSONText
import Market
import NodeInterface
import Vocabulary

import struct Identity.Moment

/// What a machine may do now: its owner's word, its own place, the time.
struct AuthorityView: Sendable {
    /// What speaks against every task.
    private(set) var refusals: [AuthorityRefusal] = []
    private var authorization: OwnerAuthorization?
    private let place: Place?
    private let now: Moment

    /// Reads what decides, and checks it.
    ///
    /// Cost: a few small files, and their signatures: about 0.1 ms.
    static func read(
        _ authority: MachineAuthority, of account: AccountID, _ node: any NodeAccess,
        _ effects: Effects
    ) async -> AuthorityView {
        let now = Moment(seconds: Int64(effects.time.wallClock().value / 1_000))
        let place = await position(of: authority, at: now, effects.disk)
        var view = AuthorityView(place: place, now: now)
        do throws(AuthorityRefusal) {
            let credential = try await json(authority.credential, effects.disk)
            var documents = await resolved(authority.owners, at: now, node)
            for file in authority.documents.prefix(MachineAuthority.filesMax) {
                guard let document = try? DIDDocument(reading: await json(file, effects.disk))
                else { throw .unreadable(file) }
                // What the ledger says of an identity counts, and no file in its place.
                guard !documents.contains(where: { $0.id == document.id }) else { continue }
                documents.append(document)
            }
            var lists: [JSON] = []
            for file in authority.statusLists.prefix(MachineAuthority.filesMax) {
                lists.append(try await json(file, effects.disk))
            }
            let policy = TrustPolicy(
                issuers: [CredentialType.ownerAuthorization.name: authority.owners],
                chainDepthMax: 0)
            let verifier = CredentialVerifier(
                policy: policy, now: now, documents: documents, statusLists: lists)
            try view.take(credential, verifier, account)
        } catch {
            view.refusals.append(error)
        }
        return view
    }

    /// The documents of those owners whose logs have begun, from the state that this machine's own
    /// node has executed under the validators' certificates: a key that was rotated away, or an
    /// identity that has ended, lets the machine do nothing from the next block on.
    private static func resolved(
        _ owners: Set<DID>, at now: Moment, _ node: any NodeAccess
    ) async -> [DIDDocument] {
        let accounts = owners.compactMap { did -> (DID, AccountID)? in
            (try? AtollMethod.account(of: did)).map { (did, $0) }
        }
        guard !accounts.isEmpty else { return [] }
        let chain = node.chain
        return await node.read { state, _ in
            accounts.compactMap { did, account in
                IdentitiesQueries(state).identity(account, chain: chain)?.document(at: now)
            }
        }
    }

    private init(place: Place?, now: Moment) {
        self.place = place
        self.now = now
    }

    private mutating func take(
        _ json: JSON, _ verifier: CredentialVerifier, _ account: AccountID
    ) throws(AuthorityRefusal) {
        let report = verifier.verify(json)
        guard report.isAccepted else {
            refusals += report.rejections.map(AuthorityRefusal.rejected)
            return
        }
        guard let subject = (try? Credential(reading: json))?.subjects.first,
            let authorization = OwnerAuthorization(subject: subject)
        else { throw .rejected(.unknownType) }
        guard Self.names(authorization.machine, account) else { throw .otherMachine }
        self.authorization = authorization
    }

    /// Whether a DID is a machine's: by its account, or by its key.
    private static func names(_ did: DID, _ account: AccountID) -> Bool {
        if let named = try? AtollMethod.account(of: did) { return named == account }
        guard case .ed25519(let key) = try? KeyMethod.key(of: did) else { return false }
        return AccountID(of: key) == account
    }

    /// All that speaks against an order; nothing when it is allowed.
    ///
    /// The machine's own place counts, and the place where the order wants something done.
    func refusals(of terms: OrderTerms) -> [AuthorityRefusal] {
        guard let authorization else { return refusals }
        guard let asked = AskedTask(terms) else { return refusals + [.unclearTask] }
        var task = PlannedTask(
            operation: asked.operation, value: asked.value, moment: now, place: place)
        var found = authorization.refusals(of: task)
        if let there = asked.place {
            task.place = there
            found += authorization.refusals(of: task).filter { !found.contains($0) }
        }
        return refusals + found.map(AuthorityRefusal.notAllowed)
    }
}

// MARK: - Files

extension AuthorityView {
    private static func json(
        _ file: String, _ disk: any Disk
    ) async throws(AuthorityRefusal) -> JSON {
        guard let bytes = try? await disk.read(file, limit: MachineAuthority.fileBytesMax),
            let json = try? CanonicalJSON.read(bytes)
        else { throw .unreadable(file) }
        return json
    }

    private static func position(
        of authority: MachineAuthority, at now: Moment, _ disk: any Disk
    ) async -> Place? {
        switch authority.position {
        case nil: return nil
        case .fixed(let place): return place
        case .file(let file, let secondsMax):
            guard let bytes = try? await disk.read(file, limit: MachineAuthority.positionBytesMax),
                let report = PositionReport(reading: bytes),
                (-secondsMax...secondsMax).contains(now.seconds - report.moment.seconds)
            else { return nil }
            return report.place
        }
    }
}
