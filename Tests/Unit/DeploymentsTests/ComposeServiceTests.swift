// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Deployments

/// Some lines of a service and what comes of them.
struct ServiceCase: Sendable, CustomTestStringConvertible {
    let lines: String
    let holds: @Sendable (Service) -> Bool

    init(_ lines: String, _ holds: @escaping @Sendable (Service) -> Bool) {
        self.lines = lines
        self.holds = holds
    }

    var testDescription: String { lines }
}

@Suite("What a compose file says of a service (DEPLOY-6)")
struct ComposeServiceTests {
    static let program: [ServiceCase] = [
        ServiceCase("command: run --fast 'a b'") { $0.command == ["run", "--fast", "a b"] },
        ServiceCase("command: [run, \"-x\", 3]") { $0.command == ["run", "-x", "3"] },
        ServiceCase("command: []") { $0.command == [] },
        ServiceCase("command:") { $0.command == nil },
        ServiceCase("entrypoint: /bin/tool -v") { $0.entrypoint == ["/bin/tool", "-v"] },
        ServiceCase("entrypoint: ''") { $0.entrypoint == [] },
        ServiceCase("environment: {A: x, B: 3, C: true, D: ''}") {
            $0.environment == [
                NamedText("A", "x"), NamedText("B", "3"), NamedText("C", "true"),
                NamedText("D", ""),
            ]
        },
        ServiceCase("environment: [B=2, A=1=x]") {
            $0.environment == [NamedText("A", "1=x"), NamedText("B", "2")]
        },
        ServiceCase("environment: [SHELL_ONLY]") {
            $0.environment == [NamedText("SHELL_ONLY", "s")]
        },
        ServiceCase("environment: {SHELL_ONLY: }") {
            $0.environment == [NamedText("SHELL_ONLY", "s")]
        },
        ServiceCase("environment: [NOT_THERE]") { $0.environment.isEmpty },
        ServiceCase("environment: {A: \"${SHELL_ONLY}x\", B: $$5}") {
            $0.environment == [NamedText("A", "sx"), NamedText("B", "$5")]
        },
        ServiceCase("env_file: vars.env") { $0.environment == [NamedText("F", "file")] },
        ServiceCase("env_file: [vars.env, more.env]") {
            $0.environment == [NamedText("F", "more"), NamedText("G", "file2")]
        },
        ServiceCase("env_file: [{path: none.env, required: false}]\nlabels: []") {
            $0.environment.isEmpty
        },
        ServiceCase("env_file: [{path: vars.env}]\nenvironment: {F: own}") {
            $0.environment == [NamedText("F", "own")]
        },
        ServiceCase("labels: {b: 1, a: two}") {
            $0.labels == [NamedText("a", "two"), NamedText("b", "1")]
        },
        ServiceCase("labels: [a=b]\ndeploy: {labels: [c=d]}") {
            $0.labels == [NamedText("a", "b"), NamedText("c", "d")]
        },
        ServiceCase("user: \"1000:1000\"") { $0.user == "1000:1000" },
        ServiceCase("user: 1000") { $0.user == "1000" },
        ServiceCase("group_add: [mail, 5]") { $0.groups == ["mail", "5"] },
        ServiceCase("working_dir: /srv") { $0.workingDirectory == "/srv" },
        ServiceCase("hostname: web-1") { $0.hostname == "web-1" },
        ServiceCase("extra_hosts: [\"a:10.0.0.1\", \"b=::1\"]") {
            $0.extraHosts == [NamedText("a", "10.0.0.1"), NamedText("b", "::1")]
        },
        ServiceCase("extra_hosts: {a: 10.0.0.1}") { $0.extraHosts == [NamedText("a", "10.0.0.1")] },
        ServiceCase("platform: linux/arm64") { $0.platform == "linux/arm64" },
        ServiceCase("pull_policy: always") { $0.pullsAlways },
        ServiceCase("build: .") { $0.image == "registry.example/app:1" },
        ServiceCase("x-anything: {privileged: true}") { $0.image == "registry.example/app:1" },
        ServiceCase("attach: false") { $0.image == "registry.example/app:1" },
    ]

