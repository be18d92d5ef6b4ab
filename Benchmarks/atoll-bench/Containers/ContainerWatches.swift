// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText

/// Processes that stay with containers, and what they take.
enum ContainerWatches {
    /// Starts containers with a watch each and removes them again.
    ///
    /// - Returns: The median of their proportional shares of memory, in MiB.
    static func memory(
        _ bench: Bench, bundle: String, count: Int
    ) throws(BenchFailure) -> Double {
        let runtime = ChildProgram.ownFolder + "/atoll-runtime"
        let state = "\(bench.folder)/state-watch"
        var shares: [Double] = []
        defer {
            for number in 0..<count {
                _ = try? ChildProgram.run(
                    runtime, ["--root", state, "delete", "--force", "watched-\(number)"])
            }
        }
        for number in 0..<count {
            let own = "\(bundle)-watched-\(number)"
            _ = try ChildProgram.run("/bin/mkdir", ["-p", own])
            _ = try ChildProgram.run(
                "/bin/sed",
                [
                    "-e", "s#\"/bin/true\"#\"/bin/sleep\",\"300\"#", "-e",
                    "s#/atoll-bench/timed#/atoll-bench/watched-\(number)#", "-e",
                    "s#\"rootfs\"#\"\(bundle)/rootfs\"#", "-e", "w \(own)/config.json",
                    "\(bundle)/config.json",
                ])
            _ = try ChildProgram.run(
                runtime,
                [
                    "--root", state, "watch", "--bundle", own, "--log", "\(own)/log",
                    "watched-\(number)",
                ])
            _ = try ChildProgram.run(runtime, ["--root", state, "start", "watched-\(number)"])
        }
        for number in 0..<count {
            shares.append(try share(runtime, state, "watched-\(number)"))
        }
        return shares.median
    }

    /// The watch is the parent of the container's first process.
    private static func share(
        _ runtime: String, _ state: String, _ name: String
    ) throws(BenchFailure) -> Double {
        let text = try ChildProgram.run(runtime, ["--root", state, "state", name])
        guard let json = try? JSON(parsing: text), let process = json["pid"]?.unsigned,
            let stat = SystemFile.text("/proc/\(process)/stat"), let end = stat.lastIndex(of: ")")
        else { throw BenchFailure("\(name) does not run") }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        let rollup = SystemFile.text("/proc/\(fields[1])/smaps_rollup") ?? ""
        let line = rollup.split(separator: "\n").first { $0.hasPrefix("Pss:") }
        let number = line?.split(separator: " ").compactMap { Double($0) }.first
        guard let number else { throw BenchFailure("the watch of \(name) cannot be seen") }
        return number / 1024
    }
}
