// SPDX-License-Identifier: Apache-2.0
import LibP2P
import ServiceDiscovery
import ServiceNetwork
import SimulatedEffects
import Testing
import Vocabulary

@Suite("Questions about leases over a network (TALK-6)")
struct LeaseLineTests {
    private func line(
        _ member: ServiceWorld.Member, questionBytesMax: Int = 1_000, answerBytesMax: Int = 1_000
    ) -> LeaseLine {
        LeaseLine(
            member.swarm, chain: ServiceWorld.chain, questionBytesMax: questionBytesMax,
            answerBytesMax: answerBytesMax
        ) { peer throws(ConnectionFailure) in try await member.swarm.connect(to: peer) }
    }

    private func ask(
        _ line: LeaseLine, _ net: ServiceWorld, _ bytes: [UInt8] = [1, 2]
    ) -> Result<[UInt8], LeaseLineFailure>? {
        let provider = net[0].key.publicKey
        return net.run(on: 1) { _ in
            do throws(LeaseLineFailure) {
                return .success(try await line.ask(bytes, of: provider))
            } catch {
                return .failure(error)
            }
        }
    }

    @Test("a question reaches the provider, and its answer comes back")
    func answered() {
        let net = ServiceWorld(2, seed: 71)
        net.connect(1, to: 0)
        let (provider, tenant) = (line(net[0]), line(net[1]))
        provider.answer { $0 + [9] }
        #expect(ask(tenant, net) == .success([1, 2, 9]))
        #expect(provider.counters.contains { $0 == ("lease_questions_answered_total", 1) })
    }

    @Test("a provider that is not connected is connected first, where it is known to be")
    func connected() {
        let net = ServiceWorld(3, seed: 72)
        let (provider, tenant) = (line(net[0]), line(net[1]))
        provider.answer { $0 }
        guard case .failure(.unreachable) = ask(tenant, net) else {
            Issue.record("nobody knows where the provider is")
            return
        }
        net.connect(1, to: 0)
        #expect(ask(tenant, net) == .success([1, 2]))
    }

    @Test("who leases nothing, answers nothing or answers too much is an unanswered question")
    func unanswered() {
        let net = ServiceWorld(2, seed: 73)
        net.connect(1, to: 0)
        let (provider, tenant) = (line(net[0]), line(net[1]))
        for answering in [nil, { _ in nil }, { _ in [UInt8](repeating: 0, count: 1_001) }]
            as [LeaseLine.Answering?]
        {
            if let answering { provider.answer(by: answering) }
            guard case .failure(.unanswered) = ask(tenant, net) else {
                Issue.record("there was an answer")
                continue
            }
        }
    }

    @Test("a question that is too long is not sent, and is not read")
    func tooLong() {
        let net = ServiceWorld(2, seed: 74)
        net.connect(1, to: 0)
        let provider = line(net[0])
        provider.answer { $0 }
        let long = [UInt8](repeating: 1, count: 1_001)
        #expect(ask(line(net[1]), net, long) == .failure(.tooLarge))
        guard case .failure(.unanswered) = ask(line(net[1], questionBytesMax: 2_000), net, long)
        else {
            Issue.record("the provider took it")
            return
        }
    }

    @Test("beyond sixteen at one time a provider answers none, and again when one is done")
    func crowded() {
        let net = ServiceWorld(2, seed: 75)
        net.connect(1, to: 0)
        let (provider, tenant) = (line(net[0]), line(net[1]))
        let time = net[0].effects.time
        provider.answer { bytes in
            await time.sleep(milliseconds: 10_000)
            return bytes
        }
        let key = net[0].key.publicKey
        let answers = net.run(on: 1) { _ in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask { (try? await tenant.ask([1], of: key)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(answers == 16)
        #expect(ask(tenant, net) == .success([1, 2]))
    }
}
