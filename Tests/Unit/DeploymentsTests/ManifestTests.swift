// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import Deployments

@Suite("The manifest of a deployment (DEPLOY-1, DEPLOY-2)")
struct ManifestTests {
    static let compose = """
        name: shop
        services:
          db:
            image: postgres:16
            environment: {PGDATA: /data/pg}
            volumes: ['data:/data']
            healthcheck: {test: [CMD, pg_isready], interval: 5s}
            secrets: [db_password]
            stop_grace_period: 1m
          web:
            image: registry.example/shop:1
            command: [serve, --port, "8080"]
            ports: ['80:8080']
            depends_on: {db: {condition: service_healthy, restart: true}}
            configs: [{source: site, target: /etc/site.conf}]
            networks: {default: {aliases: [www]}, back: {}}
            ulimits: {nofile: 1024}
            tmpfs: /tmp
            deploy: {replicas: 2, resources: {limits: {cpus: '1', memory: 512M}}}
        volumes: {data: {driver_opts: {size: 10G}}}
        networks: {back: {internal: true}}
        secrets: {db_password: {file: ./password.txt}}
        configs: {site: {content: "port 8080"}}
        """

    static func deployment() throws -> Deployment {
        try #require(reading(compose).deployment)
    }

    @Test("a manifest comes back from its bytes, and any changed byte gives another or none")
    func roundTrip() throws {
        let deployment = try Self.deployment()
        let bytes = deployment.canonicalBytes
        #expect(try Deployment(canonicalBytes: bytes) == deployment)
        var generator = Seeded(state: 5)
        for _ in 0..<3_000 {
            var mutated = bytes
            for _ in 0...generator.next(3) {
                mutated[generator.next(mutated.count)] = UInt8(generator.next(256))
            }
            if generator.next(4) == 0 { mutated.removeLast(generator.next(mutated.count)) }
            guard let other = try? Deployment(canonicalBytes: mutated) else { continue }
            #expect(other.canonicalBytes == mutated && other.firstFlaw == nil)
        }
    }

    @Test("how a file is written does not matter, what it says does")
    func canonical() throws {
        let one = try #require(
            reading("services: {b: {image: i, environment: {X: 1, Y: 2}}, a: {image: j}}")
                .deployment)
        let same = """
            x-common: &common {image: j}
            services:
              a: *common
              b:
                environment: ["Y=2", "X=1"]
                image: "i"
            """
        let two = try #require(reading(same).deployment)
        #expect(one.canonicalBytes == two.canonicalBytes && one.digest == two.digest)
        let other = try #require(
            reading("services: {b: {image: i, environment: {X: 1, Y: 3}}, a: {image: j}}")
                .deployment)
        #expect(other.digest != one.digest)
    }

    @Test("manifests that contradict themselves are not decoded")
    func unsound() throws {
        let good = try Self.deployment()
        func refused(_ change: (inout Deployment) -> Void) -> Bool {
            var changed = good
            change(&changed)
            return (try? Deployment(canonicalBytes: changed.canonicalBytes)) == nil
        }
        #expect(!refused { _ in })
        #expect(refused { $0.services.reverse() })
        #expect(refused { $0.services = [] })
        #expect(refused { $0.services[1].group = "elsewhere" })
        #expect(refused { $0.services[0].image = "" })
        #expect(refused { $0.services[0].resources.memoryBytes = 0 })
        #expect(refused { $0.services[0].replicas = 257 })
        #expect(refused { $0.volumes = [] })
        #expect(refused { $0.networks = [] })
        #expect(refused { $0.secrets = [] })
        #expect(refused { $0.configs = [] })
        #expect(refused { $0.services[0].dependencies = [Dependency("web")] })
        #expect(refused { $0.services[0].dependencies = [Dependency("db")] })
        #expect(refused { $0.volumes[0].bytesMax = 0 })
        #expect(refused { $0.name = "-" })
        #expect(
            refused { $0.services[0].environment = [NamedText("A", "1"), NamedText("A", "2")] })
    }

    @Test("an order sums what all copies are promised, and each volume once (DEPLOY-8)")
    func orders() throws {
        let deployment = try Self.deployment()
        let order = try #require(deployment.orders.first)
        #expect(deployment.orders.count == 1 && order.group == "main" && order.copies == 3)
        #expect(order.resources.milliProcessors == 2 * 1_000 + 250)
        #expect(order.resources.memoryBytes == 2 * (512 << 20) + 256 << 20)
        #expect(order.resources.diskBytes == 3 << 30)
        #expect(order.volumeBytes == 10 << 30)
        #expect(order.manifest == deployment.digest)
        #expect(order.parts.map(\.service) == ["db", "web"] && order.parts[1].copies == 2)
        #expect(order.parts[1].each.memoryBytes == 512 << 20)
    }

    @Test("the largest deployment sums without running over")
    func largest() {
        var deployment = Deployment("big")
        for index in 0..<DeploymentLimits.servicesMax {
            var service = Service("s\(index)", image: "i")
            service.replicas = DeploymentLimits.replicasMax
            service.resources.memoryBytes = DeploymentLimits.bytesMax
            deployment.services.append(service)
        }
        #expect(deployment.orders[0].resources.memoryBytes == 1 << 62)
    }

    @Test("profiles choose services, and who is not chosen may be done without")
    func profiles() throws {
        let text = """
            services:
              web: {image: i, depends_on: {debug: {condition: service_started, required: false}}}
              debug: {image: j, profiles: [dev]}
            """
        #expect(reading(text).deployment?.services.map(\.name) == ["web"])
        let both = try #require(reading(text, profiles: ["dev"]).deployment)
        #expect(both.services.map(\.name) == ["debug", "web"])
        #expect(both.service("web")?.dependencies == [Dependency("debug")])
    }

    @Test("a reading says which files it needs and goes on with them")
    func files() throws {
        let text =
            "services: {a: {image: '${I}', env_file: e.env, configs: [c]}}\n"
            + "configs: {c: {file: ./c.txt}}\n"
        var options = ReadingOptions(file: "f")
        var read = DeploymentSource.read(Array(text.utf8), options)
        #expect(read.filesNeeded == [".env", "./c.txt", "e.env"] && read.deployment == nil)
        options.files = [
            ".env": .bytes(Array("I=img".utf8)), "./c.txt": .bytes([1, 2]),
            "e.env": .bytes(Array("A=$I".utf8)),
        ]
        read = DeploymentSource.read(Array(text.utf8), options)
        let deployment = try #require(read.deployment, "\(read.findings)")
        #expect(deployment.services[0].image == "img")
        #expect(deployment.services[0].environment == [NamedText("A", "img")])
        #expect(deployment.configs == [ConfigFile("c", [1, 2])])
    }

    @Test("a secret's value is nowhere in the manifest, only where it comes from is known")
    func secrets() throws {
        let read = reading(Self.compose, environment: ["PASSWORD": "hunter2"])
        #expect(
            read.secrets == [SecretSource(name: "db_password", origin: .file("./password.txt"))])
        #expect(read.filesNeeded == [])
        #expect(read.deployment?.secrets == ["db_password"])
    }
}

/// Random numbers from a seed.
struct Seeded {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
