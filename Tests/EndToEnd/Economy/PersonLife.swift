// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Testing
import Vocabulary

/// Persons by commands alone: whose word counts is voted on, a guild vouches, the board is elected.
extension PresetLife {
    private static let passphrase = "a passphrase of the guild"

    /// Somebody new becomes a person and is elected to the board.
    func persons() async throws {
        try await done("id", "new", "guild")
        try await done("send", "3000", "guild")
        let issuer = try await done(
            "issuer", "register", "--as", "guild", "--type", "UniqueOperator", "-o", "json")
        let guild = try #require(issuer["issuer"]?.text)
        try await passed("whose word counts", ["--vouching", guild])
        try await done("keys", "new", "crab")
        let crab = ["issuer", "vouch", "crab", "--person", "passport-7", "--as", "guild"]
        try await done(crab)
        let shown = try await done("person", "crab", "-o", "json")
        #expect(shown["issuer"]?.text == guild)
        // One person, one account: another account of the same is refused.
        try await done("keys", "new", "shell")
        let twin = try await cloud.atoll(
            "issuer", "vouch", "shell", "--person", "passport-7", "--as", "guild",
            environment: ["ATOLL_PASSPHRASE": Self.passphrase])
        #expect(twin.code == 1 && twin.errors.contains("badPerson"), "\(twin.errors)")
        try await passed("the board", ["--seat", "crab"])
        let councils = try await cloud.client.law()["councils"]?.elements ?? []
        let board = councils.first { $0["name"]?.text == "board" }?["seats"]?.elements
        #expect(board?.map { $0["account"]?.text } == [shown["account"]?.text])
        try await done("issuer", "unvouch", "crab", "--as", "guild")
        let gone = try await cloud.atoll("person", "crab")
        #expect(gone.code == 1 && gone.errors.contains("nobody vouches"), "\(gone.errors)")
    }

    /// Proposes until a proposal of the title has passed: a slow machine may miss the time in
    /// which people vote.
    private func passed(_ title: String, _ draft: [String]) async throws {
        let end = ContinuousClock.now + .seconds(90)
        var voted: Set<UInt64> = []
        while ContinuousClock.now < end {
            let (number, stage) = try await newest(title) ?? (.max, "rejected")
            switch stage {
            case "executed": return
            case "rejected", "failed":
                try await done(["proposal", "new", title, "--deposit", "200"] + draft)
            case "voting" where !voted.contains(number):
                // One that has just ended is found rejected in the next round.
                let vote = try await cloud.atoll("proposal", "vote", "\(number)", "yes")
                if vote.code == 0 { voted.insert(number) }
            default: try await Task.sleep(for: .milliseconds(200))
            }
        }
        Issue.record("\(preset.name): '\(title)' did not pass")
    }

    @discardableResult
    private func done(_ words: String...) async throws -> JSON { try await done(words) }

    @discardableResult
    private func done(_ words: [String]) async throws -> JSON {
        let ending = try await Program.run(
            Checkout.binary, words,
            environment: ["ATOLL_HOME": cloud.home, "ATOLL_PASSPHRASE": Self.passphrase],
            limitSeconds: 120)
        guard ending.code == 0 else {
            throw HarnessFailure("\(words.joined(separator: " ")): \(ending.errors)")
        }
        return (try? JSON(parsing: ending.output)) ?? .null
    }
}
