// SPDX-License-Identifier: Apache-2.0
import DeploymentHost
import Deployments
import Effects
import Foundation
import TestSupport
import Testing

extension EngineTests {
    /// A compose file as it is, on a real engine with a network of its own.
    @Suite("Deployments", .enabled(if: NetworkRoom.isReady, NetworkRoom.reason))
    struct DeploymentTests {
        let room: NetworkRoom
        let engine: TestEngine
        let lease: LeaseName

        init() throws {
            room = try NetworkRoom()
            engine = try TestEngine(in: room)
            lease = try #require(LeaseName(String(repeating: "c0ffee", count: 10)))
        }

        /// A page that two workers write, a store they wait for, a secret and a config.
        private static func shop(page: String = "one") -> String {
            """
            services:
              web:
                image: shell
                stop_grace_period: 200ms
                command: [sh, -c, "cp /run/word /data/index.html; httpd -f -p 80 -h /data"]
                ports: ["8080:80"]
                volumes: ["pages:/data"]
                environment: {PAGE: \(page)}
                configs: [{source: word, target: /run/word}]
                secrets: [{source: key, target: /run/key, mode: 0o440}]
                depends_on: {store: {condition: service_healthy}}
              worker:
                image: shell
                stop_grace_period: 200ms
                command: [sh, -c, "while :; do wget -qO- http://store/ >/dev/null; sleep 0.2; done"]
                deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 32M}}}
                depends_on: [store]
              store:
                image: shell
                stop_grace_period: 200ms
                command: [sh, -c, "echo kept >/store/index.html; httpd -f -p 80 -h /store"]
                volumes: ["store:/store"]
                healthcheck: {test: [CMD, wget, -qO-, "http://127.0.0.1/"], interval: 200ms}
            volumes: {pages: {}, store: {}}
            configs: {word: {content: "welcome"}}
            secrets: {key: {environment: KEY}}
            """
        }

        private func deployment(_ text: String) throws -> Deployment {
            let options = ReadingOptions(
                file: "compose.yaml", files: [".env": .missing("there is none")])
            let read = DeploymentSource.read(Array(text.utf8), options)
            return try #require(read.deployment, "\(read.findings.map(\.line))")
        }

        /// Looks until all is settled, half a minute at most.
        private func settle(
            _ host: DeploymentHost, _ deployment: Deployment, _ effects: Effects
        ) async throws -> DeploymentHost.Progress {
            let secrets = ["key": Array("open".utf8)]
            var progress = try await host.advance(deployment, lease: lease, secrets: secrets)
            for _ in 0..<300 where !progress.isSettled {
                await effects.time.sleep(milliseconds: 100)
                progress = try await host.advance(deployment, lease: lease, secrets: secrets)
            }
            return progress
        }

        private func states(_ host: DeploymentHost) async throws -> [String: Int] {
            var running: [String: Int] = [:]
            for copy in try await host.copies(of: lease) where copy.status == .running {
                running[copy.service, default: 0] += 1
            }
            return running
        }

        @Test("a compose file runs, outlives its engine, changes, and leaves nothing (HOST-2..7)")
        func whole() async throws {
            // Sound: the tests of the suite run one after the other.
            nonisolated(unsafe) let (room, engine, here) = (room, engine, self)
            let (socket, files, lease) = (engine.socket, engine.folder + "/grants", lease)
            let before = try room.traces()
            try await LoopWorld().run { effects in
                let host = DeploymentHost(socket: socket, files: files, effects: effects)
                let first = try here.deployment(Self.shop())
                let settled = try await here.settle(host, first, effects)
                #expect(settled.isSettled, "\(settled.waiting)")
                #expect(try await here.states(host) == ["web": 1, "worker": 2, "store": 1])
                #expect(try room.fetch("127.0.0.1:8080") == "welcome")
                try here.checkInside()

                var meter = UsageMeter()
                try await host.measure(lease, into: &meter, at: 0)
                await effects.time.sleep(milliseconds: 1_200)
                try await host.measure(lease, into: &meter, at: 1_200)
                #expect(meter.totals.processorMilliseconds > 0)
                #expect(meter.totals.receivedBytes > 0 && meter.totals.sentBytes > 0)

                let made = Set(try await host.copies(of: lease).map(\.id))
                engine.kill()
                await #expect(throws: HostFailure.self) { try await host.copies(of: lease) }
                #expect(try room.fetch("127.0.0.1:8080") == "welcome")
                try engine.begin()
                #expect(try await here.settle(host, first, effects).steps == 0)
                #expect(Set(try await host.copies(of: lease).map(\.id)) == made)

                let second = try here.deployment(Self.shop(page: "two"))
                #expect(try await here.settle(host, second, effects).isSettled)
                let kept = Set(try await host.copies(of: lease).map(\.id)).intersection(made)
                #expect(kept.count == 3, "one service changed, and its copy alone")
                #expect(try room.fetch("127.0.0.1:8080") == "welcome")

                try await host.remove(lease, volumes: true)
                #expect(try await host.copies(of: lease).isEmpty)
            }
            #expect(try room.traces() == before)
            #expect(try engine.answer("GET", "/volumes").contains("\"Volumes\":[]"))
            let left = try? FileManager.default.contentsOfDirectory(atPath: files)
            #expect(left == [])
        }

        /// What programs of the deployment see of what they were given.
        private func checkInside() throws {
            let body = """
                {"AttachStdout": true, "Cmd": ["sh", "-c",
                 "cat /run/key; stat -c ' %a %u' /run/key; echo x >/run/key; env | grep PAGE"]}
                """
            let made = try engine.json(
                "POST", "/containers/atoll-c0ffeec0ffee-web-1/exec", body: body)
            let entry = try #require(made["Id"] as? String)
            let said = try engine.answer(
                "POST", "/exec/\(entry)/start", body: "{\"Detach\": false}")
            #expect(said.contains("open") && said.contains(" 440 0") && said.contains("PAGE=one"))
        }

        @Test(
            "a secret that was not given, and an image that is nowhere, are said by name (HOST-6)")
        func lacking() async throws {
            nonisolated(unsafe) let here = self
            let (socket, files, lease) = (engine.socket, engine.folder + "/grants", lease)
            try await LoopWorld().run { effects in
                let host = DeploymentHost(socket: socket, files: files, effects: effects)
                var shop = try here.deployment(Self.shop())
                let failure = await #expect(throws: HostFailure.self) {
                    for _ in 0..<100 { _ = try await host.advance(shop, lease: lease) }
                }
                #expect(failure == .secretMissing("key"))
                shop.services[0].image = "127.0.0.1:1/nowhere:1"
                let other = await #expect(throws: HostFailure.self) {
                    for _ in 0..<100 { _ = try await host.advance(shop, lease: lease) }
                }
                #expect(other?.words.contains("127.0.0.1:1/nowhere:1") == true)
                try await host.remove(lease, volumes: true)
            }
        }
    }
}
