// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

extension EndToEnd {
    /// IDENTITIES-7 to IDENTITIES-13, IDENTITY-27 and NAMES-3, by commands on a cloud of processes.
    @Suite("Issuers, selective disclosure and names")
    struct IssuerTests {
        /// A home of its own that uses the shared cloud's gateway, and money of its client.
        private struct House {
            let cloud: RealCloud
            let home: String

            init() async throws {
                cloud = try await SharedCloud.get()
                home = try Scratch.folder("house")
                try FileManager.default.copyItem(
                    atPath: "\(cloud.home)/local/genesis.json", toPath: "\(home)/genesis.json")
            }

            /// Runs a command in the home.
            func atoll(_ words: String...) async throws -> Ending { try await run(words) }

            /// Runs a command that must go well.
            @discardableResult
            func done(_ words: String...) async throws -> Ending {
                let ended = try await run(words)
                #expect(ended.code == 0, "\(words): \(ended.errors)\(ended.text)")
                return ended
            }

            private func run(_ words: [String]) async throws -> Ending {
                try await Program.run(
                    "/bin/sh",
                    ["-c", "cd \"$0\" && exec \"$@\"", home, Checkout.binary] + words,
                    environment: [
                        "ATOLL_HOME": home, "ATOLL_GATEWAY": cloud.gateway,
                        "ATOLL_PASSPHRASE": "a house of its own",
                    ])
            }

            /// Lets the second end: a credential of the very second in which its issuer registered
            /// might have been issued before.
            func nextSecond() async throws { try await Task.sleep(for: .milliseconds(1_100)) }

            /// An identity with money.
            func identity(_ name: String) async throws {
                try await done("keys", "new", name)
                let account = try await done("id", "show", name, "-o", "json")
                let text = try #require(try JSON(parsing: account.output)["account"]?.text)
                let sent = try await cloud.atoll("send", "3000", text)
                #expect(sent.code == 0, "\(sent.errors)")
            }
        }

        @Test("a token and a disclosure outside an issuer's authority cost its bond")
        func authority() async throws {
            let house = try await House()
            try await house.identity("default")
            try await house.done("id", "new", "workshop")
            try await house.done("send", "1500", "workshop")
            try await house.done(
                "issuer", "register", "--as", "workshop", "--type", "MaintenanceRecord",
                "--bond", "1000")
            let listed = try await house.done("trust", "issuers", "--ledger", "-o", "json")
            let issuers = try JSON(parsing: listed.output)["issuers"]?.elements ?? []
            let mine = issuers.first { $0["types"] == ["MaintenanceRecord"] }
            #expect(mine?["bond"]?.text == "1000" + String(repeating: "0", count: 18))
            try await house.nextSecond()
            let claims = "{\"id\":\"did:example:ada\",\"scope\":\"votes\"}"
            for (form, left) in [("proof", "500"), ("token", "250")] {
                try await house.done(
                    "credential", "issue", "--type", "UniquePerson", "--claims", claims, "--form",
                    form, "--as", "workshop", "--save", form)
                try await house.done("issuer", "report", form)
                let shown = try await house.done("issuer", "show", "workshop")
                #expect(shown.text.contains(left), "\(shown.text)")
            }
            let again = try await house.atoll("issuer", "report", "token")
            #expect(again.code == 1 && again.errors.contains("alreadyReported"), "\(again.errors)")
        }

        @Test(
            "a disclosure reported is evidence; one within the authority is not, nor a forged one")
        func disclosures() async throws {
            let house = try await House()
            try await house.identity("default")
            try await house.done("id", "new", "registrar")
            try await house.done("send", "1500", "registrar")
            try await house.done(
                "issuer", "register", "--as", "registrar", "--type", "ServiceLicence")
            try await house.nextSecond()
            let licence = "{\"services\":[\"haul\"],\"jurisdiction\":\"DE\"}"
            try await house.done(
                "credential", "issue", "--type", "ServiceLicence", "--claims", licence, "--subject",
                "default", "--form", "sd-jwt", "--as", "registrar", "--save", "licence")
            let right = try await house.atoll("issuer", "report", "licence")
            #expect(right.errors.contains("withinAuthority"), "\(right.errors)")
            try await house.done(
                "credential", "issue", "--type", "UniquePerson", "--claims", "{\"scope\":\"v\"}",
                "--subject", "default", "--form", "sd-jwt", "--as", "registrar", "--save", "person")
            try await house.done("issuer", "report", "person")
            let shown = try await house.done("issuer", "show", "registrar")
            #expect(shown.text.contains("500"), "\(shown.text)")
        }

