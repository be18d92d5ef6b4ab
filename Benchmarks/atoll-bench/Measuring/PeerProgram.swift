// SPDX-License-Identifier: Apache-2.0

/// Programs of others that do the same work, run in the same run.
enum PeerProgram {
    /// What a script of `Benchmarks/peers` prints: one number.
    ///
    /// The calling thread waits. The working folder is the checkout (scripts/bench).
    ///
    /// - Parameter interpreter: With the libraries that the script needs.
    static func python(
        _ script: String, _ arguments: [String], interpreter: String = ".deps/venv/bin/python"
    ) throws(BenchFailure) -> Double {
        let output = try ChildProgram.run(
            interpreter, ["Benchmarks/peers/\(script)"] + arguments)
        let word = output.prefix { $0 != "\n" }
        guard let number = Double(word) else {
            throw BenchFailure("\(script) printed '\(word)', not a number")
        }
        return number
    }
}
