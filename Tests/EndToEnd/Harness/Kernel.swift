// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the kernel says about a process.
enum Kernel {
    /// Whether it runs; a process that ended and was not yet waited for does not.
    static func isRunning(_ pid: Int32) -> Bool {
        guard let line = text("/proc/\(pid)/stat"), let bracket = line.lastIndex(of: ")") else {
            return false
        }
        let state = line[line.index(after: bracket)...].split(separator: " ").first
        return state != "Z" && state != "X"
    }

    /// Resident memory in bytes.
    static func residentBytes(_ pid: Int32) -> Int? {
        let line = text("/proc/\(pid)/status")?.split(separator: "\n").first {
            $0.hasPrefix("VmRSS:")
        }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap {
            Int($0.trimmingCharacters(in: .whitespaces))
        }.map { $0 * 1_024 }
    }

    /// Processor time used so far outside the kernel, in hundredths of a second (proc(5), field
    /// 14).
    static func processorTime(_ pid: Int32) -> Int? {
        guard let line = text("/proc/\(pid)/stat"), let bracket = line.lastIndex(of: ")") else {
            return nil
        }
        let fields = line[line.index(after: bracket)...].split(separator: " ")
        return fields.count > 11 ? Int(fields[11]) : nil
    }

    /// The words it was started with and its environment, as everybody of its user can read them.
    static func words(_ pid: Int32) -> String {
        (text("/proc/\(pid)/cmdline") ?? "") + "\0" + (text("/proc/\(pid)/environ") ?? "")
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
