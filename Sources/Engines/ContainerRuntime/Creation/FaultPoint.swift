// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The steps of a start after each of which the machine may end a process without a word; tests do
/// so at every one of them (RUNTIME-20).
enum FaultPoint: String, CaseIterable, Sendable {
    // The maker.
    case folderMade, recordWritten, cgroupsMade, limitsSet, cloned, processRecorded, grouped, mapped
    case told, hooksRun, created, processFileWritten
    // The first process.
    case begun, joined, rootMounted, mountsMade, devicesMade, pathsMasked, pivoted, ready, started
    case confined

    /// The variable that names the step at which a process built for tests ends itself.
    static let variable = "ATOLL_RUNTIME_FAULT"

    /// Passes the step; ends the process when a test has named this one.
    static func pass(_ point: FaultPoint) {
        #if DEBUG
            if let named = getenv(variable), strcmp(named, point.rawValue) == 0 {
                kill(getpid(), SIGKILL)
                // In a namespace of its own the first process does not die of its own signal.
                _exit(137)
            }
        #endif
    }
}
