// SPDX-License-Identifier: Apache-2.0
import LeaseTalk
import LibP2P
import NodeInterface
import PeerNetwork
import ServiceNetwork
import Synchronization
import Vocabulary

/// A node's way to providers of leases (TALK-6): over its connections, and where there is none to a
/// provider, to where the hash table says that it is.
final class NodeLeases: LeaseAccess {
    private let line: LeaseLine
    private let own: PublicKey
    private let answering = Mutex<LeaseLine.Answering?>(nil)

    init(_ mesh: PeerMesh, chain: ChainID, table: KademliaService) {
        own = mesh.publicKey
        line = LeaseLine(
            mesh.swarm, chain: chain, questionBytesMax: LeaseTalkLimits.questionBytesMax,
            answerBytesMax: LeaseTalkLimits.answerBytesMax
        ) { peer throws(ConnectionFailure) in
            do throws(ConnectionFailure) {
                try await mesh.connect(to: peer)
            } catch {
                // Whoever answers leaves its addresses with this node.
                guard (try? await table.findPeer(peer)) != nil else { throw error }
                try await mesh.connect(to: peer)
            }
        }
    }

    func answerQuestions(by answering: @escaping @Sendable ([UInt8]) async -> [UInt8]?) async {
        self.answering.withLock { $0 = answering }
        line.answer(by: answering)
    }

    func ask(
        _ envelope: [UInt8], of provider: PublicKey
    ) async throws(LeaseAccessFailure) -> [UInt8] {
        if provider == own { return try await askHere(envelope) }
        do throws(LeaseLineFailure) {
            return try await line.ask(envelope, of: provider)
        } catch {
            switch error {
            case .tooLarge: throw .tooLarge
            case .unreachable(let reason): throw .unreachable(reason)
            case .unanswered(let reason): throw .unanswered(reason)
            case .timedOut:
                let seconds = LeaseLine.answerMilliseconds / 1_000
                throw .unanswered("no answer in \(seconds) s")
            }
        }
    }

    /// No node has a connection with itself.
    private func askHere(_ envelope: [UInt8]) async throws(LeaseAccessFailure) -> [UInt8] {
        guard envelope.count <= LeaseTalkLimits.questionBytesMax else { throw .tooLarge }
        guard let answering = answering.withLock(\.self), let answer = await answering(envelope)
        else { throw .unanswered("this node leases nothing, or could not read it") }
        return answer
    }

    /// What is counted, by metric name.
    var counters: [(name: String, value: UInt64)] { line.counters }
}