    static let surroundings: [ServiceCase] = [
        ServiceCase("ports: [80]") { $0.ports == [ServicePort(80, isPublished: true)] },
        ServiceCase("ports: ['8080:80']") {
            $0.ports == [ServicePort(80, isPublished: true, published: 8_080)]
        },
        ServiceCase("ports: ['8080:80/udp']") {
            $0.ports == [ServicePort(80, .udp, isPublished: true, published: 8_080)]
        },
        ServiceCase("ports: ['0.0.0.0:8080:80', '[::]:8081:81']") {
            $0.ports.map(\.published) == [8_080, 8_081]
        },
        ServiceCase("ports: ['3000-3002:4000-4002']") {
            $0.ports.map(\.target) == [4_000, 4_001, 4_002]
                && $0.ports.map(\.published) == [3_000, 3_001, 3_002]
        },
        ServiceCase("ports: ['4000-4001']") {
            $0.ports.map(\.target) == [4_000, 4_001] && $0.ports.allSatisfy { $0.published == nil }
        },
        ServiceCase("ports: [{target: 80, published: '8080', protocol: tcp, mode: host}]") {
            $0.ports == [ServicePort(80, isPublished: true, published: 8_080)]
        },
        ServiceCase("ports: [{target: 53, protocol: udp, name: dns, app_protocol: x}]") {
            $0.ports == [ServicePort(53, .udp, isPublished: true)]
        },
        ServiceCase("ports: ['9090:90', '8080:80', '9090:90']") {
            $0.ports.map(\.target) == [80, 90]
        },
        ServiceCase("expose: ['3000', 4000/udp, 5000-5001]") {
            $0.ports.map(\.target) == [3_000, 4_000, 5_000, 5_001]
                && $0.ports.allSatisfy { !$0.isPublished }
        },
        ServiceCase("expose: [80]\nports: [80]") {
            $0.ports == [ServicePort(80, isPublished: true)]
        },
        ServiceCase("networks: [front, back]") {
            $0.networks == [NetworkAttachment("back"), NetworkAttachment("front")]
        },
        ServiceCase("networks: {front: {aliases: [www, api]}, back: }") {
            $0.networks == [
                NetworkAttachment("back"), NetworkAttachment("front", aliases: ["api", "www"]),
            ]
        },
        ServiceCase("hostname: a") { $0.networks == [NetworkAttachment("default")] },
        ServiceCase("container_name: shop") {
            $0.networks == [NetworkAttachment("default", aliases: ["shop"])]
        },
        ServiceCase("network_mode: none") { $0.networks.isEmpty },
        ServiceCase("volumes: ['data:/var/lib']") {
            $0.mounts == [Mount(.volume("data", subpath: nil), at: "/var/lib")]
        },
        ServiceCase("volumes: ['data:/a/:ro', 'other://b//c:rw,z']") {
            $0.mounts == [
                Mount(.volume("data", subpath: nil), at: "/a", isReadOnly: true),
                Mount(.volume("other", subpath: nil), at: "/b/c"),
            ]
        },
        ServiceCase("volumes: [/cache]") {
            $0.mounts == [Mount(.volume("web..0", subpath: nil), at: "/cache")]
        },
        ServiceCase(
            "volumes: [{type: volume, source: data, target: /d, read_only: true, "
                + "volume: {subpath: s}}]"
        ) {
            $0.mounts == [Mount(.volume("data", subpath: "s"), at: "/d", isReadOnly: true)]
        },
        ServiceCase("volumes: [{type: tmpfs, target: /t, tmpfs: {size: 10m, mode: '700'}}]") {
            $0.mounts == [Mount(.memory(bytesMax: 10 << 20, mode: 0o700), at: "/t")]
        },
        ServiceCase("volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1048576}}]") {
            $0.mounts == [Mount(.memory(bytesMax: 1 << 20, mode: 0o1777), at: "/t")]
        },
        ServiceCase("tmpfs: /run") {
            $0.mounts == [Mount(.memory(bytesMax: 64 << 20, mode: 0o1777), at: "/run")]
        },
        ServiceCase("tmpfs: ['/b:size=1m,mode=755', /a]") {
            $0.mounts.map(\.target) == ["/a", "/b"]
                && $0.mounts[1].source == .memory(bytesMax: 1 << 20, mode: 0o755)
        },
        ServiceCase("shm_size: 128m") { $0.sharedMemoryBytes == 128 << 20 },
        ServiceCase("secrets: [key]") { $0.secrets == [FileGrant("key", at: "/run/secrets/key")] },
        ServiceCase("secrets: [{source: key, target: k, uid: '5', gid: '6', mode: 0400}]") {
            $0.secrets == [
                FileGrant("key", at: "/run/secrets/k", user: 5, group: 6, mode: 0o400)
            ]
        },
        ServiceCase("secrets: [{source: key, target: /etc/k}]") {
            $0.secrets == [FileGrant("key", at: "/etc/k")]
        },
        ServiceCase("configs: [site]") { $0.configs == [FileGrant("site", at: "/site")] },
        ServiceCase("configs: [{source: site, target: /etc/site.conf, mode: 0o640}]") {
            $0.configs == [FileGrant("site", at: "/etc/site.conf", mode: 0o640)]
        },
    ]

