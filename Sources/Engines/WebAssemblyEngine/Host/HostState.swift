// SPDX-License-Identifier: Apache-2.0

/// All that one attempt of a run knows and changes; used by that attempt's thread only.
final class HostState {
    /// Arguments as C strings: each ends at its first zero byte and has one after it.
    let arguments: [[UInt8]]
    let standardInput: [UInt8]
    var standardInputOffset = 0
    /// When the run began, in nanoseconds since 1970: the time of every file.
    let startNanoseconds: UInt64
    var clock: VirtualClock
    var random: RandomStream
    var output: ProgramOutput
    var files: FileTable
    /// Why the host ended the program; nothing while it has not.
    var ending: RunOutcome?

    init(_ request: RunRequest) {
        arguments = request.arguments.map { $0.utf8.prefix { $0 != 0 } + [0] }
        standardInput = request.standardInput
        clock = VirtualClock(startTime: request.startTime)
        startNanoseconds = clock.nanoseconds
        random = RandomStream(seed: request.seed)
        output = ProgramOutput(bytesMax: Int(clamping: request.limits.outputBytesMax))
        files = FileTable(input: request.input)
    }
}
