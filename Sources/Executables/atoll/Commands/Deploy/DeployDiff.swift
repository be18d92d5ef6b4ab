// SPDX-License-Identifier: Apache-2.0
import Deployments
import JSONText

/// `atoll deploy diff`: what it takes to get from one file to another.
enum DeployDiff {
    static let command = CommandSpec(
        path: ["deploy", "diff"],
        summary: "say what a changed file takes: new copies, a larger lease, lost data",
        discussion: """
            replaces: copies are replaced within the lease. shrinks: the lease may become smaller.
            grows: it must become larger. renews: another lease is needed. loses-data: a volume is
            removed or made anew. Values of variables are not shown. Asks nobody.
            """,
        example: "atoll deploy diff compose.yaml compose-next.yaml",
        arguments: [
            ArgumentSpec(name: "old", help: "the file that is deployed"),
            ArgumentSpec(name: "new", help: "the file that is to be deployed"),
        ], options: DeployFile.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let old = try await DeployFile(invocation.arguments[0], invocation, shell).deployment()
        let new = try await DeployFile(invocation.arguments[1], invocation, shell).deployment()
        let changes = old.changes(to: new)
        let worst = changes.map(\.consequence).max()
        let value: JSON = [
            "old": JSON("\(old.digest)"), "new": JSON("\(new.digest)"),
            "takes": worst.map { JSON($0.rawValue) } ?? .null,
            "changes": .array(
                changes.map {
                    [
                        "subject": JSON($0.subject), "part": JSON($0.part),
                        "takes": JSON($0.consequence.rawValue), "detail": JSON($0.detail),
                    ]
                }),
        ]
        ResultText.write(value, as: invocation.format) {
            guard !changes.isEmpty else { return "nothing changes\n" }
            var table = TextTable(["what", "part", "takes", "how"])
            for change in changes {
                table.add([
                    change.subject, change.part.isEmpty ? "-" : change.part,
                    change.consequence.rawValue, change.detail,
                ])
            }
            return table.text
        }
        return 0
    }
}
