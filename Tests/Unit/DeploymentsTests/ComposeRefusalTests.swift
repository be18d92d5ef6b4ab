// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Deployments

@Suite("What cannot be honoured is refused with its place and why (DEPLOY-5)")
struct ComposeRefusalTests {
    static let keys: [String] = ComposeRefusals.service.keys.sorted().filter { $0 != "privileged" }

    @Test(
        "every key that is refused is refused by its name, at its place, with its reason",
        arguments: ComposeRefusalTests.keys)
    func refusedKey(key: String) throws {
        let reason = try #require(ComposeRefusals.service[key])
        #expect(errors("user: a\n\(key): x") == ["5:5 \(key): \(reason)"])
    }

    static let cases: [(String, String)] = [
        ("privileged: true", "4:5 privileged containers are not run on other people's machines"),
        ("priviledged: true", "4:5 'priviledged' is not known here"),
        ("command: 'a", "quoted scalar"), ("command: \"'a\"", "4:14 a quotation mark"),
        ("command: {a: b}", "is a mapping; it is a text"),
        ("environment: {A: [1]}", "4:22 services.web.environment.A is a list"),
        ("environment: 'A=1'", "is a text; it is a list"),
        ("environment: ['=x']", "names no variable"),
        ("env_file: gone.env", "4:15 'gone.env'"),
        ("env_file: [{required: true}]", "a path is missing"),
        ("labels: [a=1, a=2]", "'a' stands there twice"),
        ("platform: windows/amd64", "is none of linux/amd64, linux/arm64"),
        ("pull_policy: never", "is none of always"),
        ("pull_policy: build", "is none of always"),
        ("extra_hosts: ['h:host-gateway']", "the machine itself has no address"),
        ("extra_hosts: ['h']", "is not written as name=address"),
        ("hostname: 'a b'", "is no name"),
        ("ports: 80", "is a text; it is a list"), ("ports: ['a']", "4:13 'a' is not written"),
        ("ports: ['0']", "is not written"), ("ports: ['70000']", "is not written"),
        ("ports: ['80/sctp']", "neither tcp nor udp"), ("ports: ['1:2:3:4']", "is not written"),
        ("ports: ['127.0.0.1:80:80']", "4:13 127.0.0.1: the addresses of a provider"),
        ("ports: ['[::1]:80:80']", "[::1]: the addresses of a provider"),
        ("ports: ['3000-3001:80']", "as many ports outside as inside"),
        ("ports: ['81-80']", "is not written"), ("ports: ['1-2000']", "is not written"),
        ("ports: [{published: 80}]", "a target is missing"),
        ("ports: [{target: 80, host_ip: 10.0.0.1}]", "10.0.0.1: the addresses"),
        ("ports: [{target: 80, magic: 1}]", "4:26 'magic' is not known"),
        ("ports: [{target: 80, mode: bridge}]", "is none of ingress, host"),
        ("ports: [{target: 80, published: 80-90}]", "is no whole number"),
        ("expose: ['a']", "is not written as port/protocol"),
        ("networks: [nowhere]", "there is no network nowhere"),
        ("networks: {front: {ipv4_address: 10.0.0.2}}", "ipv4_address: addresses are"),
        ("networks: {front: {priority: 1}}", "priority:"),
        ("network_mode: host", "4:5 network_mode: deployments have networks"),
        ("network_mode: 'service:db'", "network_mode:"),
        ("network_mode: none\nnetworks: [front]", "networks beside network_mode"),
        ("volumes: ['./src:/app']", "4:15 ./src: a provider has none of your files"),
        ("volumes: ['/etc/passwd:/x']", "/etc/passwd: a provider has none"),
        ("volumes: ['~/x:/x']", "a provider has none"),
        ("volumes: ['../x:/x:ro']", "a provider has none"),
        ("volumes: ['/var/run/docker.sock:/var/run/docker.sock']", "engine's socket"),
        ("volumes: ['data:relative']", "is no path inside"),
        ("volumes: ['data:/a/../b']", "is no path inside"),
        ("volumes: ['data:/a:nocopy']", "cannot be had"), ("volumes: [':/a']", "is not written"),
        ("volumes: ['unknown:/a']", "there is no volume unknown"),
        ("volumes: ['data:/a', 'other:/a']", "have the same path"),
        ("volumes: ['data:/a']\ntmpfs: /a", "have the same path"),
        ("volumes: [{type: bind, source: ./a, target: /a}]", "./a: a provider has none"),
        ("volumes: [{type: npipe, source: a, target: /a}]", "'npipe' cannot be had"),
        ("volumes: [{type: volume, source: data}]", "a target that begins with '/'"),
        ("volumes: [{type: volume, source: data, target: /a, volume: {nocopy: true}}]", "nocopy"),
        ("tmpfs: '/a:size=x'", "cannot be had"), ("tmpfs: '/a:exec'", "cannot be had"),
        ("tmpfs: rel", "is not written"), ("shm_size: lots", "is not written as 64m"),
        ("secrets: [nokey]", "there is no secret nokey"),
        ("secrets: [{target: a}]", "a source is missing"),
        ("secrets: [{source: key, mode: 9}]", "is not written as 0440"),
        ("secrets: [{source: key, uid: x}]", "is no whole number"),
        ("secrets: [key, {source: key, target: key}]", "have the same path"),
        ("configs: [none]", "there is no config none"),
        ("configs: [{source: site, target: /../a}]", "is no path inside"),
        ("restart: sometimes", "is none of no, always"),
        ("restart: 'on-failure:x'", "is none of no, always"),
        ("deploy: {restart_policy: {delay: 5s}}", "delay: pauses between starts"),
        ("deploy: {restart_policy: {condition: any, max_attempts: 3}}", "counts failures"),
        ("deploy: {mode: global}", "is none of replicated"),
        ("deploy: {placement: {constraints: []}}", "placement: machines are chosen"),
        ("deploy: {update_config: {parallelism: 2}}", "update_config: an update"),
        ("deploy: {replicas: 300}", "is no whole number from 0 to 256"),
        ("scale: 2\ndeploy: {replicas: 3}", "scale says another number"),
        ("deploy: {resources: {reservations: {devices: []}}}", "devices: devices are not leased"),
        ("deploy: {resources: {limits: {cpus: 1}, reservations: {cpus: 2}}}", "more processors"),
        ("mem_limit: 1g\nmem_reservation: 2g", "more memory is reserved"),
        ("cpus: 0", "is not written as 0.5"), ("cpus: many", "is not written as 0.5"),
        ("mem_limit: 1x", "is not written as 512m"), ("pids_limit: -1", "is no whole number"),
        ("storage_opt: {size: 1g, foo: a}", "'foo' is not known"),
        ("stop_grace_period: soon", "is not written as 1m30s"),
        ("init: maybe", "is neither true nor false"), ("init: yes", "is neither true nor false"),
        ("logging: {driver: syslog}", "is none of json-file, local"),
        ("logging: {options: {max-size: 1m, tag: a}}", "'tag' is not known"),
        ("healthcheck: {test: [curl, x]}", "a list begins with NONE, CMD or CMD-SHELL"),
        ("healthcheck: {interval: x}", "is not written as 1m30s"),
        ("healthcheck: {retries: 0}", "is no whole number"),
        ("healthcheck: {every: 5s}", "'every' is not known"),
        ("cap_add: [SYS_ADMIN]", "4:15 SYS_ADMIN: this right reaches beyond"),
        ("cap_add: [ALL]", "ALL: this right"), ("cap_add: [cap_sys_module]", "SYS_MODULE"),
        ("ipc: host", "4:5 ipc: memory is not shared"), ("pid: host", "pid: every service"),
        ("security_opt: ['seccomp:unconfined']", "what confines a service"),
        ("ulimits: {magic: 1}", "is no limit of the system"),
        ("ulimits: {nofile: {soft: 5, hard: 4}}", "a soft and a hard limit"),
        ("ulimits: {nofile: {soft: 5}}", "a soft and a hard limit"),
        ("depends_on: {db: {condition: x}}", "is here again"),
        ("environment: {A: '${'}", "4:22 a variable is not written"),
        ("environment: {A: '${MUST:?say so}'}", "the variable MUST must be set: say so"),
    ]

