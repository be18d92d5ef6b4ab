// SPDX-License-Identifier: Apache-2.0
import CShims
import Effects
import Glibc

/// Processes of this machine.
struct SystemProcesses: Processes {
    let loop: EventLoop

    func start(_ request: ProcessRequest) throws(ProcessFailure) -> any ChildProcess {
        guard request.executable.hasPrefix("/") else {
            throw .refused(executable: request.executable, message: "the path is not absolute")
        }
        let texts =
            [request.executable, request.logFile ?? ""] + request.arguments
            + request.environment.flatMap { [$0.key, $0.value] }
        guard !texts.contains(where: { $0.utf8.contains(0) }),
            !request.environment.keys.contains(where: { $0.isEmpty || $0.contains("=") })
        else {
            throw .refused(
                executable: request.executable, message: "an argument or variable is not text")
        }
        return try SystemChild(pid: SpawnCall(request).run(), request: request, loop: loop)
    }

    func signal(_ pid: Int32, _ number: Int32) throws(ProcessFailure) {
        guard pid > 0 else { throw .gone(pid: pid) }
        guard kill(pid, number) == 0 else {
            if errno == ESRCH { throw .gone(pid: pid) }
            throw .refused(executable: "process \(pid)", message: SystemMessage.of(errno))
        }
    }

    func birthMark(of pid: Int32) -> String? { BirthMark.mark(of: pid) }
}
