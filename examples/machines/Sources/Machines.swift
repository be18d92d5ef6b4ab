// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Effects
import Glibc
import Identity
import JSONText
import Ledger
import ServiceDiscovery
import SystemEffects
import Vocabulary

/// Machines that know one another, work for one another, and pay: Helios, Synapse and Chronos.
///
///     atoll-machines GATEWAY GENESIS WORDCOUNT
@main
enum Machines {
    static func main() {
        let words = CommandLine.arguments
        guard words.count == 4 else {
            complain("atoll-machines GATEWAY GENESIS WORDCOUNT")
            exit(2)
        }
        let loop = EventLoop()
        guard let effects = try? SystemWorld.make(root: "/", loop: loop) else {
            complain("there is no folder to begin at")
            exit(1)
        }
        let outcome = Outcome()
        effects.tasks.spawn("machines") {
            do {
                try await run(gateway: words[1], genesis: words[2], program: words[3], effects)
                outcome.code = 0
            } catch {
                complain("\(error)")
            }
            loop.stop()
        }
        loop.run()
        exit(outcome.code)
    }

    /// The exit code, written and read on the loop's thread alone.
    private final class Outcome: @unchecked Sendable {
        var code: Int32 = 1
    }

    private static func run(
        gateway: String, genesis path: String, program: String, _ effects: Effects
    ) async throws {
        guard let client = GatewayClient(gateway, effects: effects),
            let owner = SigningKey(seed: effects.chance.bytes(32))
        else { throw ClientFailure.invalid("\(gateway) is no address") }
        let file = try await effects.disk.read(String(path.dropFirst()), limit: 1 << 24)
        let genesis = try Genesis(bytes: file)
        let account = AccountID(of: owner.publicKey)
        try await client.askFaucet(for: account)
        var balance = Amount.zero
        while balance == .zero {
            await effects.time.sleep(milliseconds: 100)
            balance = try await client.account(account).balance()
        }
        let helios = Helios(client: client, genesis: genesis, key: owner)
        let synapse = Synapse(client: client, genesis: genesis, key: owner)
        let chronos = Chronos(client: client, genesis: genesis, key: owner)
        let drone = try await introduce(helios)
        try await work(synapse, program)
        try await pay(chronos, drone)
        await client.close()
    }

    /// A drone gets an identity, and its maker's credential that anybody can check.
    private static func introduce(_ helios: Helios) async throws -> AccountID {
        let maker = try await helios.createMachineIdentity()
        let drone = try await helios.createMachineIdentity()
        let credential = try helios.issueCredential(
            by: maker.key, type: "ManufacturerAttestation", subject: drone.did,
            claims: [
                "manufacturer": "Reef Works", "model": "Surveyor 2", "serialNumber": "D-17",
                "manufactured": "2026-11-01T00:00:00Z",
            ])
        let policy = TrustPolicy(issuers: ["ManufacturerAttestation": [maker.did]])
        let reports = try await helios.verifyCredentials([credential], policy: policy)
        print("helios: \(drone.did) is a machine of \(maker.did): \(reports[0].isAccepted)")
        return AccountID(of: drone.key.publicKey)
    }

    /// It finds who can count words, lets them bid, and has the work done.
    private static func work(_ synapse: Synapse, _ program: String) async throws {
        var query = ServiceQuery()
        query.capability = Capability("wasm/1")
        let services = try await synapse.discoverServices(query)
        print("synapse: \(services.count) machines offer wasm/1")
        var request = JobRequest(module: .path(String(program.dropFirst())))
        request.replicas = 1
        request.standardInput = .bytes(Array("sand sea sand".utf8))
        let task = try await synapse.negotiateTask(request, budget: Amount(whole: 5))
        let report = try await synapse.coordinateExecution(of: task)
        let output = String(decoding: report.standardOutput ?? [], as: UTF8.self)
        print("synapse: the program counted \(output.contains("3 words") ? 3 : 0) words")
        print("synapse: all checks of its receipt hold: \(report.isProven)")
    }

    /// It pays, holds the rest of a price in escrow until a milestone, and stakes.
    private static func pay(_ chronos: Chronos, _ drone: AccountID) async throws {
        let client = chronos.sender.client
        _ = try await chronos.processPayment([MachinePayment(to: drone, Amount(whole: 3))])
        var wish = EscrowWish(payee: drone, Amount(whole: 10))
        wish.milestones = [400_000, 600_000]
        let contract = try await chronos.createEscrowContract(wish)
        try await chronos.releaseEscrow(contract.number, milestone: 0)
        try await chronos.cancelEscrow(contract.number)
        let balance = try await client.account(drone).balance()
        print("chronos: the drone has \(balance)")
        let page = try await client.validators()
        guard let validator = page.members.first else { return }
        try await chronos.delegateStake(Amount(whole: 50), behind: validator.account)
        print("chronos: 50 stand behind \(validator.name)")
    }

    private static func complain(_ words: String) {
        let bytes = Array("atoll-machines: \(words)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
