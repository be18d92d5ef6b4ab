// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Ledger
import Treasury
import Vocabulary

/// `atoll vesting`: money that becomes somebody's over time.
enum VestingCommands {
    static let all = [
        showing.list(["vesting", "list"], summary: "list grants: vesting, streams, emissions"),
        showing.show(
            ["vesting", "show"], summary: "show a grant: what it has earned, what can be claimed"),
        new, claim, revoke, reach,
    ]

    private static let showing = CommonMoneyShowing(
        kind: .grants,
        columns: ["number", "total", "earned", "claimed", "claimable", "receiver"].map(
            CommonMoneyShowing.plain))

    private static let grant = ArgumentSpec(name: "grant", help: "its number")

    private static let new = CommandSpec(
        path: ["vesting", "new"], summary: "set money aside that becomes somebody's over time",
        discussion: """
            A part may be given at once, then comes a cliff, then the rest evenly or in whole
            periods; each part may be locked for a while. With --milestone parts are given when you
            find them reached. What was given never comes back; the rest does when it is revocable.
            """,
        example: "atoll vesting new 1000 <account> --cliff 1y --over 4y --revocable",
        arguments: [
            ArgumentSpec(name: "amount", help: "how much in all, in whole units"),
            ArgumentSpec(name: "receiver", help: "an account, or pool:N"),
        ],
        options: LawSending.commonOptions + [
            CommonArguments.assetOption, CommonArguments.poolOption,
            OptionSpec(name: "at-start", value: "PERCENT", help: "what is given at once"),
            OptionSpec(name: "cliff", value: "TIME", help: "nothing more before, such as 1y"),
            OptionSpec(name: "over", value: "TIME", help: "the rest in so long, such as 4y"),
            OptionSpec(name: "period", value: "TIME", help: "in whole periods, such as 30d"),
            OptionSpec(name: "lock", value: "TIME", help: "each part so much later"),
            OptionSpec(name: "accrues", value: nil, help: "the cliff is a part of the time"),
            OptionSpec(
                name: "milestone", value: "PERCENT", help: "a part; all together are 100",
                repeats: true),
            OptionSpec(name: "revocable", value: nil, help: "what is not earned may come back"),
        ], hasOutputFormat: true, run: create)

    private static func create(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let amount = try ValidatorSending.amount(invocation.arguments[0], "amount")
        let text = invocation.arguments[1]
        let receiver: Source =
            text.hasPrefix("pool:")
            ? .pool(try LawSending.number(String(text.dropFirst(5)), "number of a pool"))
            : .account(try await ClientSettings(invocation, shell).account(named: text))
        let sending = try await LawSending(invocation, shell)
        let order = CreateGrant(
            source: try CommonArguments.source(invocation, sending), receiver: receiver,
            asset: try CommonArguments.asset(invocation), amount: amount,
            schedule: try schedule(invocation, now: shell.effects.time.wallClock()),
            isRevocable: invocation.has("revocable"))
        return try await sending.send(
            TreasuryMessage.createGrant(order).message, done: "set \(amount) aside for \(text)")
    }

    /// The schedule that the options describe; it starts now.
    static func schedule(_ invocation: Invocation, now: Timestamp) throws -> Schedule {
        let shares = try invocation.values("milestone").map(percent)
        guard shares.isEmpty else { return .milestones(shares) }
        func time(_ name: String) throws -> UInt64 {
            try invocation.quantity(
                name, default: 0, in: 0...CommonArguments.spanMax, such: "30d",
                read: CommonArguments.span)
        }
        return .curve(
            Schedule.Curve(
                start: now, atStart: try invocation.value("at-start").map(percent) ?? 0,
                cliff: try time("cliff"), duration: try time("over"), period: try time("period"),
                lock: try time("lock"), accrues: invocation.has("accrues")))
    }

    /// Per cent as millionths.
    private static func percent(_ text: String) throws -> UInt64 {
        guard let amount = Amount(text), amount <= Amount(whole: 100) else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no share of a hundred, such as 25",
                kept: "nothing was sent")
        }
        return UInt64(clamping: amount.units / (Amount.unitsPerWhole / 10_000))
    }

    private static let claim = CommandSpec(
        path: ["vesting", "claim"], summary: "have what a grant earned paid to its receiver",
        example: "atoll vesting claim 0", arguments: [grant], options: LawSending.options,
        hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of a grant")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.claimGrant(number).message, done: "claimed grant \(number)")
    }

    private static let revoke = CommandSpec(
        path: ["vesting", "revoke"], summary: "take back what a grant of yours has not earned",
        example: "atoll vesting revoke 0", arguments: [grant], options: LawSending.commonOptions,
        hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of a grant")
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.revokeGrant(number).message, done: "revoked grant \(number)")
    }

    private static let reach = CommandSpec(
        path: ["vesting", "reach"], summary: "find that a milestone of your grant was reached",
        example: "atoll vesting reach 0 1",
        arguments: [grant, ArgumentSpec(name: "milestone", help: "which, from 0")],
        options: LawSending.commonOptions, hasOutputFormat: true
    ) { invocation, shell in
        let number = try LawSending.number(invocation.arguments[0], "number of a grant")
        guard let milestone = UInt8(invocation.arguments[1]) else {
            throw CommandFailure(
                status: .misused, what: "'\(invocation.arguments[1])' is no milestone",
                kept: "nothing was sent")
        }
        return try await LawSending(invocation, shell).send(
            TreasuryMessage.reachMilestone(grant: number, milestone: milestone).message,
            done: "milestone \(milestone) of grant \(number) is reached")
    }
}
