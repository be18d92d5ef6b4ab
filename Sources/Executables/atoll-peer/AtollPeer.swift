// SPDX-License-Identifier: Apache-2.0
import Effects
import Glibc
import SystemEffects

/// A libp2p peer by itself (docs/guides/network.md).
@main
enum AtollPeer {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        let arguments: PeerArguments
        do {
            arguments = try PeerArguments(Array(CommandLine.arguments.dropFirst()))
        } catch {
            Lines.complain("atoll-peer: \(error.reason)\n\(PeerArguments.usage)")
            exit(2)
        }
        let loop = EventLoop()
        guard let effects = try? SystemWorld.make(root: "/", loop: loop) else {
            Lines.complain("atoll-peer: the system gives no folder to begin at\n")
            exit(1)
        }
        let outcome = Outcome()
        effects.tasks.spawn("peer") {
            do {
                let peer = try await LonePeer(arguments, effects)
                try await peer.run()
                outcome.code = 0
            } catch {
                Lines.complain("atoll-peer: \(error)\n")
            }
            loop.stop()
        }
        loop.run()
        exit(outcome.code)
    }

    /// The exit code, written and read on the loop's thread alone.
    private final class Outcome: @unchecked Sendable {
        var code: Int32 = 1
    }
}

/// Lines for people and scripts.
enum Lines {
    /// Tells of something that happened.
    static func tell(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// Says why something cannot be done.
    static func complain(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
