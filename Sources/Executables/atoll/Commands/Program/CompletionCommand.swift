// SPDX-License-Identifier: Apache-2.0

/// `atoll completion`: a script for a shell, made from the table of commands.
enum CompletionCommand {
    static let command = CommandSpec(
        path: ["completion"],
        summary: "write the completion script of a shell",
        discussion: """
            bash: source <(atoll completion bash)
            zsh:  source <(atoll completion zsh)
            fish: atoll completion fish | source
            """,
        example: "atoll completion bash",
        arguments: [
            ArgumentSpec(name: "shell", help: "bash, zsh or fish", choices: Completion.shells)
        ],
        run: { invocation, _ in
            let shell = invocation.arguments[0]
            guard let script = Completion.script(for: shell, commands: CommandTable.commands) else {
                throw CommandFailure(
                    status: .misused, what: "there is no completion for '\(shell)'",
                    next: "name bash, zsh or fish")
            }
            Terminal.result(script)
            return 0
        })
}
