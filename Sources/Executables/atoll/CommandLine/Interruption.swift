// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// What a command leaves behind when somebody presses Ctrl-C while it waits.
enum Interruption {
    private static let note = Mutex<String?>(nil)

    /// The exit code of a program ended by SIGINT, as shells give it.
    static let code: Int32 = 130

    /// Says from now on what an interrupted command leaves behind; nothing says nothing.
    static func leave(_ text: String?) { note.withLock { $0 = text } }

    /// What is left behind now.
    static var left: String? { note.withLock { $0 } }

    /// Ends the program at the first signal.
    static func endProgramWhenAsked() {
        TerminationSignal.whenAsked {
            if let text = note.withLock({ $0 }) { Terminal.say("interrupted: \(text)") }
            _exit(code)
        }
    }
}
