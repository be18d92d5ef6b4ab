// SPDX-License-Identifier: Apache-2.0
import Accounts
import Governance
import JSONText
import Ledger
import NodeAssembly
import Presets
import Vocabulary

/// What the commands about presets share.
enum PresetBook {
    /// The account that stands for `@allocation` where nobody named another.
    static let allocation = AccountID(.zero)
    static let argument = ArgumentSpec(
        name: "preset", help: "atoll, optimus, octo, pocket or ocos",
        choices: Preset.all.map(\.name))

    static func preset(_ name: String) throws -> Preset {
        guard let preset = Preset.named(name) else {
            let known = Preset.all.map(\.name).joined(separator: ", ")
            throw CommandFailure(
                status: .misused, what: "there is no preset '\(name)'", kept: "nothing was done",
                next: "it is one of \(known)")
        }
        return preset
    }

    /// The parts, with the allocation's account as it was named.
    static func parts(_ preset: Preset, _ invocation: Invocation) throws -> JSON {
        var account = allocation
        if let text = invocation.value("allocation") {
            guard let named = AccountID(hexadecimal: text) else {
                throw CommandFailure(
                    status: .misused, what: "'\(text)' is no account", kept: "nothing was done")
            }
            account = named
        }
        return try preset.parts(allocation: account, governance: GovernanceKeys.account)
    }

    static let allocationOption = OptionSpec(
        name: "allocation", value: "ACCOUNT",
        help: "who holds everything before it is divided; default the zero account")
}

/// `atoll preset show`: the figures of one of the five systems.
enum PresetShow {
    static let command = CommandSpec(
        path: ["preset", "show"],
        summary: "show the figures of one of the five systems, with their sources",
        discussion: """
            The table form is the text that people read; with -o json it is the parts `ledger` and
            `modules` of a genesis file, ready to be put into one. `atoll up --preset NAME` begins a
            network with it.
            """,
        example: "atoll preset show optimus", arguments: [PresetBook.argument],
        options: [PresetBook.allocationOption], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let preset = try PresetBook.preset(invocation.arguments[0])
        let parts = try PresetBook.parts(preset, invocation)
        ResultText.write(parts, as: invocation.format) { preset.text + "\n" }
        return 0
    }
}

/// `atoll preset diff`: where two of them differ.
enum PresetDiff {
    static let command = CommandSpec(
        path: ["preset", "diff"], summary: "show where two presets differ",
        example: "atoll preset diff atoll optimus",
        arguments: [
            PresetBook.argument,
            ArgumentSpec(
                name: "other", help: "the other", choices: Preset.all.map(\.name)),
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let presets = try invocation.arguments.map(PresetBook.preset)
        let parts = try presets.map { try PresetBook.parts($0, invocation) }
        let found = Preset.differences(parts[0], parts[1])
        let value = JSON.array(
            found.map { entry in
                [
                    "place": .string(entry.pointer),
                    "first": entry.first.map { .string($0) } ?? .null,
                    "second": entry.second.map { .string($0) } ?? .null,
                ]
            })
        ResultText.write(value, as: invocation.format) {
            var table = TextTable(["place", presets[0].name, presets[1].name])
            for entry in found {
                table.add([entry.pointer, short(entry.first), short(entry.second)])
            }
            return table.text
        }
        return 0
    }

    /// A value cut to what a line holds.
    private static func short(_ value: String?) -> String {
        guard let value else { return "-" }
        return value.count <= 40 ? value : value.prefix(39) + "…"
    }
}

/// `atoll preset validate`: begins a chain with a preset and checks its law.
enum PresetValidate {
    static let command = CommandSpec(
        path: ["preset", "validate"],
        summary: "begin a chain with a preset or a genesis file in memory and check its law",
        discussion: """
            Reads the figures strictly, gives every module its part, checks that all of it keeps the
            law, and says what exists of each asset. A word with a dot or a slash is a file.
            """,
        example: "atoll preset validate octo",
        arguments: [
            ArgumentSpec(
                name: "preset", help: "a preset's name, or a genesis file such as genesis.json",
                choices: Preset.all.map(\.name))
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let word = invocation.arguments[0]
        let (parts, summary) = try await subject(word, invocation, shell)
        let (flaws, supplies) = examine(parts)
        let value: JSON = [
            "preset": .string(word), "flaws": .array(flaws.map { .string($0) }),
            "supplies": .array(
                supplies.map {
                    [
                        "asset": JSON($0.id.value), "symbol": .string($0.asset.symbol),
                        "supply": .string("\($0.asset.supply.units)"),
                    ]
                }),
        ]
        ResultText.write(value, as: invocation.format) {
            guard flaws.isEmpty else { return flaws.map { $0 + "\n" }.joined() }
            var facts = TextFacts()
            facts.add("begins", summary)
            for supply in supplies where supply.asset.supply > .zero {
                facts.add("supply", "\(supply.asset.supply) \(supply.asset.symbol)")
            }
            return facts.text
        }
        return flaws.isEmpty ? 0 : 1
    }

    /// What is examined: a preset, or a file.
    private static func subject(
        _ word: String, _ invocation: Invocation, _ shell: Shell
    ) async throws -> (JSON, String) {
        guard word.contains(".") || word.contains("/") else {
            let preset = try PresetBook.preset(word)
            return (try PresetBook.parts(preset, invocation), preset.summary)
        }
        let genesis = try await NodeStart.readGenesis(Surroundings.absolute(word), shell)
        return (genesis.json, "the chain \(genesis.name), \(genesis.chain)")
    }

    /// What is wrong with parts of a genesis, in words, and what exists then.
    static func examine(
        _ parts: JSON
    ) -> (flaws: [String], supplies: [(id: AssetID, asset: Asset)]) {
        let context = ExecutionContext(
            block: BlockContext(
                chain: ChainID(.zero), height: BlockHeight(0), time: Timestamp(0),
                proposer: AccountID(.zero)), base: EmptyState())
        let modules = House().modules
        for module in modules {
            do {
                try module.initialise(from: parts["modules"]?[module.name] ?? [:], in: context)
            } catch {
                return (["/modules/\(module.name)\(error.pointer): \(error.reason)"], [])
            }
        }
        return (
            modules.flatMap { $0.breaches(in: context) }, AccountsModule().assets(in: context)
        )
    }
}
