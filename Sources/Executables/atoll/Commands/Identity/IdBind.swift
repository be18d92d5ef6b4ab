// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identity
import JSONText
import Vocabulary

/// `atoll id bind`: ties a node to an identity, so that each names the other.
enum IdBind {
    static let command = CommandSpec(
        path: ["id", "bind"],
        summary:
            "tie a node to an identity: its document has the node's key and names its peer",
        discussion: """
            The node's key is added to the document for authentication, and the service '#peer'
            names the node in the peer-to-peer network. 'atoll id peer' checks both. The node's key
            is not opened: that the node has it shows whenever somebody connects to it.
            """,
        example: "atoll id bind robot --node-key robot/node.key",
        arguments: [ArgumentSpec(name: "name", help: "the identity")],
        options: IdentitySending.options + [ValidatorSending.nodeKeyOption],
        hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let path = try ValidatorSending.nodeKeyPath("the node's key", invocation)
        let sending = try await IdentitySending(invocation, shell)
        let entry = try await sending.book.existing(invocation.arguments[0])
        let node = try await sending.book.settings.keys.read(path).publicKey
        let answer = try await IdentityResolver(settings: sending.book.settings).resolve(entry.did)
        guard let record = answer.record else {
            throw CommandFailure(status: .refused, what: "\(entry.did) has no log")
        }
        let key = try await sending.book.open(entry.key)
        let lent = DelegateKey(key: .ed25519(node), uses: [.authentication])
        let delegates = record.delegates.filter { $0.key != lent.key } + [lent]
        let services =
            record.services.filter { $0.id != PeerBinding.fragment }
            + [PeerBinding.service(of: node)]
        let sent = try await sending.send(
            [.setDelegates(delegates), .setServices(services)], after: record, of: entry, by: key)
        IdentitySending.write(
            "peer \(PeerBinding.name(of: node)) is its own", entry, sent, invocation.format)
        return 0
    }
}

/// `atoll id peer`: whether a peer of the network is an identity's.
enum IdPeer {
    static let command = CommandSpec(
        path: ["id", "peer"],
        summary: "check that a peer of the network is an identity's, both ways, proven",
        example: "atoll id peer did:atoll:z... 12D3KooW...",
        arguments: [
            ArgumentSpec(name: "did", help: "the identity, or its name in this home"),
            ArgumentSpec(
                name: "peer", help: "the peer's name; default all that the document names",
                isRequired: false),
        ],
        options: IdentityResolver.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let did = try await IdentityBook(settings: settings).did(named: invocation.arguments[0])
        let document = try await IdentityResolver(settings: settings).resolve(did).document
        let named = PeerBinding.peers(in: document)
        let peers = invocation.arguments.dropFirst().first.map { [$0] } ?? named
        let checked = peers.map { peer -> (peer: String, failure: PeerBindingFailure?) in
            do throws(PeerBindingFailure) {
                try PeerBinding.check(peer: peer, of: document)
                return (peer, nil)
            } catch {
                return (peer, error)
            }
        }
        let holds = !checked.isEmpty && checked.allSatisfy { $0.failure == nil }
        let value: JSON = [
            "did": JSON("\(did)"), "isBound": .bool(holds),
            "peers": .array(
                checked.map { ["peer": JSON($0.peer), "isBound": .bool($0.failure == nil)] }),
        ]
        ResultText.write(value, as: invocation.format) {
            checked.map { peer, failure in
                (failure == nil ? "ok      " : "FAILED  ") + peer
                    + (failure.map { "  \($0)" } ?? "") + "\n"
            }.joined() + (holds ? "it is its own\n" : "it is NOT its own\n")
        }
        return holds ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
    }
}
