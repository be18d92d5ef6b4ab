// SPDX-License-Identifier: Apache-2.0
#if DEBUG || TESTABLE
    import Cryptography
    @testable import LibP2P

    /// Bytes read as what happens to one router among eight peers that may say anything: meshes
    /// hold only who is there and wants the topic, nothing goes to who is not, no message is
    /// delivered twice, none goes back to its author, and nothing grows without bound.
    struct GossipScript {
        private static let stepsMax = 256
        private static let signers = (1...9 as ClosedRange<UInt8>).map { Keys.signer($0) }
        private static let topics = ["a", "b", "c"]

        private var script: ScriptBytes
        private var router: GossipRouter
        private let parameters: GossipParameters
        private var connected: Set<PeerID> = []
        private var delivered: Set<[UInt8]> = []
        private var asked: [[UInt8]] = []
        /// How many messages the router may have noted as seen.
        private var noted = 0
        private var ids: [[UInt8]] = [[1]]
        private var now: UInt64 = 1_000

        static let samples: [[UInt8]] = [
            [0, 1, 0, 0, 2, 0, 1, 2, 0, 0, 3, 0, 4, 5, 1, 0, 6, 1, 2, 9, 9],
            [0, 1, 2, 0, 7, 1, 0, 3, 0, 8, 1, 0, 9, 200, 10, 1],
        ]

        /// RPCs of all kinds, for the decoder.
        static var rpcs: [[UInt8]] {
            var rpc = GossipRPC()
            rpc.subscriptions = [.init(isWanted: true, topic: "a")]
            rpc.messages = [
                GossipMessage(topic: "a", data: [1], sequence: 1, signedBy: signers[0])
            ]
            rpc.have = [.init(topic: "a", ids: [[1, 2]])]
            rpc.want = [[3]]
            rpc.graft = ["a"]
            rpc.prune = [.init(topic: "a", exchange: [], backoffSeconds: 60)]
            rpc.dontWant = [[4]]
            return [rpc.encoded]
        }

        init(_ bytes: [UInt8]) {
            script = ScriptBytes(bytes)
            var parameters = GossipParameters()
            parameters.seenMax = 64
            parameters.historyMessagesMax = 16
            parameters.undecidedMax = 8
            parameters.backoffsMax = 16
            parameters.topicsMax = 8
            self.parameters = parameters
            router = GossipRouter(
                signer: Self.signers[0], parameters: parameters, firstSequence: 1,
                seed: UInt64(bytes.count))
        }

        mutating func run() {
            for _ in 0..<Self.stepsMax {
                guard let step = script.step() else { return }
                play(step)
                check()
            }
        }

        private mutating func play(_ step: UInt8) {
            let peer = PeerID(of: Self.signers[Int(script.byte() % 8) + 1].publicKey)
            let topic = Self.topics[Int(script.byte()) % Self.topics.count]
            switch step % 12 {
            case 0:
                connected.insert(peer)
                let isOutbound = script.byte() % 2 == 0
                take(router.connected(peer, version: .v12, isOutbound: isOutbound, ip: nil))
            case 1:
                connected.remove(peer)
                router.disconnected(peer, now: now)
            case 2:
                take(
                    router.subscribe(to: topic, isJudged: script.byte() % 2 == 0, now: now))
            case 3: take(router.unsubscribe(from: topic, now: now))
            case 4:
                noted += 1
                take((try? router.publish([script.byte()], to: topic, now: now)) ?? [])
            case 5:
                let said = message(topic)
                say(peer) { $0.messages = [said] }
            case 6:
                say(peer) { rpc in
                    rpc.subscriptions = [.init(isWanted: true, topic: topic)]
                    rpc.graft = [topic]
                }
            case 7:
                let seconds = UInt64(script.byte()) << UInt64(script.byte() % 57)
                say(peer) { $0.prune = [.init(topic: topic, backoffSeconds: seconds)] }
            case 8:
                let known = ids
                say(peer) { rpc in
                    rpc.have = [.init(topic: topic, ids: known + [[2, UInt8(known.count)]])]
                    rpc.want = known
                }
            case 9:
                now += UInt64(script.byte()) * 40
                take(router.heartbeat(now: now))
            case 10: decide()
            default:
                let bytes = script.bytes(Int(script.byte()))
                guard let rpc = try? GossipRPC(bytes) else { return }
                hear(rpc, from: peer)
            }
        }

        private mutating func message(_ topic: String) -> GossipMessage {
            let author = Self.signers[Int(script.byte() % 9)]
            var message = GossipMessage(
                topic: topic, data: [1], sequence: UInt64(script.byte()), signedBy: author)
            if script.byte() % 4 == 0 { message.data = [2] }
            ids = (ids + [message.stamp]).suffix(32)
            return message
        }

        private mutating func say(_ peer: PeerID, _ fill: (inout GossipRPC) -> Void) {
            var rpc = GossipRPC()
            fill(&rpc)
            hear(rpc, from: peer)
        }

        private mutating func hear(_ rpc: GossipRPC, from peer: PeerID) {
            let effects = router.receive(rpc, from: peer, now: now)
            noted += rpc.messages.count
            // Who asks for a message is answered, even its author.
            take(effects, answering: rpc.want.isEmpty ? nil : peer)
        }

        private mutating func decide() {
            guard !asked.isEmpty else { return }
            let id = asked.removeFirst()
            let verdicts: [GossipVerdict] = [.accept, .reject, .ignore]
            take(router.decide(id, verdicts[Int(script.byte() % 3)], now: now))
        }

        // MARK: What must hold

        private mutating func take(_ effects: [GossipEffect], answering asker: PeerID? = nil) {
            for effect in effects {
                switch effect {
                case .send(let rpc, let peer):
                    precondition(connected.contains(peer), "only who is there is spoken with")
                    precondition((try? GossipRPC(rpc.encoded)) == rpc, "what is sent can be read")
                case .forward(let bytes, let peers):
                    guard let message = try? GossipMessage(bytes[...]) else {
                        preconditionFailure("what is sent can be read")
                    }
                    precondition(
                        peers.allSatisfy(connected.contains), "only who is there is spoken with")
                    precondition(
                        peers == asker.map { [$0] } || !peers.contains { $0 == message.author },
                        "nothing goes back to its author unasked")
                case .deliver(let message): deliver(message)
                case .judge(let id, _, _): asked.append(id)
                case .connect: preconditionFailure("peers are not exchanged")
                }
            }
        }

        private mutating func deliver(_ message: GossipMessage) {
            precondition(GossipMessage.areSigned([message]) == [true], "what is forged is dropped")
            // What was seen is known for a time, and so many are.
            guard noted < parameters.seenMax, now < parameters.seenMilliseconds else { return }
            precondition(delivered.insert(message.stamp).inserted, "nothing is delivered twice")
        }

        private func check() {
            for topic in Self.topics {
                let members = router.meshPeers(of: topic)
                precondition(
                    members.isEmpty || router.topics.contains(topic), "meshes are of wanted topics")
                precondition(
                    members.allSatisfy(connected.contains), "meshes hold only who is there")
            }
            precondition(router.seen.count <= parameters.seenMax, "ids are bounded")
            precondition(router.cache.count <= parameters.historyMessagesMax, "history is bounded")
            precondition(router.undecided.count <= parameters.undecidedMax + 1, "so is what waits")
            precondition(router.backoffs.count <= parameters.backoffsMax, "back-offs are bounded")
            precondition(router.topicPeers.count <= parameters.topicsMax, "topics are bounded")
        }
    }
#endif
