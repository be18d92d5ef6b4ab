// SPDX-License-Identifier: Apache-2.0
import Deployments
import JSONText
import Testing

@testable import DeploymentHost

@Suite("Deployment host: what the engine is asked for")
struct ContainerBodyTests {
    private func body(_ service: Service, files: [String: String] = [:]) throws -> JSON {
        let lease = try #require(LeaseName("0123456789abcdef"))
        return ContainerBody(
            CopyPlan(service, 1, lease: lease, configs: []), lease: lease, files: files
        )
        .json
    }

    @Test("a container has what was leased and no more (HOST-5)")
    func bounds() throws {
        var service = Service("web", image: "shop")
        service.resources = Resources(milliProcessors: 1_500, memoryBytes: 64 << 20)
        let host = try body(service)["HostConfig"]
        #expect(host?["NanoCpus"]?.unsigned == 1_500_000_000)
        #expect(host?["Memory"]?.unsigned == 64 << 20 && host?["MemorySwap"]?.unsigned == 64 << 20)
        #expect(host?["PidsLimit"]?.unsigned == 4_096)
        #expect(host?["SecurityOpt"]?.elements == ["no-new-privileges"])
        #expect(host?["NetworkMode"]?.text == "none")
        #expect(host?["Privileged"] == nil && host?["Binds"] == nil && host?["Devices"] == nil)
    }

    @Test("names of the lease stand before names of the deployment (HOST-5)")
    func names() throws {
        var service = Service("web", image: "shop")
        service.networks = [NetworkAttachment("front", aliases: ["www"])]
        service.mounts = [Mount(.volume("data", subpath: nil), at: "/data", isReadOnly: true)]
        let json = try body(service)
        #expect(json["HostConfig"]?["NetworkMode"]?.text == "atoll-0123456789ab-front")
        let endpoint = json["NetworkingConfig"]?["EndpointsConfig"]?["atoll-0123456789ab-front"]
        #expect(endpoint?["Aliases"]?.elements == ["web", "www"])
        let mount = json["HostConfig"]?["Mounts"]?.elements?.first
        #expect(mount?["Source"]?.text == "atoll-0123456789ab-data")
        #expect(mount?["ReadOnly"]?.flag == true)
    }

    @Test("labels of the host cannot be given by a manifest (HOST-5)")
    func labels() throws {
        var service = Service("web", image: "shop")
        service.labels = [NamedText("atoll.lease", "another"), NamedText("team", "a")]
        let members = try body(service)["Labels"]?.members ?? []
        #expect(members.filter { $0.name == "atoll.lease" }.map(\.value) == ["0123456789abcdef"])
        #expect(members.contains { $0.name == "team" && $0.value == "a" })
    }

    @Test("ports are published where the manifest says so, with a number or any (HOST-5)")
    func ports() throws {
        var service = Service("web", image: "shop")
        service.ports = [
            ServicePort(53, .udp, isPublished: true, published: 5_353), ServicePort(80),
            ServicePort(443, isPublished: true),
        ]
        let json = try body(service)
        #expect(json["ExposedPorts"]?.members?.map(\.name) == ["53/udp", "80/tcp", "443/tcp"])
        let bindings = json["HostConfig"]?["PortBindings"]
        #expect(bindings?["53/udp"]?.elements == [["HostPort": "5353"]])
        #expect(bindings?["443/tcp"]?.elements == [["HostPort": ""]])
        #expect(bindings?["80/tcp"] == nil)
    }

    @Test("no time of a manifest is too long to be written")
    func times() throws {
        var service = Service("web", image: "shop")
        var check = HealthCheck(test: ["CMD", "true"])
        check.intervalMilliseconds = .max
        service.healthCheck = check
        #expect(try body(service)["Healthcheck"]?["Interval"]?.unsigned == 86_400_000_000_000)
    }

    @Test(
        "a container is made anew when its service or a config of it says something else (HOST-3)"
    )
    func fingerprints() throws {
        let lease = try #require(LeaseName("0123456789ab"))
        var service = Service("web", image: "shop")
        service.configs = [FileGrant("page", at: "/page")]
        func print(_ service: Service, _ bytes: [UInt8]) -> String {
            CopyPlan(service, 1, lease: lease, configs: [ConfigFile("page", bytes)]).fingerprint
        }
        let first = print(service, [1])
        #expect(print(service, [2]) != first)
        service.replicas = 3
        #expect(print(service, [1]) == first)
        service.environment = [NamedText("A", "b")]
        #expect(print(service, [1]) != first)
    }

    @Test("a lease's name is hexadecimal digits: it stands in paths and names")
    func leases() {
        #expect(LeaseName("../../../../etc") == nil && LeaseName("0123") == nil)
        #expect(LeaseName(String(repeating: "f", count: 65)) == nil)
        #expect(LeaseName("0123456789AB") == nil && LeaseName("0123456789ab") != nil)
    }
}
