// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import SystemEffects

/// One binary for people and machines: reads the command line, runs one command, ends with its
/// code.
@main
enum Atoll {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            try RuntimeCommand.takeOver(words)
            TerminationSignal.hold()
            let reader = ArgumentReader(
                commands: CommandTable.commands, environment: Surroundings.environment)
            switch try reader.read(words) {
            case .overview(let prefix):
                Terminal.result(HelpText.overview(of: CommandTable.commands, prefix: prefix))
                exit(0)
            case .help(let command):
                Terminal.result(HelpText.page(of: command))
                exit(0)
            case .run(let invocation): exit(run(invocation))
            }
        } catch {
            exit(report(error, format: .table))
        }
    }

    /// Runs a command on a loop of its own and returns the exit code.
    private static func run(_ invocation: Invocation) -> Int32 {
        if !invocation.command.handlesSignals { Interruption.endProgramWhenAsked() }
        let loop = EventLoop()
        let outcome = Outcome()
        do {
            let effects = try SystemWorld.make(root: "/", loop: loop)
            let shell = Shell(effects: effects) { try SystemWorld.make(root: $0, loop: loop) }
            effects.tasks.spawn("command") {
                do {
                    outcome.code = try await invocation.command.run(invocation, shell)
                } catch {
                    outcome.code = report(error, format: invocation.format)
                }
                loop.stop()
            }
            loop.run()
            return outcome.code
        } catch {
            return report(error, format: invocation.format)
        }
    }

    /// Says on standard error why a command failed; scripts that asked for JSON get JSON.
    private static func report(_ error: any Error, format: OutputFormat) -> Int32 {
        let failure =
            error as? CommandFailure ?? CommandFailure(status: .refused, what: "\(error)")
        Terminal.say(format == .table ? failure.text : failure.json.compact)
        return failure.status.rawValue
    }

    /// The exit code, written and read on the loop's thread alone.
    private final class Outcome: @unchecked Sendable {
        var code: Int32 = 1
    }
}
