// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import JSONText
import ServiceDiscovery
import Testing
import Vocabulary

extension EndToEnd {
    @Suite("Services, negotiation and the network's commands")
    struct ServiceTests {
        @Test("providers announce themselves, a task is negotiated, and its order has that price")
        func negotiation() async throws {
            try await RealCloud.with(providers: 3) { cloud in
                var query = ServiceQuery()
                query.capability = Capability("wasm/1")
                let isListed = await eventually(within: 60) {
                    let found = (try? await cloud.client.services(query)) ?? []
                    return found.count == 3 && found.allSatisfy(\.isRegistered)
                }
                #expect(isListed)
                let named = try await cloud.atoll("providers", "find", "-o", "json")
                #expect(named.code == 0, "\(named.errors)")
                let accounts = try JSON(parsing: named.output)["services"]?.elements?.compactMap {
                    $0["account"]?.text
                }
                let providers = cloud.nodes.filter { $0.role == "provider" }
                #expect(Set(accounts ?? []) == Set(providers.map { "\($0.account)" }))

                let ran = try await cloud.atoll(
                    "run", "--negotiate", "--replicas", "1", "--max-cost", "50",
                    try await Checkout.wordcount(), "GPL-3", "--input", Checkout.text)
                #expect(ran.code == 0, "\(ran.errors)")
                #expect(ran.errors.contains("awarded to"), "\(ran.errors)")
                // One provider asks 0.001 and 0.001 for each million of the 1G fuel: 1.001.
                #expect(ran.errors.contains("for at most 1.001"), "\(ran.errors)")
                #expect(ran.errors.contains("with at most 1.001 in escrow"), "\(ran.errors)")
                let jobs = try await cloud.atoll("jobs", "-o", "json")
                let job = try JSON(parsing: jobs.output)["jobs"]?.elements?.first
                #expect(job?["state"]?.text == "settled", "\(jobs.text)")
                #expect(job?["maxCost"]?.text == "1001000000000000000", "\(jobs.text)")
            }
        }

        @Test("who bids more than the client would pay is asked for that, and may take it")
        func counter() async throws {
            try await RealCloud.with(providers: 1) { cloud in
                #expect(try await cloud.atoll("down").code == 0)
                let path = "\(cloud.home)/local/nodes/provider-1/node.json"
                let bytes = try #require(FileManager.default.contents(atPath: path))
                let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(
                    of: "\"slots\"", with: "\"leastPercent\": 80, \"slots\"")
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                #expect(try await cloud.atoll("up").code == 0)
                let isListed = await eventually(within: 60) {
                    (try? await cloud.client.services(ServiceQuery()))?.count == 1
                }
                #expect(isListed)
                let ran = try await cloud.atoll(
                    "run", "--negotiate", "--counter", "0.9", "--replicas", "1", "--max-cost",
                    "50", try await Checkout.wordcount(), "GPL-3", "--input", Checkout.text)
                #expect(ran.code == 0, "\(ran.errors)")
                #expect(ran.errors.contains("1 bidder is asked for 0.9"), "\(ran.errors)")
                // It asks 1.001, and takes four fifths of that at the least.
                #expect(ran.errors.contains("for at most 0.8999"), "\(ran.errors)")
                let jobs = try await cloud.atoll("jobs", "-o", "json")
                let job = try JSON(parsing: jobs.output)["jobs"]?.elements?.first
                #expect(job?["state"]?.text == "settled", "\(jobs.text)")
            }
        }

        @Test(
            "a provider that stops is no longer found")
        func leaving() async throws {
            try await RealCloud.with(providers: 2) { cloud in
                let all = await eventually(within: 60) {
                    (try? await cloud.client.services(ServiceQuery()))?.count == 2
                }
                #expect(all)
                let provider = try #require(cloud.nodes.first { $0.role == "provider" })
                let pid = try #require(cloud.pid(of: provider.name))
                Foundation.kill(pid, SIGTERM)
                let gone = await eventually(within: 30) {
                    (try? await cloud.client.services(ServiceQuery()))?.count == 1
                }
                #expect(gone)
            }
        }

        @Test("the owner sees peers, bans a stranger, traces; nobody else may")
        func owner() async throws {
            try await RealCloud.with(providers: 1) { cloud in
                let listed = try await cloud.atoll("peers", "list", "--connected", "-o", "json")
                #expect(listed.code == 0, "\(listed.errors)")
                let peers = try JSON(parsing: listed.output)["peers"]?.elements ?? []
                #expect(peers.count >= 3, "\(listed.text)")
                let name = try #require(peers.first?["peer"]?.text)
                let one = try await cloud.atoll("peers", "describe", name)
                #expect(one.text.contains("connected"), "\(one.text)")

                let stranger = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"
                let banned = try await cloud.atoll("peers", "ban", stranger, "--reason", "a test")
                #expect(banned.code == 0, "\(banned.errors)")
                let status = try await cloud.atoll("network", "status", "-o", "json")
                let bans = try JSON(parsing: status.output)["bans"]?.elements ?? []
                #expect(bans.first?["reason"]?.text == "a test", "\(status.text)")
                #expect(try await cloud.atoll("peers", "unban", stranger).code == 0)

                let trace = try await cloud.atoll(
                    "network", "trace", "--seconds", "2", "-o", "json")
                #expect(trace.code == 0, "\(trace.errors)")
                let movements = try JSON(parsing: trace.output)["movements"]?.elements ?? []
                #expect(!movements.isEmpty)
                #expect(movements.allSatisfy { $0["bytes"]?.unsigned ?? 0 > 0 })

                let wrong = try Scratch.file(
                    "token", Array(String(repeating: "0", count: 64).utf8))
                let refused = try await cloud.atoll(
                    "network", "trace", "--token-file", wrong)
                #expect(refused.code == 1)
                #expect(refused.errors.contains("owner"), "\(refused.errors)")
            }
        }
    }
}
