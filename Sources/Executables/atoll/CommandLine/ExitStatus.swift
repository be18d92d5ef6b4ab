// SPDX-License-Identifier: Apache-2.0
import JSONText

/// How a command ends, as scripts see it (docs/architecture.md, conventions).
enum ExitStatus: Int32, Error, CaseIterable {
    /// Done.
    case done = 0
    /// The cloud or the ledger said no; trying again unchanged will not help.
    case refused = 1
    /// The command line is wrong.
    case misused = 2
    /// Nobody answers.
    case unreachable = 3
    /// Rules hold that this program does not know: only another version of it helps.
    case outdated = 4
    /// It did not end in the time allowed.
    case timedOut = 124
    /// `run` alone: the cloud failed, so the program has no exit code (as `docker run`).
    case cloudFailed = 125
    /// `run` alone: the file is no program that the cloud can run.
    case notRunnable = 126
    /// `run` alone: there is no such program.
    case notFound = 127
}

/// A failure with everything a person needs: what happened, what was kept, what to do next.
struct CommandFailure: Error {
    var status: ExitStatus
    /// One sentence: what happened.
    let what: String
    /// What was kept or undone, when something was under way.
    var kept: String?
    /// The command or change that helps.
    var next: String?
    /// A stable short name for scripts, when the ledger gave one.
    var name: String?

    /// The lines printed on standard error.
    var text: String {
        var lines = ["error: \(what)"]
        if let kept { lines.append("  kept: \(kept)") }
        if let next { lines.append("  next: \(next)") }
        return lines.joined(separator: "\n")
    }

    /// The same for programs.
    var json: JSON {
        var members = [
            JSON.Member("error", JSON(what)), JSON.Member("exitCode", JSON(status.rawValue)),
        ]
        if let name { members.append(JSON.Member("name", JSON(name))) }
        if let kept { members.append(JSON.Member("kept", JSON(kept))) }
        if let next { members.append(JSON.Member("next", JSON(next))) }
        return .object(members)
    }
}