    static let life: [ServiceCase] = [
        ServiceCase("restart: always") { $0.restart == .always },
        ServiceCase("restart: 'no'") { $0.restart == .no },
        ServiceCase("restart: unless-stopped") { $0.restart == .unlessStopped },
        ServiceCase("restart: on-failure") { $0.restart == .onFailure(nil) },
        ServiceCase("restart: on-failure:5") { $0.restart == .onFailure(5) },
        ServiceCase("deploy: {restart_policy: {condition: on-failure, max_attempts: 3}}") {
            $0.restart == .onFailure(3)
        },
        ServiceCase("deploy: {restart_policy: {condition: any}}") { $0.restart == .always },
        ServiceCase("deploy: {restart_policy: {condition: none}}") { $0.restart == .no },
        ServiceCase("stop_grace_period: 1m30s") { $0.stopMilliseconds == 90_000 },
        ServiceCase("stop_signal: SIGINT") { $0.stopSignal == "SIGINT" },
        ServiceCase("init: true\ntty: true\nstdin_open: true\nread_only: true") {
            $0.hasInit && $0.hasTerminal && $0.keepsInput && $0.isReadOnly
        },
        ServiceCase("logging: {driver: local, options: {max-size: 1m, max-file: '3'}}") {
            $0.log == LogRule(fileBytesMax: 1 << 20, filesMax: 3)
        },
        ServiceCase("healthcheck: {test: curl -f http://localhost}") {
            $0.healthCheck?.test == ["CMD-SHELL", "curl -f http://localhost"]
        },
        ServiceCase("healthcheck: {test: [CMD, true], interval: 5s, timeout: 2s, retries: 9}") {
            $0.healthCheck?.test == ["CMD", "true"] && $0.healthCheck?.retries == 9
                && $0.healthCheck?.intervalMilliseconds == 5_000
                && $0.healthCheck?.timeoutMilliseconds == 2_000
        },
        ServiceCase("healthcheck: {start_period: 40s, start_interval: 1s}") {
            $0.healthCheck?.test == [] && $0.healthCheck?.startMilliseconds == 40_000
                && $0.healthCheck?.startIntervalMilliseconds == 1_000
        },
        ServiceCase("healthcheck: {disable: true}") { $0.healthCheck?.test == ["NONE"] },
        ServiceCase("privileged: false") { $0.image == "registry.example/app:1" },
        ServiceCase("security_opt: ['no-new-privileges:true']") {
            $0.image == "registry.example/app:1"
        },
        ServiceCase("ipc: private\npid: private") { $0.image == "registry.example/app:1" },
        ServiceCase("cap_add: [NET_ADMIN, cap_chown]\ncap_drop: [ALL]") {
            $0.addedCapabilities == ["CHOWN", "NET_ADMIN"] && $0.droppedCapabilities == ["ALL"]
        },
        ServiceCase("ulimits: {nproc: 65535, nofile: {soft: 20000, hard: 40000}}") {
            $0.processLimits == [
                ProcessLimit("nofile", soft: 20_000, hard: 40_000),
                ProcessLimit("nproc", soft: 65_535, hard: 65_535),
            ]
        },
        ServiceCase("ulimits: {memlock: -1}") {
            $0.processLimits == [ProcessLimit("memlock", soft: .max, hard: .max)]
        },
    ]

    static let resources: [ServiceCase] = [
        ServiceCase("labels: []") { $0.resources == Resources() && $0.replicas == 1 },
        ServiceCase("deploy: {resources: {limits: {cpus: '0.50', memory: 50M, pids: 1}}}") {
            $0.resources.milliProcessors == 500 && $0.resources.memoryBytes == 50 << 20
                && $0.processesMax == 1
        },
        ServiceCase("deploy: {resources: {reservations: {cpus: 0.25, memory: 20M}}}") {
            $0.resources.milliProcessors == 250 && $0.resources.memoryBytes == 20 << 20
        },
        ServiceCase(
            "deploy: {resources: {limits: {memory: 2g}, reservations: {memory: 1g, cpus: 2}}}"
        ) {
            $0.resources.milliProcessors == 2_000 && $0.resources.memoryBytes == 2 << 30
        },
        ServiceCase("cpus: 1.5\nmem_limit: 1g") {
            $0.resources.milliProcessors == 1_500 && $0.resources.memoryBytes == 1 << 30
        },
        ServiceCase("mem_reservation: 64m") { $0.resources.memoryBytes == 64 << 20 },
        ServiceCase("storage_opt: {size: 10G}") { $0.resources.diskBytes == 10 << 30 },
        ServiceCase("pids_limit: 100") { $0.processesMax == 100 },
        ServiceCase("scale: 3") { $0.replicas == 3 },
        ServiceCase("deploy: {replicas: 4, mode: replicated}") { $0.replicas == 4 },
        ServiceCase("deploy: {replicas: 0}") { $0.replicas == 0 },
    ]

    static let all = program + surroundings + life + resources

    @Test("what can be honoured arrives in the manifest", arguments: all)
    func accepted(one: ServiceCase) throws {
        let read = try service(
            one.lines,
            files: ["vars.env": "F=file", "more.env": "F=more\nG=file2"],
            environment: ["SHELL_ONLY": "s"])
        #expect(one.holds(read), "\(one.lines): \(read)")
    }
}