    @Test("what is wrong or cannot be honoured is told", arguments: ComposeRefusalTests.cases)
    func refusedLines(lines: String, expected: String) {
        let found = errors(lines)
        #expect(found.contains { $0.contains(expected) }, "\(lines): \(found)")
    }

    static let files: [(String, String)] = [
        ("name: 'Bad Name'\nservices: {a: {image: i}}", "1:7 'Bad Name' is no name"),
        ("version: '3.8'\n", "there are no services"), ("services: []", "1:11 services is a list"),
        ("services: {}", "there is no service"), ("services: {'a b': {image: i}}", "is no name"),
        ("services: {a: {}}", "1:12 service a has no image"),
        ("services: {a: {build: .}}", "build: providers build nothing: build and push"),
        ("services: {a: 3}", "services.a is a text; it is a mapping"),
        ("include: [x]\nservices: {a: {image: i}}", "1:1 include: one file is one deployment"),
        ("services: {a: {image: i}}\nfoo: 1", "2:1 'foo' is not known here"),
        ("services: {a: {image: i, depends_on: [b]}}", "there is no service b"),
        (
            "services: {a: {image: i, depends_on: [b]}, b: {image: i, profiles: [p]}}",
            "b is left out: its profile is not chosen"
        ),
        (
            "services: {a: {image: i, depends_on: [b]}, b: {image: i, depends_on: [a]}}",
            "services wait for each other: a, b"
        ),
        ("services: {a: {image: i}}\nvolumes: {v: {external: true}}", "a volume outside"),
        ("services: {a: {image: i}}\nvolumes: {v: {name: w}}", "names outside this"),
        ("services: {a: {image: i}}\nvolumes: {v: {driver: nfs}}", "is none of local"),
        ("services: {a: {image: i}}\nvolumes: {v: {driver_opts: {device: x}}}", "the provider's"),
        ("services: {a: {image: i}}\nnetworks: {n: {external: true}}", "a network outside"),
        ("services: {a: {image: i}}\nnetworks: {n: {ipam: {}}}", "ipam: addresses are"),
        ("services: {a: {image: i}}\nnetworks: {n: {driver: macvlan}}", "is none of bridge"),
        ("services: {a: {image: i}}\nsecrets: {s: {}}", "comes from one of file"),
        ("services: {a: {image: i}}\nsecrets: {s: {file: a, environment: b}}", "from one of"),
        ("services: {a: {image: i}}\nsecrets: {s: {content: a}}", "a secret in the file"),
        ("services: {a: {image: i}}\nconfigs: {c: {environment: NOPE}}", "is not set"),
        ("services: {a: {image: i}}\nconfigs: {c: {external: true}}", "a config outside"),
        ("services: {a: {image: '$'}}", "1:23 a '$' stands before no variable"),
    ]

