// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

extension EndToEnd {
    /// What people see and programs in browsers use, by their own tools on a real cloud.
    ///
    /// A machine without Node, esbuild and React passes over all of it, one without Chromium and
    /// `scripts/setup-peers` over the browser; both say so.
    @Suite("The web")
    struct WebTests {
        @Test(
            "the JavaScript SDK passes its own tests with Node's runner (DASHBOARD-8)",
            .enabled(if: WebTools.canBuild, "needs node, esbuild and tsc: `make setup`"))
        func sdk() async throws {
            let ending = try await Program.run(
                "\(Checkout.root)/SDKs/javascript/scripts/test", [], limitSeconds: 300)
            #expect(ending.code == 0, "\(ending.text.suffix(4_000)) \(ending.errors.suffix(2_000))")
            #expect(ending.text.contains("# fail 0") || ending.text.contains("fail 0"))
        }

        @Test(
            "the SDK fits the schema that a node prints, and every example of its README runs",
            .enabled(if: WebTools.canBuild, "needs node, esbuild and tsc: `make setup`"))
        func examples() async throws {
            let folder = "\(Checkout.root)/SDKs/javascript"
            let built = try await Program.run("\(folder)/scripts/build", [], limitSeconds: 300)
            #expect(built.code == 0, "\(built.errors)")
            _ = try await Checkout.wordcount()
            let blocks = try WebTools.blocks(of: "\(folder)/README.md")
            #expect(blocks.count >= 5)
            try await RealCloud.with { cloud in
                let fits = try await Program.run("\(folder)/scripts/check-schema", [cloud.gateway])
                #expect(fits.code == 0, "\(fits.text) \(fits.errors)")
                let file = try Scratch.path("examples") + ".mjs"
                let text = blocks.joined(separator: "\n").replacing(
                    "\"@atoll/sdk\"", with: "\"\(folder)/dist/atoll.js\"")
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                defer { try? FileManager.default.removeItem(atPath: file) }
                let ending = try await Program.run(
                    "/usr/bin/env", ["node", file],
                    environment: ["GATEWAY": cloud.gateway, "CHECKOUT": Checkout.root],
                    limitSeconds: 180)
                #expect(ending.code == 0, "\(ending.text) \(ending.errors)")
                #expect(ending.text.contains("all checks hold"))
            }
        }

        @Test(
            """
            in the browser alone: a wallet, test tokens, a job, its verified receipt, a stake, a \
            passed proposal; no axe finding, no console error, no request elsewhere, no markup run
            """,
            .enabled(if: WebTools.canBrowse, "needs Chromium: `scripts/setup-peers`"))
        func journey() async throws {
            try await WebTools.buildDashboard()
            let pictures = try Scratch.folder("pictures")
            try await RealCloud.with { cloud in
                let ending = try await Program.run(
                    WebTools.python,
                    [
                        "\(Checkout.root)/Tests/EndToEnd/Dashboard/Peers/journey.py",
                        cloud.gateway, pictures,
                    ], limitSeconds: 400)
                let told = try JSON(parsing: Array(ending.text.utf8))
                let complaints = (told["complaints"]?.elements ?? []).compactMap(\.text)
                #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
                #expect(told["held"]?.elements?.count ?? 0 >= 40, "\(ending.errors)")
                print("dashboard: \(told["figures"]?.compact ?? "no figures")")
                try WebTools.keep(pictures)
                // A page of at most 500 kB, everything included.
                #expect(told["figures"]?["page weight, bytes"]?.unsigned ?? .max < 500_000)
            }
        }
    }
}

extension EndToEnd.WebTests {
    @Test(
        """
        at a gateway that demands keys the browser signs in with a wallet or a key, sees what \
        happens live, and is out when its session, team or key ends
        """,
        .enabled(if: WebTools.canBrowse, "needs Chromium: `scripts/setup-peers`"))
    func privateGateway() async throws {
        try await WebTools.buildDashboard()
        let cloud = try await SharedCloud.get()
        let http = try FreePort.find()
        let node = try LoneNode(of: cloud, number: 91, http: http, access: "keys")
        let program = try node.start()
        let gateway = "http://127.0.0.1:\(http)"
        #expect(
            await eventually(within: 30) {
                let ready = try? await Program.run("/usr/bin/curl", ["-fsS", "\(gateway)/readyz"])
                return ready?.code == 0
            }, "\(program.errorsSoFar)")
        let token = try String(contentsOfFile: "\(node.folder)/owner.token", encoding: .utf8)
        let pictures = try Scratch.folder("pictures")
        let ending = try await Program.run(
            WebTools.python,
            [
                "\(Checkout.root)/Tests/EndToEnd/Dashboard/Peers/private.py", gateway,
                token.trimmingCharacters(in: .whitespacesAndNewlines), pictures,
            ], limitSeconds: 200)
        let told = try JSON(parsing: Array(ending.text.utf8))
        let complaints = (told["complaints"]?.elements ?? []).compactMap(\.text)
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
        #expect(told["held"]?.elements?.count ?? 0 >= 9, "\(ending.errors)")
        try WebTools.keep(pictures)
        program.signal(SIGTERM)
        #expect(await program.ended().code == 0)
    }
}

/// What the tests of the web are run with.
enum WebTools {
    /// Builds the dashboard where the program under test looks for it.
    static func buildDashboard() async throws {
        let folder = URL(fileURLWithPath: Checkout.binary).deletingLastPathComponent()
            .appending(path: "../../dashboard").standardized.path
        _ = try await Checkout.wordcount()
        let built = try await Program.run(
            "\(Checkout.root)/scripts/build-web", [folder], limitSeconds: 300)
        #expect(built.code == 0, "\(built.errors)")
    }

    private static func finds(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }

    static var canBuild: Bool {
        ["node", "esbuild", "tsc"].allSatisfy(finds)
            && FileManager.default.fileExists(atPath: "/usr/share/nodejs/react-dom")
    }

    /// The interpreter that `scripts/setup-peers` gave Playwright.
    static var python: String {
        let peers =
            ProcessInfo.processInfo.environment["ATOLL_PEERS"] ?? "\(Checkout.root)/.deps/peers"
        return "\(peers)/web/bin/python"
    }

    static var canBrowse: Bool {
        canBuild && FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")
            && FileManager.default.isExecutableFile(atPath: python)
    }

    /// Puts the pictures that the guide shows into the documents when ATOLL_WRITE_PICTURES=1.
    static func keep(_ pictures: String) throws {
        guard ProcessInfo.processInfo.environment["ATOLL_WRITE_PICTURES"] == "1" else { return }
        let folder = "\(Checkout.root)/docs/guides"
        let guide = try String(
            contentsOf: URL(fileURLWithPath: "\(folder)/dashboard.md"), encoding: .utf8)
        for match in guide.matches(of: #/pictures/([a-z-]+\.png)/#) {
            let file = URL(fileURLWithPath: "\(pictures)/\(match.1)")
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            try Data(contentsOf: file)
                .write(to: URL(fileURLWithPath: "\(folder)/pictures/\(match.1)"))
        }
    }

    /// The JavaScript blocks of a document, in order.
    static func blocks(of path: String) throws -> [String] {
        let text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        return text.components(separatedBy: "```js\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }
}
