// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import LightClient
import Vocabulary

/// `atoll verify validators`: who votes now, shown from the genesis on.
enum VerifyValidators {
    static let command = CommandSpec(
        path: ["verify", "validators"],
        summary: "follow who votes from the genesis to the newest epoch, and keep the way",
        discussion: """
            Asks the gateway how each epoch named the validators of the next and checks every step;
            what was followed is kept in HOME/trails, and the next check begins there. --save
            writes the handovers themselves: whoever trusts the genesis can check them offline, as
            the --trail of other commands.
            """,
        example: "atoll verify validators --save chain.handovers",
        options: [
            OptionSpec(
                name: "save", value: "FILE",
                help: "write all handovers there, asked for from the genesis on"),
            ClientSettings.genesisOption, TrailFolder.option,
        ], hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let settings = ClientSettings(invocation, shell)
        let folder = TrailFolder(try await settings.genesis(), invocation, shell)
        let client = try await settings.client()
        let path = invocation.value("save")
        let begin = path == nil ? try await folder.trail() : try folder.founders()
        var handovers: [Handover] = []
        let trail = try await calling { () async throws(ClientFailure) in
            try await client.following(begin) { handovers += path == nil ? [] : $0 }
        }
        try await folder.keep(trail)
        if let path {
            guard let file = HandoverFile(handovers) else {
                throw CommandFailure(
                    status: .refused,
                    what: "\(handovers.count) handovers are more than a file holds",
                    kept: "the way is kept in \(folder.path)", next: "hand that file on")
            }
            try await shell.write(path, file.bytes)
        }
        show(trail, followed: trail.newest.value - begin.newest.value, invocation.format)
        return 0
    }

    private static func show(_ trail: ValidatorTrail, followed: UInt64, _ format: OutputFormat) {
        let set = trail.newestSet.validators
        let value: JSON = [
            "chain": JSON("\(trail.chain)"), "epoch": JSON(trail.newest.value),
            "followed": JSON(followed), "digest": JSON("\(set.digest)"),
            "validators": .array(
                set.validators.map {
                    ["publicKey": JSON("\($0.key)"), "weight": JSON("\($0.stake)")]
                }),
        ]
        ResultText.write(value, as: format) {
            var table = TextTable(["weight", "key"], rightAligned: [0])
            for validator in set.validators {
                table.add(["\(validator.stake)", "\(validator.key)"])
            }
            return "epoch \(trail.newest), \(followed) epochs followed and proven\n" + table.text
        }
    }
}