    @Test("what is wrong with a whole file is told", arguments: ComposeRefusalTests.files)
    func refusedFile(text: String, expected: String) {
        let read = reading(text)
        let found = read.findings.filter { $0.severity == .error }
            .map { "\($0.place.line):\($0.place.column) \($0.message)" }
        #expect(found.contains { $0.contains(expected) }, "\(text): \(found)")
        #expect(read.deployment == nil)
    }

    @Test("files that declare more than is taken are refused, and soon")
    func large() {
        func message(_ text: String, files: [String: String] = [:]) -> String {
            reading(text, files: files).findings.map(\.message).joined(separator: "; ")
        }
        let many = (0..<5_000).map { "  s\($0): {image: i, depends_on: [x]}\n" }.joined()
        #expect(message("services:\n" + many).contains("services has more than 256 entries"))
        let some = (0..<65).map { "  s\($0): {image: i}\n" }.joined()
        #expect(message("services:\n" + some).contains("65 bytes or entries of 64"))
        let ranges = (0..<60).map { "'\(1 + $0 * 1_000)-\(1_000 + $0 * 1_000)'" }
        let ports = ranges.joined(separator: ", ")
        #expect(message("services: {a: {image: i, ports: [\(ports)]}}").contains("1024 ports"))
        #expect(message("services: {a: {image: i, expose: [\(ports)]}}").contains("1024 ports"))
        let value = "A=" + String(repeating: "x", count: 40_000)
        #expect(
            message("services: {a: {image: i, env_file: e}}", files: ["e": value])
                .contains("40000 bytes or entries of 32768"))
        let configs = (0..<5).map { "c\($0): {file: f}" }.joined(separator: ", ")
        let names = (0..<5).map { "c\($0)" }.joined(separator: ", ")
        #expect(
            message(
                "services: {a: {image: i, configs: [\(names)]}}\nconfigs: {\(configs)}",
                files: ["f": String(repeating: "x", count: 250_000)]
            ).contains("bytes of 1048576"))
    }

    @Test("all that is wrong is told at once, in the order of the lines")
    func together() {
        let text = """
            services:
              web:
                image: nginx
                privileged: true
                ports: ['127.0.0.1:80:80']
                volumes: [./a:/a]
              db:
                build: .
                network_mode: host
            """
        #expect(
            reading(text).findings.map(\.line) == [
                "compose.yaml:4:5: error: privileged containers are not run on other people's "
                    + "machines",
                "compose.yaml:5:13: error: 127.0.0.1: the addresses of a provider are its own; "
                    + "leave the address out",
                "compose.yaml:6:15: error: ./a: a provider has none of your files: use a volume, "
                    + "a config or a secret",
                "compose.yaml:8:5: error: build: providers build nothing: build and push the "
                    + "image, and name it with image",
                "compose.yaml:9:5: error: network_mode: deployments have networks of their own, "
                    + "or none",
            ])
    }

    @Test("what means something else than one may think is a warning")
    func warnings() throws {
        let read = reading(
            "services: {a: {image: i, build: ., environment: {DB_PASSWORD: x, A_KEY_FILE: /k}}}\n"
                + "volumes: {v: {}}\n")
        #expect(read.deployment != nil)
        let messages = read.findings.map(\.message)
        #expect(messages.contains { $0.hasPrefix("build: providers build nothing; the image") })
        #expect(messages.contains { $0.hasPrefix("DB_PASSWORD stands in the manifest") })
        #expect(messages.contains("no service uses volume v"))
        #expect(messages.count == 3 && read.findings.allSatisfy { $0.severity == .warning })
    }
}
