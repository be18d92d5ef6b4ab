// SPDX-License-Identifier: Apache-2.0
import CShims
import Glibc

/// How a made container hears that its program is to run, and how it tells what came of it: the
/// connection closes by itself when the program is executed (RUNTIME-2).
enum StartGate {
    /// Waits for a start: from the maker, or from whoever comes to the socket of the container's
    /// folder. One that goes away without a word does not count.
    ///
    /// - Returns: Where failures are told.
    static func wait(
        _ maker: Channel, _ listener: OpenFile?
    ) throws(RuntimeFailure) -> Channel {
        guard let listener else {
            guard try maker.receive()?.kind == .start else { _exit(1) }
            return maker
        }
        while true {
            let number = try asking("wait for the start") {
                atoll_accept_one(listener.number)
            }
            let connection = Channel(file: OpenFile(number))
            if (try? connection.receive())??.kind == .start { return connection }
        }
    }

    /// Starts a made container and waits until its program is executed.
    ///
    /// - Returns: Where calls are reported, for a profile with rules for a listener.
    /// - Throws: ``RuntimeFailure/inside(_:)`` with the reason when it could not be.
    static func start(_ gate: Channel) throws(RuntimeFailure) -> OpenFile? {
        try gate.send(.start)
        var listener: OpenFile?
        var isExecuting = false
        while let message = try gate.receive() {
            if message.kind == .failed { throw .inside(message.text) }
            if message.kind == .executing { isExecuting = true }
            if message.kind == .listener { listener = message.file }
        }
        guard isExecuting else {
            throw .inside("the container's first process ended before its program")
        }
        return listener
    }
}
