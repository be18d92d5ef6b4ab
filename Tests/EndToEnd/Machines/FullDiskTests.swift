// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Foundation
import Testing
import Vocabulary

extension EndToEnd {
    @Suite(
        "Full disks",
        .enabled(if: SmallDisk.isAllowed, "only the superuser can mount a small file system"))
    struct FullDiskTests {
        static let bytes = 24 << 20

        @Test("a validator and a provider run out of disk: they say so, others go on, both resume")
        func others() async throws {
            try await RealCloud.with { cloud in
                let names = ["validator-4", "provider-1"]
                try await cloud.kill(names)
                let disks = try names.map { name in
                    try SmallDisk(
                        over: "\(cloud.home)/local/nodes/\(name)/data", bytes: Self.bytes)
                }
                defer { for disk in disks { disk.remove() } }
                let window = try cloud.window(on: "validator-4")
                try await cloud.restart()
                _ = try await cloud.run(SmallJob(module: try Programs.exit(0)))
                for disk in disks { try disk.fill() }

                // The provider may hold a lease it cannot serve: it goes to another when it runs
                // out.
                let job = SmallJob(module: try Programs.exit(0), wallMilliseconds: 1_000)
                let views = try await cloud.ends(of: cloud.order(3, of: job))
                #expect(views.map(\.state) == ["settled", "settled", "settled"])
                for name in names {
                    #expect(await eventually { cloud.log(of: name).contains("error cannot write") })
                    #expect(cloud.log(of: name).contains("the node waits and tries again"))
                    #expect(cloud.pid(of: name) != nil)
                }
                let reason = try await window.status().reason
                #expect(reason?.contains("cannot write") == true)
                #expect(reason?.contains("full") == true)

                for disk in disks { disk.makeRoom() }
                #expect(await cloud.agree(cloud.client, window))
                #expect(
                    await eventually {
                        guard let status = try? await window.status() else { return false }
                        return status.reason == nil
                    })
                for name in names {
                    #expect(await eventually { cloud.log(of: name).contains("resolved") })
                }
                let three = SmallJob(module: try Programs.exit(0), replicas: 3)
                #expect(try await cloud.run(three).view.settlement?.executions.count == 3)
                try await cloud.expectMoneyIsWhole()
            }
        }

        @Test("a gateway without disk refuses uploads with 507, keeps nothing, and resumes")
        func gateway() async throws {
            try await RealCloud.with { cloud in
                try await cloud.kill("gateway")
                let data = "\(cloud.home)/local/nodes/gateway/data"
                let disk = try SmallDisk(over: data, bytes: Self.bytes)
                defer { disk.remove() }
                try await cloud.restart()
                var numbers = SeededNumbers(seed: 3)
                let blob = numbers.bytes(3 << 20)
                #expect(try await cloud.post("/v1/blobs", blob).status.code == 201)
                try disk.fill()
                let other = numbers.bytes(3 << 20)
                let refused = try await cloud.post("/v1/blobs", other)
                #expect(refused.status.code == 507)
                #expect(String(decoding: refused.body, as: UTF8.self).contains("storageFull"))
                let partial = try FileManager.default.contentsOfDirectory(
                    atPath: "\(data)/blobs/partial")
                #expect(partial == [])
                #expect(
                    await eventually {
                        let status = try? await cloud.client.status()
                        return status?.reason?.contains("cannot write") == true
                    })
                let status = try await cloud.atoll("status")
                #expect(status.code == 1)
                #expect(status.text.contains("state       cannot write "))

                // A node that is ended while its disk is full starts again on a full disk.
                try await cloud.kill("gateway")
                disk.makeRoom()
                try await cloud.restart()
                #expect(try await cloud.post("/v1/blobs", other).status.code == 201)
                #expect(
                    await eventually {
                        guard let status = try? await cloud.client.status() else { return false }
                        return status.reason == nil
                    })
                #expect(try await cloud.run(SmallJob(module: try Programs.exit(0))).isProven)
            }
        }
    }
}
