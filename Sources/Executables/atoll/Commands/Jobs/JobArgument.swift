// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Vocabulary

/// A job named on the command line: its whole id, or the first digits of one of your own jobs.
enum JobArgument {
    /// The fewest digits that may stand for a job.
    static let prefixMin = 4
    /// The most of your jobs that are looked through: five pages.
    private static let pagesMax = 5

    static let spec = ArgumentSpec(
        name: "job", help: "its id, or the first digits of one of your jobs")

    static func read(
        _ invocation: Invocation, _ settings: ClientSettings, _ client: GatewayClient
    ) async throws -> JobID {
        let text = invocation.arguments[0]
        if let job = JobID(hexadecimal: text) { return job }
        let isPrefix =
            text.utf8.count >= prefixMin && text.utf8.count < 64
            && text.allSatisfy(\.isHexDigit)
        guard isPrefix else {
            throw CommandFailure(
                status: .misused, what: "'\(text)' is no job: an id has 64 hexadecimal digits",
                next: "atoll jobs")
        }
        let account = try await settings.account()
        return try await job(of: account, startingWith: text.lowercased(), client)
    }

    private static func job(
        of account: AccountID, startingWith prefix: String, _ client: GatewayClient
    ) async throws -> JobID {
        var found: [JobID] = []
        var cursor: String?
        for _ in 0..<pagesMax {
            let start = cursor
            let page = try await calling { () async throws(ClientFailure) in
                try await client.jobs(of: account, limit: 100, cursor: start)
            }
            found += page.items.map(\.job).filter { "\($0)".hasPrefix(prefix) }
            cursor = page.next
            guard cursor != nil else { break }
        }
        guard let job = found.first else {
            throw CommandFailure(
                status: .refused, what: "none of your jobs begins with '\(prefix)'",
                next: "atoll jobs")
        }
        guard found.count == 1 else {
            throw CommandFailure(
                status: .misused, what: "\(found.count) of your jobs begin with '\(prefix)'",
                next: "give more digits")
        }
        return job
    }
}
