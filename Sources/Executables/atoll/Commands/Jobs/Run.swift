// SPDX-License-Identifier: Apache-2.0
import ClientKit
import JSONText
import Vocabulary

/// `atoll run`: runs a program on the cloud and passes on what it wrote and how it ended.
enum RunCommand {
    static let command = CommandSpec(
        path: ["run"],
        summary: "run a WebAssembly program on the cloud, paid and checked",
        discussion: """
            What the program writes comes out here, and its exit code is this command's. Several
            providers run it and must agree; the receipt is checked against the genesis you trust.
            Words of the program that begin with - come after --.

            Exit codes of its own: 124 out of time, 125 the cloud failed, 126 not a program that can
            run, 127 no such file, 134 trap, 137 out of memory, 152 out of fuel, 153 too much
            output.
            """,
        example: "atoll run wordcount.wasm GPL-3 --input /usr/share/common-licenses/GPL-3",
        arguments: [
            ArgumentSpec(name: "program", help: "a module for wasm32-wasip1"),
            ArgumentSpec(
                name: "args", help: "what the program is given", isRequired: false, repeats: true),
        ],
        options: RunOptions.all + ClientSettings.signing, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        do {
            return try await ordered(invocation, shell)
        } catch let failure as CommandFailure {
            throw ProgramExit.failure(failure, left: Interruption.left)
        }
    }

    private static func ordered(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let request = try await RunOptions.request(invocation, shell)
        let session = try await ClientSettings(invocation, shell).session()
        let lines = ProgressLines(isQuiet: invocation.has("quiet"), time: shell.effects.time)
        guard !invocation.has("detach") else {
            return try await detach(request, session, lines, invocation.format)
        }
        let report = try await calling { () async throws(ClientFailure) in
            try await session.run(request, tell: lines.tell)
        }
        if let trail = report.trail {
            try await TrailFolder(session.genesis, invocation, shell).keep(trail)
        }
        if let path = invocation.value("receipt") {
            try await shell.write(path, report.receipt.bytes)
        }
        return try finish(report, invocation.format, isQuiet: invocation.has("quiet"))
    }

    private static func detach(
        _ request: JobRequest, _ session: JobSession, _ lines: ProgressLines,
        _ format: OutputFormat
    ) async throws -> Int32 {
        let opened = try await calling { () async throws(ClientFailure) in
            try await session.order(request, tell: lines.tell)
        }
        let value: JSON = [
            "job": JSON("\(opened.job)"), "height": JSON(opened.sent.outcome.height.value),
            "maxCost": JSON("\(opened.terms.maxCost.units)"),
            "deadline": JSON(opened.terms.deadline.value),
        ]
        ResultText.write(value, as: format) { "\(opened.job)\n" }
        return 0
    }

    /// Passes on what the program wrote, shows the report, and gives the program's exit code.
    private static func finish(
        _ report: JobReport, _ format: OutputFormat, isQuiet: Bool
    ) throws -> Int32 {
        let table = RunReportTable(report)
        switch format {
        case .table:
            Terminal.result(report.standardOutput ?? [])
            Terminal.errorBytes(report.standardError ?? [])
            if !isQuiet || !report.isProven { Terminal.say(table.text) }
        case .json, .yaml: ResultText.write(table.json, as: format) { "" }
        }
        guard report.isProven else {
            throw CommandFailure(
                status: .cloudFailed, what: "the receipt of job \(report.opened.job) is not sound",
                kept: "what the program wrote was shown, and must not be trusted",
                next: "ask another gateway: atoll receipt show \(report.opened.job)")
        }
        if let words = ProgramExit.words(of: report.view) { Terminal.say(words) }
        return ProgramExit.code(of: report.view)
    }
}
