// SPDX-License-Identifier: Apache-2.0

/// A Dockerfile, read and checked: a value, without any effect (BUILDER-1).
public struct Dockerfile: Hashable, Sendable {
    /// The most bytes of one: 1 MiB, a thousand times what people write.
    public static let bytesMax = 1 << 20
    /// The most instructions of one: 4,096.
    public static let instructionsMax = 4_096
    /// The most stages of one: 256.
    public static let stagesMax = 256

    /// A stage: what it begins with, and what is done in it.
    struct Stage: Hashable, Sendable {
        let beginning: StageBeginning
        var instructions: [Instruction] = []
    }

    let escape: UInt8
    /// Declared before the first stage: for the names of images alone, and to be declared again.
    private(set) var arguments: [Instruction.Argument] = []
    private(set) var stages: [Stage] = []

    /// Reads a Dockerfile.
    ///
    /// - Throws: ``BuildFailure`` with the line of what is wrong, or is not done here.
    public init(_ bytes: [UInt8]) throws(BuildFailure) {
        let lines = try LogicalLines(bytes)
        escape = lines.escape
        for line in lines.lines {
            do throws(BuildFailure) {
                try add(line)
            } catch {
                throw error.at(line.number)
            }
        }
        guard !stages.isEmpty else { throw BuildFailure("a Dockerfile needs a FROM") }
    }

    private mutating func add(_ line: LogicalLine) throws(BuildFailure) {
        let reading = InstructionReading(line, escape: escape)
        if reading.name == "FROM" {
            guard stages.count < Self.stagesMax else {
                throw BuildFailure("more than \(Self.stagesMax) stages")
            }
            let beginning = try reading.beginning()
            if let name = beginning.name, stages.contains(where: { $0.beginning.name == name }) {
                throw BuildFailure("two stages are called '\(name)'")
            }
            stages.append(Stage(beginning: beginning))
            return
        }
        let instruction = try reading.instruction()
        guard stages.isEmpty else {
            stages[stages.count - 1].instructions.append(instruction)
            return
        }
        guard case .argument(let declared) = instruction.kind else {
            throw BuildFailure("only ARG may stand before the first FROM")
        }
        arguments += declared
    }
}
