// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import JSONText
import Receipts
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("A newcomer's way")
    struct NewcomerTests {
        @Test("up, run on a real text, verify offline, down: as the README promises")
        func whole() async throws {
            let program = try await Checkout.wordcount()
            let text = try #require(FileManager.default.contents(atPath: Checkout.text))
            let expected = WordCount.report(on: Array(text))
            try await RealCloud.with { cloud in
                let receipt = try Scratch.path("receipt")
                let run = try await cloud.atoll(
                    "run", program, "--stdin", Checkout.text, "--receipt", receipt)
                #expect(run.code == 0)
                #expect(run.text == expected)
                #expect(run.errors.contains("settled, cost"))
                let output = try Scratch.file("output", run.output)

                let down = try await cloud.atoll("down")
                #expect(down.code == 0)
                #expect(down.errors.contains("stopped 8 nodes"))
                #expect(cloud.pids.isEmpty)

                let genesis = "\(cloud.home)/local/genesis.json"
                let sound = try await verify(receipt, genesis, output: output)
                #expect(sound.code == 0, "\(sound.errors)")
                #expect(sound.text.contains("the receipt is sound"))
                #expect(!sound.text.contains("FAILED"))
                let other = try Scratch.file("output", run.output + [33])
                let foreign = try await verify(receipt, genesis, output: other)
                #expect(foreign.code == 1)
                #expect(foreign.text.contains("FAILED  output"))

                let removed = try await cloud.atoll("down", "--remove")
                #expect(removed.code == 0)
                #expect(!FileManager.default.fileExists(atPath: "\(cloud.home)/local"))
            }
        }

        @Test("a receipt with any byte changed, cut off or added never verifies")
        func tampering() async throws {
            let cloud = try await SharedCloud.get()
            let report = try await cloud.run(SmallJob(module: try Programs.exit(0)))
            let bytes = report.receipt.bytes
            let verifier = ReceiptVerifier(genesis: cloud.genesis)
            func isSound(_ bytes: [UInt8]) -> Bool {
                guard let file = try? ReceiptFile(bytes: bytes) else { return false }
                return verifier.check(file).allSatisfy { $0.holds }
            }
            try #require(isSound(bytes))
            var numbers = SeededNumbers(seed: 7)
            var accepted: [String] = []
            for _ in 0..<256 {
                let place = Int.random(in: bytes.indices, using: &numbers)
                let change = UInt8.random(in: 1...255, using: &numbers)
                var tampered = bytes
                tampered[place] ^= change
                if isSound(tampered) { accepted.append("byte \(place) xor \(change)") }
            }
            for count in stride(from: 0, to: bytes.count, by: 97)
            where isSound(Array(bytes.prefix(count))) { accepted.append("cut to \(count)") }
            if isSound(bytes + [0]) { accepted.append("one byte more") }
            #expect(accepted == [])

            var tampered = bytes
            tampered[bytes.count / 2] ^= 1
            let file = try Scratch.file("tampered", tampered)
            let genesis = "\(cloud.home)/local/genesis.json"
            let verdict = try await verify(file, genesis)
            #expect(verdict.code == 1)
            #expect(!verdict.text.contains("is sound"))
        }

        @Test("a receipt does not verify against another chain's genesis, nor a foreign file")
        func wrongGenesis() async throws {
            let cloud = try await SharedCloud.get()
            let report = try await cloud.run(SmallJob(module: try Programs.exit(0)))
            let receipt = try Scratch.file("receipt", report.receipt.bytes)
            let members = try #require(cloud.genesis.json.members)
            let renamed = JSON.object(
                members.filter { $0.name != "name" } + [JSON.Member("name", JSON("atoll-other"))])
            let genesis = try Scratch.file("genesis", renamed.bytes)
            let verdict = try await verify(receipt, genesis)
            #expect(verdict.code == 1)
            #expect(verdict.text.contains("FAILED  chain"))
            #expect(verdict.text.contains("the receipt is NOT sound"))

            let own = "\(cloud.home)/local/genesis.json"
            let noReceipt = try await verify(own, own)
            #expect(noReceipt.code == 1)
            #expect(noReceipt.errors.contains("is no receipt: it does not begin as one"))
            let noGenesis = try await verify(receipt, receipt)
            #expect(noGenesis.code == 2)
        }

        private func verify(
            _ receipt: String, _ genesis: String, output: String? = nil
        ) async throws -> Ending {
            // An empty home: nothing but the two files can help.
            let words = ["receipt", "verify", receipt, "--genesis", genesis]
            return try await Program.run(
                Checkout.binary, words + (output.map { ["--output", $0] } ?? []),
                environment: ["ATOLL_HOME": try Scratch.folder("home")])
        }
    }
}
