// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Deployments

@Suite("Akash's SDL becomes the same manifest (DEPLOY-10)")
struct SDLTests {
    static let sdl = """
        ---
        version: "2.0"
        services:
          web:
            image: registry.example/shop:1
            env: [A=1, B=x=y]
            args: [serve]
            depends_on: [db]
            expose:
              - port: 8080
                as: 80
                accept: [shop.example]
                to: [{global: true}]
          db:
            image: postgres:16
            expose: [{port: 5432, to: [{service: web}]}]
            params: {storage: {data: {mount: /var/lib/postgresql/, readOnly: false}}}
        profiles:
          compute:
            web: {resources: {cpu: {units: 0.5}, memory: {size: 512Mi}, storage: {size: 1Gi}}}
            db:
              resources:
                cpu: {units: 1}
                memory: {size: 1Gi}
                storage:
                  - size: 512Mi
                  - {name: data, size: 10Gi, attributes: {persistent: true, class: beta3}}
                gpu: {units: 0}
          placement:
            west:
              attributes: {region: us-west}
              pricing: {web: {denom: uakt, amount: 100}, db: {denom: uakt, amount: 200}}
        deployment:
          web: {west: {profile: web, count: 2}}
          db: {west: {profile: db, count: 1}}
        """

    @Test("services, resources, storage, ports and placement arrive")
    func example() throws {
        let read = reading(Self.sdl)
        let deployment = try #require(read.deployment, "\(read.findings.map(\.line))")
        #expect(
            deployment.groups == [
                DeploymentGroup("west", attributes: [NamedText("region", "us-west")])
            ])
        let web = try #require(deployment.service("web"))
        #expect(web.command == ["serve"] && web.entrypoint == nil && web.replicas == 2)
        #expect(web.environment == [NamedText("A", "1"), NamedText("B", "x=y")])
        #expect(
            web.ports == [
                ServicePort(8_080, isPublished: true, published: 80, hosts: ["shop.example"])
            ])
        #expect(
            web.resources
                == Resources(
                    milliProcessors: 500, memoryBytes: 512 << 20, diskBytes: 1 << 30))
        #expect(web.dependencies == [Dependency("db")] && web.restart == .always)
        let db = try #require(deployment.service("db"))
        #expect(db.ports == [ServicePort(5_432)] && db.resources.diskBytes == 512 << 20)
        #expect(deployment.volumes == [Volume("db.data", bytesMax: 10 << 30)])
        #expect(
            db.mounts == [
                Mount(.volume("db.data", subpath: nil), at: "/var/lib/postgresql")
            ])
        #expect(deployment.orders[0].attributes == [NamedText("region", "us-west")])
        #expect(read.findings.map(\.severity) == [.warning, .warning])
    }

    @Test("what only Akash's own market knows is told and left out")
    func market() throws {
        let range = try #require(Self.sdl.range(of: "attributes: {region: us-west}"))
        let read = reading(
            Self.sdl.replacingCharacters(
                in: range,
                with: "attributes: {region: eu, host: akash}\n      signedBy: {anyOf: [akash1]}"))
        let deployment = try #require(read.deployment, "\(read.findings.map(\.line))")
        #expect(deployment.groups[0].attributes == [NamedText("region", "eu")])
        #expect(
            read.findings.contains {
                $0.severity == .warning && $0.message.contains("Akash's auditors")
            })
    }

    static let changes: [(from: String, to: String, expected: String)] = [
        ("version: \"2.0\"", "version: \"1.0\"", "is none of 2.0, 2.1"),
        ("image: postgres:16", "build: .", "service db has no image"),
        ("{units: 0}", "{units: 1}", "devices are not leased yet"),
        ("cpu: {units: 1}", "cpu: {units: 1, attributes: {arch: x}}", "attributes: machines are"),
        ("{mount: /var/lib/postgresql/, readOnly: false}", "{mount: data}", "begins with '/'"),
        ("params: {storage: {data:", "params: {storage: {other:", "no persistent storage other"),
        ("[{global: true}]", "[{global: true, ip: x}]", "addresses of one's own"),
        ("web: {west: {profile: web, count: 2}}", "web: {east: {profile: web, count: 2}}", "east"),
        ("{profile: web, count: 2}", "{profile: none, count: 2}", "no compute profile"),
        ("{profile: web, count: 2}", "{profile: web, count: 0}", "is no whole number"),
        ("{profile: db, count: 1}", "{profile: db}, east: {profile: db}", "in one placement"),
        ("deployment:\n  web:", "deployment:\n  other:", "there is no service other"),
        ("args: [serve]", "credentials: {host: h}", "a password in the file"),
        ("args: [serve]", "frobnicate: 1", "'frobnicate' is not known"),
        ("env: [A=1, B=x=y]", "env: [A]", "'A' has no value"),
        ("size: 512Mi}, st", "size: 512xi}, st", "is not written as 512Mi"),
        ("accept: [shop.example]", "http_options: {}", "how requests are passed on"),
        ("- port: 8080\n        as: 80", "- as: 80", "a port is missing"),
    ]

    @Test("what cannot be honoured is refused with its place", arguments: SDLTests.changes)
    func refusals(from: String, to: String, expected: String) throws {
        let range = try #require(Self.sdl.range(of: from), "\(from)")
        let read = reading(Self.sdl.replacingCharacters(in: range, with: to))
        #expect(
            read.findings.contains { $0.severity == .error && $0.message.contains(expected) },
            "\(read.findings.map(\.line))")
        #expect(read.deployment == nil)
    }
}
