// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Cryptography
import Ledger
import Vocabulary

/// Transactions that a client encodes and signs, with both SDKs.
enum ClientSigning {
    static let figure = FigureID(
        "sdk.sign", "1/s", "transactions encoded and signed per second, Swift; peer: JavaScript")
    static let benchmark = Benchmark(figures: [figure], measure: measure)

    private static let batch = 2_000

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let runs = bench.either(9, quick: 3)
        let ours = try await bench.compute { try swift(runs) }
        var peers: [Measurement.Peer] = []
        let text = try? await bench.compute {
            _ = try ChildProgram.run("SDKs/javascript/scripts/build", [])
            return try ChildProgram.run(
                "/usr/bin/env", ["node", "SDKs/javascript/scripts/bench.mjs"])
        }
        let line = text?.split(separator: "\n").first { $0.hasPrefix("encode and sign") }
        if let rate = line?.split(separator: " ").last.flatMap({ Double($0.dropLast(2)) }) {
            peers.append(Measurement.Peer(name: "javascript", value: rate))
        } else {
            bench.say("node, esbuild or tsc is missing; the figure does without JavaScript")
        }
        return [
            Measurement(
                figure: figure, value: ours, peers: peers,
                meter: "thread CPU, transfers of one part, fee worked out, encoded and signed; "
                    + "median of \(runs); JavaScript in Node on one thread, wall")
        ]
    }

    private static func swift(_ runs: Int) throws -> Double {
        let town = try LedgerTown(accounts: 1)
        let builder = TransactionBuilder(genesis: town.genesis, key: town.keys[0])
        let seconds = try timed(runs: runs) {
            for nonce in 0..<UInt64(batch) {
                let transfer = Transfer([Transfer.Part(to: builder.account, Amount(1))])
                let signed = try builder.build(
                    [AccountsMessage.transfer(transfer).message], nonce: nonce,
                    height: BlockHeight(1))
                guard !signed.canonicalBytes.isEmpty else { throw BenchFailure("nothing") }
            }
        }
        return Double(batch) / seconds.median
    }
}
