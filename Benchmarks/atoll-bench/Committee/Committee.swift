// SPDX-License-Identifier: Apache-2.0
import Effects
import Ledger
import NodeInterface
import PeerNetwork
import Vocabulary

/// Validators of one chain in this program: each with a loop, threads and files of its own, all
/// connected through loopback as they would be over a network.
struct Committee: Sendable {
    let town: LedgerTown
    let hosts: [NodeHost]
    let bench: Bench

    /// Lends a committee to `body` and stops it.
    static func lend<Value>(
        _ bench: Bench, _ town: LedgerTown, _ body: (Committee) async throws -> Value
    ) async throws -> Value {
        let seats = town.genesis.validators.count
        let name = bench.effects.chance.below(1 << 40)
        let ports = try await PeerServer.freePorts(seats, bench.effects)
        let addresses = (0..<seats).map { seat in
            PeerAddress(
                publicKey: town.keys[seat].publicKey,
                endpoint: Endpoint(host: "127.0.0.1", port: ports[seat]))
        }
        var hosts: [NodeHost] = []
        do {
            for seat in 0..<seats {
                hosts.append(
                    try await NodeHost.start(
                        seat: seat, genesis: town.genesis, key: town.keys[seat],
                        listen: addresses[seat].endpoint, peers: addresses,
                        folder: "\(bench.folder)/committee-\(name)-\(seat + 1)"))
            }
            let committee = Committee(town: town, hosts: hosts, bench: bench)
            try await committee.waitForBlocks()
            let value = try await body(committee)
            await committee.stop()
            return value
        } catch {
            for host in hosts { await host.stop() }
            throw error
        }
    }

    /// The height of the first node.
    func height() async throws -> BlockHeight {
        try await hosts[0].run { await $0.status().head.height }
    }

    private func stop() async {
        for host in hosts {
            await host.stop()
            SystemFile.remove(host.folder)
        }
    }

    private func waitForBlocks() async throws {
        for _ in 0..<300 {
            if try await height().value > 0 { return }
            await bench.effects.time.sleep(milliseconds: 100)
        }
        throw BenchFailure("the committee makes no blocks")
    }
}