        @Test("what the holder keeps stays hidden; a shown credential is not shown twice")
        func selective() async throws {
            let house = try await House()
            for name in ["owner", "robot"] { try await house.done("keys", "new", name) }
            try await house.done("trust", "issuers", "--add", "OwnerAuthorization=owner")
            try await house.done(
                "credential", "status", "list", "--new", "https://o.example/1", "--as", "owner")
            try await house.done(
                "credential", "issue", "--type", "OwnerAuthorization", "--subject", "robot",
                "--claims",
                "{\"allowedOperations\":[\"inspect\"],\"maximumContractValue\":\"987654321\"}",
                "--form", "sd-jwt", "--status-list", "list", "--as", "owner", "--save", "whole")
            try await house.done(
                "credential", "present", "whole", "--disclose", "allowedOperations", "--as",
                "robot",
                "--challenge", "c1", "--domain", "shop", "--save", "shown")
            let good = try await house.done(
                "credential", "verify", "shown", "--challenge", "c1", "--domain", "shop",
                "--status-list", "list")
            #expect(
                good.text.contains("inspect") && !good.text.contains("987654321"), "\(good.text)")
            let replayed = try await house.atoll(
                "credential", "verify", "shown", "--challenge", "c2", "--domain", "shop",
                "--status-list", "list")
            #expect(replayed.code == 1 && replayed.text.contains("another challenge was asked"))
            let stolen = try await house.atoll(
                "credential", "present", "whole", "--as", "owner", "--challenge", "c", "--domain",
                "d")
            #expect(stolen.code == 1 && stolen.errors.contains("was not given to the key"))
            try await house.done("credential", "revoke", "whole", "list", "--as", "owner")
            let revoked = try await house.atoll(
                "credential", "verify", "shown", "--challenge", "c1", "--domain", "shop",
                "--status-list", "list")
            #expect(revoked.code == 1 && revoked.text.contains("it was revoked"), "\(revoked.text)")
        }

        @Test("a document of 100 MB is refused at the command line and over HTTP, by its length")
        func large() async throws {
            let house = try await House()
            let path = "\(house.home)/large.json"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            #expect(truncate(path, 100_000_000) == 0)
            let typed = try await house.atoll("credential", "verify", "large.json")
            #expect(typed.code == 1 && typed.errors.contains("the file has 100000000 bytes"))
            let posted = try await Program.run(
                "/usr/bin/curl",
                [
                    "-s", "-m", "30", "-o", "/dev/null", "-w", "%{http_code}", "-H",
                    "Content-Type: application/json", "--data-binary", "@\(path)",
                    "\(house.cloud.gateway)/v1/credentials/verify",
                ])
            #expect(posted.text == "413", "\(posted.text) \(posted.errors)")
        }

        @Test("a key is lent for a session and taken back; a specification is on the ledger")
        func session() async throws {
            let house = try await House()
            try await house.identity("default")
            try await house.done("id", "new", "robot")
            try await house.done("keys", "new", "session")
            try await house.done("id", "specify", "robot", "genesis.json")
            let hash = try await Program.run("/usr/bin/sha256sum", ["\(house.home)/genesis.json"])
            let shown = try await house.done("id", "resolve", "robot")
            #expect(shown.text.contains(hash.text.prefix(64)), "\(shown.text)")
            try await house.done("id", "lend", "robot", "session", "--valid", "1h")
            let lent = try await house.done("id", "resolve", "robot", "-o", "json")
            let document = try JSON(parsing: lent.output)["didDocument"]
            #expect(document?["authentication"]?.elements?.count == 2)
            #expect(document?["assertionMethod"]?.elements?.count == 1)
            try await house.done("id", "lend", "robot", "session", "--end")
            let ended = try await house.done("id", "resolve", "robot", "-o", "json")
            let after = try JSON(parsing: ended.output)["didDocument"]
            #expect(after?["authentication"]?.elements?.count == 1)
        }

        @Test("a contested name goes to the highest bid; the loser is told, and its money is back")
        func names() async throws {
            let house = try await House()
            for name in ["default", "rival"] { try await house.identity(name) }
            let name = "pier-\(Int.random(in: 1_000...999_999))"
            try await house.done("name", "claim", name, "--bid", "6")
            let low = try await house.atoll("name", "bid", name, "--as", "rival", "--bid", "6.1")
            #expect(low.code == 1 && low.errors.contains("bidTooLow"), "\(low.errors)")
            let twice = try await house.atoll("name", "claim", name)
            #expect(twice.code == 1 && twice.errors.contains("is not free"), "\(twice.errors)")
            try await house.done("name", "bid", name, "--as", "rival", "--bid", "9", "--wait")
            let shown = try await house.done("name", "show", name, "-o", "json")
            #expect(try JSON(parsing: shown.output)["state"] == "held")
            let theft = try await house.atoll("name", "release", name, "--yes")
            #expect(theft.code == 1 && theft.errors.contains("notOwner"), "\(theft.errors)")
            let balance = try await house.done("balance")
            #expect(balance.text.contains("2999."), "\(balance.text)")
            try await house.done("name", "release", name, "--yes", "--as", "rival")
            let gone = try await house.atoll("name", "resolve", name)
            #expect(gone.code == 1 && gone.errors.contains("stands for nobody"))
        }
    }
}
