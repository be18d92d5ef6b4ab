// SPDX-License-Identifier: Apache-2.0
import Accounts
import HTTPServer
import JSONText
import Ledger
import LightClient
import Testing
import Vocabulary

@testable import Gateway

/// Values of the state that strangers can check (GATEWAY-12).
@Suite("Gateway: proofs")
struct ProofTests {
    private static func path(_ module: String, _ key: [UInt8]) -> String {
        "/v1/proofs/\(module)/\(Hexadecimal.encode(key))"
    }

    @Test("a balance and a nonce are served so that the genesis alone can check them")
    func account() async throws {
        try await GatewayWorld().run { world in
            try await world.node.submit(world.cast.transfer(nonce: 0, chain: world.chain))
            let verifier = try LightVerifier(genesis: world.cast.genesis)
            let account = AccountID(of: world.cast.client.publicKey)
            let balance = try await world.ask(
                .get, Self.path("accounts", AccountsKeys.balance(of: account, .native)))
            #expect(balance.fields["content-type"] == ProofFile.mediaType)
            #expect(balance.fields["cache-control"] == "no-store")
            let shown = try await world.json(.get, "/v1/accounts/\(account)")
            let units = shown["balances"]?.elements?.first?["amount"]?.text.flatMap { UInt128($0) }
            let proven = try verifier.balance(of: account, in: ProofFile(bytes: balance.body))
            #expect(proven.amount.units == units)
            let nonce = try await world.ask(
                .get, Self.path("1", AccountsKeys.nonce(of: account)))
            #expect(try verifier.nonce(of: account, in: ProofFile(bytes: nonce.body)).nonce == 1)
        }
    }

    @Test("that a key holds nothing is proven as well")
    func absence() async throws {
        try await GatewayWorld().run { world in
            let stranger = AccountID(.zero)
            let answer = try await world.ask(
                .get, Self.path("accounts", AccountsKeys.balance(of: stranger, .native)))
            let file = try ProofFile(bytes: answer.body)
            #expect(file.sections[0].entries[0].value == nil)
            let verifier = try LightVerifier(genesis: world.cast.genesis)
            #expect(try verifier.balance(of: stranger, in: file).amount == .zero)
        }
    }

    @Test("every module has a name, and a number stands for any")
    func modules() async throws {
        try await GatewayWorld().run { world in
            for module in [
                "ledger", "accounts", "registry", "market", "reputation", "validators", "0", "200",
            ] {
                let answer = try await world.ask(.get, "/v1/proofs/\(module)/00")
                #expect(answer.status == .ok, "\(module)")
            }
        }
    }

    @Test(
        "a malformed module or key is 400 and names the parameter",
        arguments: [
            ("bank/00", "module"), ("256/00", "module"), ("01/00", "module"),
            ("accounts/0", "key"), ("accounts/xy", "key"),
        ])
    func malformed(_ path: String, _ parameter: String) async throws {
        try await GatewayWorld().run { world in
            let problem = try await world.json(.get, "/v1/proofs/\(path)", status: .badRequest)
            #expect(problem["parameter"]?.text == parameter)
        }
    }

    @Test("a key of 256 bytes is taken, one of 257 is not")
    func keyLimit() async throws {
        try await GatewayWorld().run { world in
            let longest = [UInt8](repeating: 7, count: ExecutionContext.keyBytesMax)
            let taken = try await world.ask(.get, Self.path("market", longest))
            #expect(taken.status == .ok)
            let problem = try await world.json(
                .get, Self.path("market", longest + [7]), status: .badRequest)
            #expect(problem["parameter"]?.text == "key")
        }
    }

    @Test("without a quorum a proof is 503 with a time to come back")
    func noQuorum() async throws {
        try await GatewayWorld().run { world in
            await world.node.set(hasQuorum: false)
            let answer = try await world.ask(.get, "/v1/proofs/accounts/00")
            #expect(answer.status == .unavailable)
            #expect(answer.fields["retry-after"] == "1")
            #expect(try JSON(parsing: answer.body)["name"]?.text == "notCertified")
        }
    }
}
