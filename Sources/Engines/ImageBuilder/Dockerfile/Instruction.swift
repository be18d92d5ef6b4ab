// SPDX-License-Identifier: Apache-2.0

/// One instruction of a stage, checked and not yet expanded.
struct Instruction: Hashable, Sendable {
    /// Where it begins, from 1.
    let line: Int
    /// As it is written, on one line.
    let text: String
    let kind: Kind

    enum Kind: Hashable, Sendable {
        case run(Command, network: String?)
        case copy(Copy)
        case environment([Pair])
        case argument([Argument])
        case label([Pair])
        case workingFolder(String)
        case user(String)
        case entrypoint(Command)
        case command(Command)
        case expose(String)
        case volume([String], isExact: Bool)
        case healthCheck(HealthCheck)
        case shell([String])
        case stopSignal(String)
        case maintainer(String)
    }

    /// A command in one of its two forms.
    enum Command: Hashable, Sendable {
        /// A line for the shell.
        case shell(String)
        /// A program and its arguments.
        case exec([String])
    }

    struct Pair: Hashable, Sendable {
        let name: String
        let value: String
    }

    struct Argument: Hashable, Sendable {
        let name: String
        /// What it is when nobody says otherwise.
        let value: String?
    }

    /// COPY or ADD.
    struct Copy: Hashable, Sendable {
        /// ADD: archives are unpacked.
        let unpacks: Bool
        let sources: [String]
        let target: String
        let from: String?
        let owner: String?
        let mode: String?
        /// Whether the paths came as a list, so that spaces in them mean themselves.
        let isExact: Bool
    }

    struct HealthCheck: Hashable, Sendable {
        /// Nil for NONE.
        let command: Command?
        /// Docker's names of the times, with thousand millionths of a second.
        let times: [Pair]
        let retries: Int?
    }
}

/// Where a stage begins.
struct StageBeginning: Hashable, Sendable {
    let line: Int
    let text: String
    /// An image, an earlier stage, or `scratch`.
    let image: String
    let platform: String?
    /// What later stages call it, in lower case.
    let name: String?
}
