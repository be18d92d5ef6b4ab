// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Consensus
import Effects
import Ledger
import NodeAssembly
import Presets

/// `atoll up`: brings up a local cloud of real processes on loopback ports.
enum UpCommand {
    static let command = CommandSpec(
        path: ["up"],
        summary: "start a local cloud: validators, providers and a gateway as processes",
        discussion: """
            Makes the cloud's keys, genesis and folders in HOME/local the first time, and starts the
            same cloud again later, with its chain and balances. Ports are free ones of loopback.
            --preset begins the network of one of the five systems with its tokens, allocations,
            roles and votes; HOME/local/genesis.json says all of it, with sources. A week of voting
            is long on one machine: --hasten 100000 makes it six seconds, and every other span of
            time as much shorter.
            """,
        example: "atoll up",
        options: [
            OptionSpec(name: "validators", value: "N", help: "for a new cloud, 1 to 16; default 4"),
            OptionSpec(name: "providers", value: "N", help: "for a new cloud, 0 to 16; default 3"),
            OptionSpec(
                name: "preset", value: "NAME", help: "for a new cloud; default atoll",
                choices: Preset.all.map(\.name)),
            OptionSpec(
                name: "hasten", value: "N",
                help: "for a new cloud: divides all spans of time; default 1"),
            OptionSpec(
                name: "rules", value: "N",
                help: "for a new cloud: its version of the rules; default the newest"),
            OptionSpec(
                name: "old", value: "N",
                help: "for tests: so many providers know only version 1 of the rules"),
            OptionSpec(
                name: "liars", value: "N",
                help: "for tests: so many of the new providers give wrong results; default 0"),
            OptionSpec(
                name: "checkpoint-blocks", value: "N",
                help: "for a new cloud: blocks between checkpoints; default the preset's"),
            OptionSpec(
                name: "epoch-checkpoints", value: "N",
                help: "for a new cloud: checkpoints of an epoch; default the preset's"),
            OptionSpec(name: "wait", value: "S", help: "seconds until ready; default 30"),
        ],
        run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let begin = shell.effects.time.now()
        let folder = CloudFolder(home: HomeFolder.path(of: invocation), shell: shell)
        let isNew = await !folder.exists
        if isNew { try await create(folder, invocation, shell) }
        let nodes = try await folder.nodes()
        let processes = CloudProcesses(folder: folder, shell: shell)
        var started = 0
        for node in nodes where try await processes.start(node.name) { started += 1 }
        guard let gateway = try await folder.gateway(),
            let client = GatewayClient(gateway, effects: shell.effects)
        else {
            throw CommandFailure(
                status: .refused, what: "\(folder.cloudPath) names no gateway",
                next: "atoll down --remove")
        }
        let seconds = try invocation.number("wait", default: 30, in: 1...3_600)
        try await processes.waitUntilReady(nodes, gateway: client, seconds: seconds)
        await client.close()
        let took = shell.effects.time.now().milliseconds(since: begin)
        Terminal.say(started == 0 ? "the cloud is up already" : "ready after \(took) ms")
        Terminal.result(summary(nodes, gateway, folder))
        return 0
    }

    private static func create(
        _ folder: CloudFolder, _ invocation: Invocation, _ shell: Shell
    ) async throws {
        let validators = try invocation.number("validators", default: 4, in: 1...16)
        let providers = try invocation.number("providers", default: 3, in: 0...16)
        let liars = try invocation.number("liars", default: 0, in: 0...providers)
        let old = try invocation.number("old", default: 0, in: 0...(providers - liars))
        let size = LocalCloudPlan.Size(
            validators: Int(validators), providers: Int(providers), liars: Int(liars),
            old: Int(old))
        let ports = await FreePorts.find(
            size.validators + size.providers + 2, effects: shell.effects)
        let plan = try LocalCloudPlan(
            size: size, ports: ports, law: law(invocation), now: shell.effects.time.wallClock(),
            chance: shell.effects.chance)
        try await folder.write(plan)
    }

    /// The law of the new chain.
    private static func law(_ invocation: Invocation) throws -> LocalCloudPlan.Law {
        var law = LocalCloudPlan.Law()
        if let name = invocation.value("preset") { law.preset = try PresetBook.preset(name) }
        law.isForOne = !invocation.has("preset") && !invocation.has("hasten")
        law.haste = try invocation.number("hasten", default: 1, in: 1...1_000_000_000)
        law.rules = UInt32(
            try invocation.number(
                "rules", default: UInt64(law.rules), in: 1...UInt64(House.rulesNewest)))
        for (option, figure, range) in [
            ("checkpoint-blocks", "checkpointBlocks", EpochLengths.checkpointBlocksRange),
            ("epoch-checkpoints", "epochCheckpoints", EpochLengths.epochCheckpointsRange),
        ] where invocation.has(option) {
            let value = try invocation.number(option, default: range.lowerBound, in: range)
            law.lengths.append((figure, value))
        }
        return law
    }

    private static func summary(
        _ nodes: [CloudNode], _ gateway: String, _ folder: CloudFolder
    ) -> String {
        let counts = ["validator", "provider", "gateway"].map { role in
            let count = nodes.filter { $0.role == role }.count
            return "\(count) \(role)\(count == 1 ? "" : "s")"
        }
        var facts = TextFacts()
        facts.add("cloud", counts.joined(separator: ", "))
        facts.add("gateway", gateway)
        facts.add("dashboard", "\(gateway)/")
        facts.add("folder", folder.path)
        facts.add("next", "atoll run PROGRAM.wasm --input FILE; atoll status; atoll down")
        return facts.text
    }
}
