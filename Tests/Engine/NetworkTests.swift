// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EngineTests {
    /// Containers in networks, on machines of the tests' own.
    @Suite("Networks", .enabled(if: NetworkRoom.isReady, NetworkRoom.reason))
    struct NetworkTests {
        let room: NetworkRoom
        let engine: TestEngine

        init() throws { (room, engine) = try TestEngine.sharedInRoom() }

        @Test(
            "a container has an address, a way and files, and leaves nothing (NETWORKS-2, -8, -9)")
        func life() throws {
            let before = try room.traces()
            let said = try engine.says(
                "ip -o -4 addr show eth0; ip route; cat /etc/hosts /etc/resolv.conf; hostname",
                in: "default", ", \"ExtraHosts\": [\"far:10.1.2.3\"], \"DnsSearch\": [\"here\"]")
            #expect(said.contains("inet 172.17.0.") && said.contains("via 172.17.0.1"))
            #expect(said.contains("10.1.2.3\tfar") && said.contains("nameserver 127.0.0.11"))
            #expect(said.contains("search here"))
            #expect(try room.traces() == before)
            for number in 0..<4 {
                #expect(
                    try engine.begin(
                        "n\(number)", "sleep 100", in: "bridge",
                        ", \"PortBindings\": {\"80/tcp\": [{}]}") == "")
            }
            #expect(try room.traces().contains("dport"))
            for number in 0..<4 {
                let path = "/containers/n\(number)"
                _ = try engine.status(
                    number % 2 == 0 ? "DELETE" : "POST",
                    path + (number % 2 == 0 ? "?force=1" : "/kill"))
                if number % 2 == 1 { _ = try engine.api("POST", path + "/wait") }
            }
            #expect(try room.traces() == before)
            let told = try engine.answer(
                "GET",
                "/events?since=1&until=\(Date().timeIntervalSince1970)"
                    + "&filters=%7B%22type%22:%5B%22network%22%5D%7D")
            #expect(told.contains("\"Action\":\"connect\""))
            #expect(told.contains("\"Action\":\"disconnect\""))
            #expect(try engine.status("POST", "/containers/n1/start") == "204", "and again")
            #expect(try engine.status("DELETE", "/containers/n1?force=1") == "204")
            #expect(try room.traces() == before)
        }

        @Test("a published port is reached from everywhere it should be (NETWORKS-6)")
        func ports() throws {
            let bound =
                ", \"PortBindings\": {\"80/tcp\": [{\"HostPort\": \"8080\"}, "
                + "{\"HostIp\": \"127.0.0.1\", \"HostPort\": \"9000-9010\"}]}"
            #expect(try engine.begin("web", TestEngine.server("word"), in: "bridge", bound) == "")
            #expect(try room.fetch("127.0.0.1:8080") == "word")
            #expect(try room.fetch("10.200.0.1:8080") == "word")
            #expect(try room.fetch("[::1]:8080") == "word", "carried by the engine")
            #expect(try room.fetch("127.0.0.1:9000") == "word")
            let curl = "\(EngineMachine.curl) -sS -m 2"
            let patient = "\(EngineMachine.curl) -sS -m 20"
            #expect(try room.outside("\(patient) http://10.200.0.1:8080/").text == "word")
            #expect(try room.outside("\(curl) http://10.200.0.1:9000/").code != 0)
            // From its own network by the machine's address.
            let hairpin = try engine.says(TestEngine.fetching("10.200.0.1:8080"), in: "bridge")
            #expect(hairpin == "word\n")
            let shown = try engine.answer("GET", "/containers/web/json")
            #expect(shown.contains("{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"}"))
            let listed = try engine.answer("GET", "/containers/json")
            #expect(listed.contains("\"PublicPort\":8080"))
            let taken = try engine.begin("other", "sleep 9", in: "bridge", bound)
            #expect(taken.contains("address already in use") && taken.contains("8080"))
            _ = try engine.status("DELETE", "/containers/web?force=1")
            #expect(try engine.status("POST", "/containers/other/start") == "204", "free again")
            let all = ", \"PublishAllPorts\": true"
            let exposed = ", \"ExposedPorts\": {\"53/udp\": {}, \"80/tcp\": {}}"
            #expect(try engine.begin("all", "sleep 9", in: "bridge", all, exposed) == "")
            let chosen = try engine.answer("GET", "/containers/all/json")
            #expect(chosen.contains("\"53/udp\":[{") && chosen.contains("\"80/tcp\":[{"))
        }

        @Test("datagrams and IPv6 pass as TCP over IPv4 does (NETWORKS-5, NETWORKS-6)")
        func otherProtocols() throws {
            try engine.network("six", ", \"EnableIPv6\": true")
            let bound = ", \"PortBindings\": {\"80/tcp\": [{\"HostPort\": \"8080\"}]}"
            #expect(try engine.begin("web", TestEngine.server("six"), in: "six", bound) == "")
            let curl =
                "\(EngineMachine.curl) -sS -m 2 --retry 40 --retry-delay 0 --retry-connrefused"
            #expect(try room.outside("\(curl) http://[fd20::1]:8080/").text == "six")
            #expect(try room.fetch("[::1]:8080") == "six")
            let world = try Self.mirror("fd20::2", 7_000, room, outside: true)
            defer { kill(world, SIGKILL) }
            let seen = try engine.says("nc -w 2 fd20::2 7000 </dev/null 2>/dev/null", in: "six")
            #expect(seen == "fd20::1\n")
            let udp = ", \"PortBindings\": {\"53/udp\": [{\"HostPort\": \"5353\"}]}"
            #expect(try engine.begin("hears", "sleep 100", in: "bridge", udp) == "")
            let state = try #require(try engine.json("GET", "/containers/hears/json")["State"])
            let process = try #require((state as? [String: Any])?["Pid"] as? Int)
            let echo = """
                import socket
                port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                port.bind(("0.0.0.0", 53))
                while True:
                    heard, peer = port.recvfrom(64)
                    port.sendto(heard + peer[0].encode(), peer)
                """
            let server = try room.serve(
                ["/usr/bin/nsenter", "-t", "\(process)", "-n", "/usr/bin/python3", "-c", echo],
                outside: false)
            defer { kill(server, SIGKILL) }
            let ask = """
                import socket
                port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                port.settimeout(0.2)
                for turn in range(100):
                    port.sendto(b"from ", ("10.200.0.1", 5353))
                    try:
                        print(port.recv(64).decode())
                        break
                    except OSError:
                        pass
                """
            #expect(
                try room.outside("/usr/bin/python3 -c '\(ask)'").text == "from 10.200.0.2",
                "the container sees who asks")
        }

        @Test("networks are apart from each other, and internal ones from everything (NETWORKS-5)")
        func apart() throws {
            try engine.network("front")
            try engine.network("back")
            try engine.network("inner", ", \"Internal\": true")
            let script = TestEngine.server("seen")
            #expect(try engine.begin("one", script, in: "front") == "")
            #expect(try engine.begin("two", script, in: "inner") == "")
            let one = try #require(try engine.place("one", in: "front")["IPAddress"] as? String)
            let two = try #require(try engine.place("two", in: "inner")["IPAddress"] as? String)
            func tried(
                _ address: String, _ network: String, isWanted: Bool = false
            ) throws -> String {
                try engine.says(TestEngine.knocking(address, patiently: isWanted), in: network)
            }
            #expect(try room.fetch(one) == "seen", "the machine itself reaches it")
            #expect(try tried(one, "front", isWanted: true) == "open\n")
            #expect(try tried(one, "back") == "shut\n")
            #expect(try tried(two, "inner", isWanted: true) == "open\n")
            #expect(try tried(two, "front") == "shut\n")
            #expect(try tried(one, "inner") == "shut\n")
            // The world: by the machine's address, and back in by nothing but published ports.
            let world = try Self.mirror("10.200.0.2", 7_000, room, outside: true)
            defer { kill(world, SIGKILL) }
            func asked(_ place: String) -> String { "nc -w 2 \(place) </dev/null 2>/dev/null" }
            #expect(try engine.says(asked("10.200.0.2 7000"), in: "front") == "10.200.0.1\n")
            #expect(try engine.says(asked("10.200.0.2 7000"), in: "inner") == "")
            let busybox = try #require(EngineMachine.busybox)
            let back = "ip route add \(one) via 10.200.0.1 && \(busybox) nc -w 1 \(one) 80"
            #expect(try room.outside("\(back) </dev/null").code != 0)
            // What only the machine itself speaks to.
            let local = try Self.mirror("127.0.0.1", 7_001, room, outside: false)
            defer { kill(local, SIGKILL) }
            let hop =
                "set -- $(ip route); ip route del local 127.0.0.0/8 dev lo table local; "
                + "ip route add 127.0.0.0/8 via $3; " + asked("127.0.0.1 7001")
            #expect(try engine.says(hop, in: "front", ", \"CapAdd\": [\"NET_ADMIN\"]") == "")
        }

        /// Tells everybody who connects from which address it sees it, and is there on return.
        private static func mirror(
            _ host: String, _ port: Int, _ room: NetworkRoom, outside: Bool
        ) throws -> pid_t {
            let program = """
                import socket
                kind = socket.AF_INET6 if ":" in "\(host)" else socket.AF_INET
                port = socket.create_server(("\(host)", \(port)), family=kind)
                while True:
                    stream, peer = port.accept()
                    stream.sendall((peer[0] + "\\n").encode())
                    stream.close()
                """
            let process = try room.serve(["/usr/bin/python3", "-c", program], outside: outside)
            let busybox = try #require(EngineMachine.busybox)
            let seen = try room.sh(
                "for i in $(seq 100); do \(busybox) nc -w 2 \(host) \(port) </dev/null && exit; "
                    + "sleep 0.05; done")
            #expect(!seen.text.isEmpty)
            return process
        }

        @Test("names of a network are answered in it, and the rest elsewhere (NETWORKS-7)")
        func names() throws {
            try engine.network("front", ", \"EnableIPv6\": true")
            let called =
                ", \"NetworkingConfig\": {\"EndpointsConfig\": {\"front\": "
                + "{\"Aliases\": [\"www\", \"site\"]}}}"
            #expect(
                try engine.begin("web", TestEngine.server("named"), in: "front", "", called) == "")
            #expect(try engine.says(TestEngine.fetching("web.front"), in: "front") == "named\n")
            #expect(try engine.says(TestEngine.fetching("www"), in: "front") == "named\n")
            let both = try engine.says("nslookup site", in: "front")
            let place = try engine.place("web", in: "front")
            let four = try #require(place["IPAddress"] as? String)
            let six = try #require(place["GlobalIPv6Address"] as? String)
            #expect(both.contains(four) && both.contains(six) && six.hasPrefix("fd"))
            #expect(try engine.says("nslookup \(four)", in: "front").contains("web.front"))
            #expect(try engine.says("nslookup web", in: "bridge").contains("SERVFAIL"))
            // Another server of names, that the container was given: whatever is asked, 10.9.8.7.
            let program = """
                import socket
                port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                port.bind(("10.200.0.1", 53))
                while True:
                    asked, peer = port.recvfrom(4096)
                    answer = asked[:2] + bytes([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]) + asked[12:]
                    answer += bytes([192, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 9, 8, 7])
                    port.sendto(answer, peer)
                """
            let server = try room.serve(["/usr/bin/python3", "-c", program], outside: false)
            defer { kill(server, SIGKILL) }
            let asked = try engine.says(
                "for i in 1 2 3 4 5; do nslookup -type=a far && break; sleep 0.2; done",
                in: "front",
                ", \"Dns\": [\"10.200.0.1\"]")
            #expect(asked.contains("10.9.8.7"))
        }

        @Test("containers join and leave networks, running or not")
        func connecting() throws {
            try engine.network(
                "front", ", \"IPAM\": {\"Config\": [{\"Subnet\": \"10.50.0.0/24\"}]}")
            try engine.network("back")
            #expect(try engine.begin("web", TestEngine.server("joined"), in: "back") == "")
            let wish =
                "{\"Container\": \"web\", \"EndpointConfig\": {\"Aliases\": [\"late\"], "
                + "\"IPAMConfig\": {\"IPv4Address\": \"10.50.0.77\"}}}"
            #expect(try engine.status("POST", "/networks/front/connect", body: wish) == "200")
            #expect(try engine.status("POST", "/networks/front/connect", body: wish) == "403")
            #expect(try engine.place("web", in: "front")["IPAddress"] as? String == "10.50.0.77")
            #expect(try engine.says(TestEngine.fetching("late"), in: "front") == "joined\n")
            #expect(try engine.status("DELETE", "/networks/front") == "403", "somebody is in it")
            let same = "{\"Container\": \"web\"}"
            #expect(try engine.status("POST", "/networks/back/disconnect", body: same) == "200")
            #expect(try engine.status("POST", "/networks/back/disconnect", body: same) == "403")
            #expect(try engine.says(TestEngine.fetching("web"), in: "front") == "joined\n")
            #expect(
                try engine.says("wget -qO- http://127.0.0.1/", in: "container:web") == "joined\n")
            let named = try engine.json("GET", "/containers/web/json")["Id"] as? String
            #expect(
                try engine.says("hostname", in: "container:web")
                    == "\(try #require(named).prefix(12))\n")
            #expect(try engine.status("POST", "/containers/web/stop?t=0") == "204")
            #expect(try engine.status("POST", "/networks/back/connect", body: same) == "200")
            #expect(try engine.status("POST", "/containers/web/start") == "204")
            #expect(try engine.place("web", in: "front")["IPAddress"] as? String == "10.50.0.77")
            _ = try engine.place("web", in: "back")
            _ = try engine.status("DELETE", "/containers/web?force=1")
            #expect(try engine.status("DELETE", "/networks/front") == "204")
            #expect(try engine.answer("POST", "/networks/prune").contains("[\"back\"]"))
            let left = try engine.answer("GET", "/networks")
            #expect(left.contains("\"Name\":\"bridge\"") && !left.contains("\"Name\":\"back\""))
        }

        @Test("what cannot be is refused by its reason (ENGINE-2, NETWORKS-3)")
        func refusals() throws {
            func made(_ body: String) throws -> String {
                try engine.status("POST", "/networks/create", body: body)
            }
            func subnet(_ text: String) -> String {
                "{\"Name\": \"x\", \"IPAM\": {\"Config\": [{\"Subnet\": \"\(text)\"}]}}"
            }
            #expect(try made(subnet("10.60.0.0/16")) == "201")
            #expect(try made("{\"Name\": \"x\"}") == "409")
            #expect(try made(subnet("10.60.7.0/24").replacing("\"x\"", with: "\"y\"")) == "403")
            #expect(
                try made(subnet("10.200.0.0/16").replacing("\"x\"", with: "\"y\"")) == "403",
                "the machine is there")
            #expect(try made(subnet("10.0.0.0/40").replacing("\"x\"", with: "\"y\"")) == "400")
            #expect(try made("{\"Name\": \"bridge\"}") == "403")
            #expect(try made("{\"Name\": \"../y\"}") == "400")
            #expect(try made("{\"Name\": \"y\", \"Driver\": \"overlay\"}") == "400")
            #expect(try made("{\"Name\": \"y\", \"Options\": {\"a\": \"b\"}}") == "400")
            let rate = "{\"Name\": \"y\", \"Options\": {\"atoll.bandwidth.in\": \"fast\"}}"
            #expect(try made(rate) == "400")
            #expect(try engine.status("GET", "/networks/nothing") == "404")
            #expect(try engine.status("DELETE", "/networks/bridge") == "403")
            #expect(try engine.begin("a1", "true", in: "nothing").contains("nothing not found"))
            #expect(
                try engine.begin("a2", "true", in: "container:no").contains("No such container"))
            let ports = ", \"PortBindings\": {\"80/sctp\": [{}]}"
            #expect(try engine.begin("a3", "true", in: "bridge", ports).contains("80/sctp"))
        }

        @Test("a container passes no more than its rates, in the kernel's own bucket (NETWORKS-2)")
        func rates() throws {
            try engine.network("slow", ", \"Options\": {\"atoll.bandwidth.in\": \"3mbit\"}")
            let out =
                ", \"NetworkingConfig\": {\"EndpointsConfig\": {\"slow\": {\"DriverOpts\": "
                + "{\"atoll.bandwidth.out\": \"2mbit\"}}}}"
            #expect(try engine.begin("one", "sleep 100", in: "slow", "", out) == "")
            let state = try #require(try engine.json("GET", "/containers/one/json")["State"])
            let process = try #require((state as? [String: Any])?["Pid"] as? Int)
            #expect(try room.sh("tc qdisc show").output.contains("tbf") == true)
            #expect(try room.sh("tc qdisc show").output.contains("rate 3Mbit"))
            let inside = try room.sh("nsenter -t \(process) -n tc qdisc show dev eth0").output
            #expect(inside.contains("tbf") && inside.contains("rate 2Mbit"))
        }

        @Test("networks go on without the engine, and it takes them up again (NETWORKS-4)")
        func killed() throws {
            let before = try room.traces()
            try engine.network("front")
            let bound = ", \"PortBindings\": {\"80/tcp\": [{\"HostPort\": \"8080\"}]}"
            #expect(try engine.begin("web", TestEngine.server("still"), in: "front", bound) == "")
            #expect(try engine.begin("ends", "sleep 0.3", in: "front") == "")
            #expect(try engine.begin("asks", "sleep 300", in: "front") == "")
            #expect(try room.fetch("127.0.0.1:8080") == "still")
            engine.kill()
            #expect(try room.fetch("127.0.0.1:8080") == "still", "without an engine")
            usleep(600_000)
            try engine.begin()
            #expect(try room.fetch("127.0.0.1:8080") == "still")
            #expect(try room.fetch("[::1]:8080") == "still", "the port is held again")
            let state = try #require(try engine.json("GET", "/containers/asks/json")["State"])
            let process = try #require((state as? [String: Any])?["Pid"] as? Int)
            let busybox = try #require(EngineMachine.busybox)
            let named = try room.sh("nsenter -t \(process) -n \(busybox) nslookup web 127.0.0.11")
            #expect(named.output.contains("172."), "names are answered again: \(named)")
            let address = try engine.place("web", in: "front")["IPAddress"] as? String
            #expect(try engine.says("nslookup web", in: "front").contains(try #require(address)))
            for name in ["web", "ends", "asks"] {
                #expect(try engine.status("DELETE", "/containers/\(name)?force=1") == "204")
            }
            #expect(try engine.status("DELETE", "/networks/front") == "204")
            #expect(try room.traces() == before)
        }

        @Test("an engine that is killed while a container begins leaves nothing of it (NETWORKS-9)")
        func cutOff() throws {
            let before = try room.traces()
            try engine.network("front")
            let body = """
                {"Image": "shell", "Cmd": ["sleep", "100"], "HostConfig": {"NetworkMode": "front",
                 "PortBindings": {"80/tcp": [{}]}}}
                """
            for turn in 0..<6 {
                let name = "cut\(turn)"
                let path = "/containers/create?name=\(name)"
                #expect(try engine.answer("POST", path, body: body).contains("\"Id\""))
                let client = try Spawning.start(
                    EngineMachine.curl,
                    [
                        "-s", "--unix-socket", engine.socket, "-X", "POST",
                        "http://engine/containers/\(name)/start",
                    ], [:], files: ["/dev/null", "/dev/null", "/dev/null"])
                usleep(UInt32(turn) * 40_000)
                engine.kill()
                _ = Spawning.wait(for: client)
                try engine.begin()
                let gone = try engine.status("DELETE", "/containers/\(name)?force=1")
                #expect(gone == "204", "turn \(turn)")
                #expect(try room.traces() == before, "turn \(turn)")
            }
        }

        @Test(
            "Docker's own client makes networks and publishes ports",
            .enabled(if: EngineMachine.docker != nil, "the command docker is not installed"))
        func docker() throws {
            #expect(try engine.docker(["network", "create", "mine"]).code == 0)
            let listed = try engine.docker(["network", "ls", "--format", "{{.Name}}"]).text
            #expect(listed.split(separator: "\n") == ["bridge", "host", "mine", "none"])
            let made = try engine.docker([
                "run", "-d", "--name", "web", "--network", "mine", "--network-alias", "www", "-p",
                "127.0.0.1:8080:80", "shell", "sh", "-c", TestEngine.server("docked"),
            ])
            #expect(made.code == 0, "\(made)")
            #expect(try engine.docker(["port", "web"]).text == "80/tcp -> 127.0.0.1:8080")
            #expect(try room.fetch("127.0.0.1:8080") == "docked")
            let named = try engine.docker([
                "run", "--rm", "--network", "mine", "shell", "wget", "-qO-", "http://www/",
            ])
            #expect(named.text == "docked", "\(named)")
            let shown = try engine.docker([
                "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", "web",
            ])
            #expect(shown.text.hasPrefix("172."))
            #expect(try engine.docker(["network", "connect", "bridge", "web"]).code == 0)
            #expect(try engine.docker(["network", "disconnect", "bridge", "web"]).code == 0)
            #expect(try engine.docker(["network", "rm", "mine"]).code == 1)
            #expect(try engine.docker(["rm", "-f", "web"]).code == 0)
            #expect(try engine.docker(["network", "rm", "mine"]).text == "mine")
        }
    }
}
