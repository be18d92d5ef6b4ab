// SPDX-License-Identifier: Apache-2.0
import LibP2P
import Testing

@Suite("The hash table over swarms (LIBP-47)")
struct KademliaServiceTests {
    private static var validators: KadValidators {
        var validators = KadValidators()
        validators.set(
            "any", KadValidator(accepts: { _, _ in true }, prefers: { $0.count > $1.count }))
        return validators
    }

    /// Each but the first knows only the one before it.
    private func chain(_ count: Int, seed: UInt64) -> (SimulatedSwarms, [KademliaService]) {
        let swarms = SimulatedSwarms(count, seed: seed)
        let services = (0..<count).map {
            KademliaService(
                swarms[$0], effects: swarms.members[$0].effects, validators: Self.validators)
        }
        for index in 0..<count {
            let service = services[index]
            _ = swarms.run(on: index) { _ in service.start() }
        }
        for index in 1..<count {
            let address = swarms.address(index - 1)
            #expect(swarms.run(on: index) { (try? await $0.connect(to: address)) != nil } == true)
        }
        #expect(swarms.wait { _ in services.allSatisfy { $0.tableCount > 0 } })
        return (swarms, services)
    }

    @Test("a value put at one end of a chain is found at the other, and a better one replaces it")
    func values() {
        let (swarms, services) = chain(6, seed: 21)
        let key = Array("/any/thing".utf8)
        let (first, last) = (services[0], services[5])
        let stored = swarms.run(on: 0) { _ in try? await first.put([1], under: key) } ?? nil
        #expect(stored == 5)
        #expect(swarms.run(on: 5) { _ in try? await last.get(key) } == [1])
        _ = swarms.run(on: 5) { _ in try? await last.put([1, 2], under: key) }
        #expect(swarms.run(on: 0) { _ in try? await first.get(key) } == [1, 2])
    }

    @Test("peers and providers are found through others")
    func finding() {
        let (swarms, services) = chain(6, seed: 22)
        let content = Multihash(sha256Of: [7])
        let (first, last) = (services[0], services[5])
        let peer = swarms[0].peer
        let addresses = swarms.run(on: 5) { _ in try? await last.findPeer(peer) } ?? nil
        #expect(addresses?.isEmpty == false)
        #expect(swarms.run(on: 0) { _ in (try? await first.provide(content)) != nil } == true)
        #expect(swarms.run(on: 5) { _ in try? await last.providers(of: content) } == [peer])
    }

    @Test("what nobody has is not found, and who knows nobody says so")
    func nothing() {
        let (swarms, services) = chain(3, seed: 23)
        let service = services[0]
        let failure = swarms.run(on: 0) { _ -> KadFailure? in
            do throws(KadFailure) {
                _ = try await service.get(Array("/any/other".utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(failure == .notFound)
        let lonely = SimulatedSwarms(1, seed: 24)
        let alone = KademliaService(lonely[0], effects: lonely.members[0].effects)
        let second = lonely.run(on: 0) { _ -> KadFailure? in
            do throws(KadFailure) {
                _ = try await alone.nearestPeers(to: [1])
                return nil
            } catch {
                return error
            }
        }
        #expect(second == .noPeers)
    }
}
