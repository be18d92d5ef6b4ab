// SPDX-License-Identifier: Apache-2.0
import CShims
import Foundation
import Testing

@testable import ContainerNetworks

/// Whether namespaces and bridges can be made here.
enum NetworkMachine {
    static let reason: Comment = "needs root and a kernel with bridges, veth and nftables"
    static let isReady: Bool = {
        guard geteuid() == 0, let bridge = InterfaceName("atbprobe"),
            let table = TableName("atoll_probe")
        else { return false }
        return
            (try? OwnNetwork.run {
                MachineCheck.refusal(bridge: bridge, table: table) == nil
            }) ?? false
    }()
}

/// Network namespaces of one's own.
enum OwnNetwork {
    private final class Room: @unchecked Sendable {
        // Written by one thread before the other reads: the semaphore is between.
        var result: Result<Any, any Error>?
    }

    /// Does something on a thread that has a network namespace of its own, which ends with it.
    static func run<Value>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        let room = Room()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            room.result = Result {
                guard atoll_unshare(0x4000_0000) == 0 else { throw CocoaError(.featureUnsupported) }
                return try body()
            }
            done.signal()
        }
        thread.start()
        done.wait()
        return try #require(try room.result?.get() as? Value)
    }

    /// Another namespace, in which nobody is, made by a thread of its own.
    static func another() throws -> NetworkNamespace {
        try run { try NetworkNamespace("/proc/thread-self/ns/net") }
    }
}
