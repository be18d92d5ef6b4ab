// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Identity
import JSONText
import Names
import Vocabulary

/// `atoll name claim`: opens the auction of a free name.
enum NameClaim {
    static let command = CommandSpec(
        path: ["name", "claim"],
        summary: "open the auction of a free name with a first bid",
        discussion: """
            Being first gives no right: whoever has bid most when the auction ends has the name. A
            bid that another exceeds comes back at once. With --wait the command ends when the
            auction has, with 1 when another has won.
            """,
        example: "atoll name claim harbour-7 --as robot",
        arguments: [NameShow.argument], options: NameBidding.options, hasOutputFormat: true,
        run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let bidding = try await NameBidding(invocation, shell)
        let state = bidding.state
        guard state.standing == .free else {
            throw CommandFailure(
                status: .refused, what: "'\(state.name)' is not free: \(state.standing.rawValue)",
                kept: "nothing was sent", next: "atoll name show \(state.name)")
        }
        let claim = ClaimName(name: state.name, owner: bidding.owner, amount: bidding.amount)
        return try await bidding.send(.claim(claim), done: "the auction is open")
    }
}

/// `atoll name bid`: offers more for a name under auction.
enum NameBid {
    static let command = CommandSpec(
        path: ["name", "bid"],
        summary: "offer more for a name under auction; the bid before comes back to its bidder",
        example: "atoll name bid harbour-7 --bid 12 --as robot",
        arguments: [NameShow.argument], options: NameBidding.options, hasOutputFormat: true,
        run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let bidding = try await NameBidding(invocation, shell)
        guard bidding.state.standing == .auction else {
            throw CommandFailure(
                status: .refused, what: "'\(bidding.state.name)' is not under auction",
                kept: "nothing was sent", next: "atoll name show \(bidding.state.name)")
        }
        let bid = BidForName(
            name: bidding.state.name, owner: bidding.owner, amount: bidding.amount)
        return try await bidding.send(.bid(bid), done: "this is the highest bid")
    }
}

/// What claims and bids have in common.
struct NameBidding {
    let state: NameState
    let owner: AccountID
    let amount: Amount
    private let sending: MessageSending
    private let settings: ClientSettings

    /// How often an auction is looked at while its end is awaited, in milliseconds.
    private static let lookMilliseconds: UInt64 = 1_000

    static let options =
        MessageSending.options + [
            DocumentSignature.option, TrailFolder.option,
            OptionSpec(
                name: "bid", value: "AMOUNT", help: "what to offer; default the least that counts"),
            OptionSpec(
                name: "owner", value: "NAME",
                help: "whose it shall be: a DID, an account or a name here; default who signs"),
            OptionSpec(name: "wait", help: "end when the auction has ended"),
        ]

    init(_ invocation: Invocation, _ shell: Shell) async throws {
        settings = ClientSettings(invocation, shell)
        let book = IdentityBook(settings: settings)
        state = try await NameState.read(NameState.name(invocation), settings)
        let speaker = try await book.speaker()
        owner =
            if let named = invocation.value("owner") {
                try await book.identity(named: named)
            } else { speaker.identity }
        amount = try invocation.amount("bid") ?? state.bidMin
        sending = try await MessageSending(invocation, shell, key: speaker.key)
    }

    /// Sends the bid; waits for the auction's end when that was asked.
    func send(_ message: NamesMessage, done: String) async throws -> Int32 {
        let sent = try await sending.send([message.message])
        guard settings.invocation.has("wait") else {
            let now = try await NameState.read(state.name, settings)
            sending.write(
                done, sent,
                [
                    JSON.Member("bid", JSON("\(amount)")),
                    JSON.Member(
                        "ends", JSON(now.auction.map { $0.ends.utc } ?? "it has ended")),
                ])
            return 0
        }
        while true {
            let now = try await NameState.read(state.name, settings)
            guard now.auction != nil else {
                let isWon = now.standing == .held && now.record?.owner == owner
                let winner = now.record.map { "\(AtollMethod.did(of: $0.owner))" } ?? "nobody"
                sending.write(
                    isWon ? "the name is won" : "another has won", sent,
                    [JSON.Member("owner", JSON(winner))])
                return isWon ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
            }
            await settings.shell.effects.time.sleep(milliseconds: Self.lookMilliseconds)
        }
    }
}
