// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import JSONText
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("A machine that joins a chain which is under way")
    struct SnapshotNewcomerTests {
        @Test("an empty folder joins by snapshot and tells how; an archive takes every block")
        func joins() async throws {
            let options = ["--checkpoint-blocks", "4", "--epoch-checkpoints", "2"]
            try await RealCloud.with(providers: 1, options: options) { cloud in
                for part in 1...24 {
                    let paid = try await cloud.transfer(Amount(UInt128(part)), to: cloud.account)
                    _ = try await cloud.client.submit(paid, waitMilliseconds: 10_000)
                }
                try await Self.expectEvents(of: 24, cloud)
                let light = try LoneNode(of: cloud)
                let quick = try cloud.starting(["node", "start", light.folder, "--from-snapshot"])
                let tells = ["taking the snapshot of", "all of the state", "joined at height"]
                let joined = await eventually { quick.errorsSoFar.contains(tells[2]) }
                #expect(joined, "\(quick.errorsSoFar)")
                for line in tells { #expect(quick.errorsSoFar.contains(line)) }
                let http = try FreePort.find()
                let whole = try LoneNode(of: cloud, number: 1, http: http)
                let archive = try cloud.starting(["node", "start", whole.folder, "--archive"])
                let height = try await cloud.client.status().height.advanced(by: 2)
                let client = try #require(
                    GatewayClient("http://127.0.0.1:\(http)", effects: cloud.client.effects))
                let follows = await eventually {
                    ((try? await client.status().height) ?? BlockHeight(0)) >= height
                }
                #expect(follows, "\(archive.errorsSoFar)")
                // Another block is final before both stop.
                let last = try await cloud.transfer(Amount(1), to: cloud.account)
                _ = try await cloud.client.submit(last, waitMilliseconds: 10_000)
                for program in [quick, archive] {
                    program.signal(SIGTERM)
                    #expect(await program.ended().code == 0)
                }
                try await Self.expectLinks(light.folder, cloud)
                try await Self.expectWhole(whole.folder, cloud)
            }
        }

        /// The gateway tells what was sent, page by page, and the command where to go on.
        private static func expectEvents(of count: Int, _ cloud: RealCloud) async throws {
            var names: [String] = []
            var more: [String] = []
            repeat {
                let words = ["account", "events", "--limit", "20", "-o", "json"] + more
                let told = try await cloud.starting(words).ended()
                #expect(told.code == 0, "\(told.errors)")
                let page = try JSON(parsing: told.output)
                names += page["events"]?.elements?.compactMap { $0["name"]?.text } ?? []
                more = page["next"]?.text.map { ["--cursor", $0] } ?? []
            } while !more.isEmpty
            #expect(names.count { $0 == "transferred" } == count)
            #expect(names.count { $0 == "feePaid" } == count)
        }

        /// The blocks of the one are those since its checkpoint, and all of them are judged by the
        /// validators of their epochs.
        private static func expectLinks(_ folder: String, _ cloud: RealCloud) async throws {
            let found = try await cloud.atoll("ledger", "verify", folder, "-o", "json")
            #expect(found.code == 0, "\(found.text) \(found.errors)")
            let report = try JSON(parsing: found.output)
            let first = report["firstHeight"]?.unsigned ?? 0
            #expect(first >= 8 && first.isMultiple(of: 4))
            #expect((report["height"]?.unsigned ?? 0) > first)
            #expect(report["finalHeight"] == report["height"])
        }

        /// Those of the other are all there are, executed again over several epochs.
        private static func expectWhole(_ folder: String, _ cloud: RealCloud) async throws {
            let found = try await cloud.atoll("ledger", "verify", folder, "-o", "json")
            #expect(found.code == 0, "\(found.text) \(found.errors)")
            let report = try JSON(parsing: found.output)
            #expect(report["isSound"] == true && (report["height"]?.unsigned ?? 0) >= 26)
            let file = try Scratch.path("archive")
            let written = try await cloud.atoll("ledger", "export", folder, file)
            #expect(written.code == 0, "\(written.errors)")
            let empty = try Scratch.folder("imported")
            let genesis = "\(cloud.home)/local/genesis.json"
            let taken = try await cloud.atoll(
                "ledger", "import", file, empty, "--genesis", genesis, "-o", "json")
            #expect(taken.code == 0, "\(taken.errors)")
            #expect(try JSON(parsing: taken.output)["height"] == report["height"])
        }
    }
}
