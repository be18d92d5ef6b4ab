// SPDX-License-Identifier: Apache-2.0
public import LibP2P
import Synchronization
public import Vocabulary

/// Carries sealed questions about leases to providers, and sealed answers back (TALK-6).
///
/// What it carries is closed to it (TALK-1). All methods may be called from any task.
public final class LeaseLine: Sendable {
    /// Answers an envelope, or lets it go unanswered.
    public typealias Answering = @Sendable ([UInt8]) async -> [UInt8]?
    /// Connects to a peer that is not connected yet.
    public typealias Connecting = @Sendable (PeerID) async throws(ConnectionFailure) -> Void

    /// The most questions that are read or answered at one time: 16 of at most 6 MiB.
    static let questionsMax = 16
    /// How long an answer may take, in milliseconds.
    public static let answerMilliseconds: UInt64 = 120_000

    private struct State {
        var answering: Answering?
        var open = 0
        var counters = Counters()
    }

    /// What is counted.
    struct Counters {
        var asked: UInt64 = 0
        var answered: UInt64 = 0
        var unanswered: UInt64 = 0
    }

    private let swarm: Swarm
    private let connect: Connecting
    private let protocolName: String
    private let limits: (question: Int, answer: Int)
    private let state = Mutex(State())

    /// - Parameters:
    ///   - questionBytesMax: The longest question that is carried.
    ///   - answerBytesMax: The longest answer.
    public init(
        _ swarm: Swarm, chain: ChainID, questionBytesMax: Int, answerBytesMax: Int,
        connecting connect: @escaping Connecting
    ) {
        self.swarm = swarm
        self.connect = connect
        protocolName = ServiceTopics(chain: chain).leases
        limits = (questionBytesMax, answerBytesMax)
    }

    /// Answers questions from now on; peers see that this node does.
    public func answer(by answering: @escaping Answering) {
        let isFirst = state.withLock { state in
            defer { state.answering = answering }
            return state.answering == nil
        }
        guard isFirst else { return }
        swarm.serve(protocolName) { [weak self] in await self?.serve($0) }
    }

    private func serve(_ stream: PeerStream) async {
        let answering = state.withLock { state -> Answering? in
            guard state.open < Self.questionsMax else {
                state.counters.unanswered += 1
                return nil
            }
            state.open += 1
            return state.answering
        }
        guard let answering else { return stream.reset() }
        defer { state.withLock { $0.open -= 1 } }
        var messages = MessageStream(stream, messageBytesMax: limits.question)
        guard let envelope = try? await messages.next(), let answer = await answering(envelope),
            answer.count <= limits.answer, (try? await stream.write(message: answer)) != nil
        else {
            state.withLock { $0.counters.unanswered += 1 }
            return stream.reset()
        }
        state.withLock { $0.counters.answered += 1 }
    }

    /// Asks a provider.
    ///
    /// - Throws: ``LeaseLineFailure``
    public func ask(
        _ envelope: [UInt8], of provider: PublicKey
    ) async throws(LeaseLineFailure) -> [UInt8] {
        guard envelope.count <= limits.question else { throw .tooLarge }
        let peer = PeerID(of: provider)
        state.withLock { $0.counters.asked += 1 }
        if !swarm.isConnected(peer) {
            do throws(ConnectionFailure) {
                try await connect(peer)
            } catch {
                throw .unreachable("\(error)")
            }
        }
        do throws(StreamFailure) {
            return try await swarm.request(
                envelope, [protocolName], of: peer, answerBytesMax: limits.answer,
                milliseconds: Self.answerMilliseconds)
        } catch .timedOut {
            throw .timedOut
        } catch {
            throw .unanswered("\(error)")
        }
    }

    /// What is counted, by metric name.
    public var counters: [(name: String, value: UInt64)] {
        let counters = state.withLock(\.counters)
        return [
            ("lease_questions_answered_total", counters.answered),
            ("lease_questions_asked_total", counters.asked),
            ("lease_questions_unanswered_total", counters.unanswered),
        ]
    }
}

/// Why a question about a lease has no answer.
public enum LeaseLineFailure: Error, Hashable, Sendable {
    /// It is longer than any.
    case tooLarge
    /// The provider cannot be reached.
    case unreachable(String)
    /// The provider is there and does not answer: it does not lease, did not understand, or is
    /// occupied.
    case unanswered(String)
    /// It did not answer in time.
    case timedOut
}
