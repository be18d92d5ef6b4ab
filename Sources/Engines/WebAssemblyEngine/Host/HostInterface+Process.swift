// SPDX-License-Identifier: Apache-2.0

/// Arguments, the empty environment, randomness and the end.
extension HostInterface {
    static let process: [String: HostFunction] = [
        "args_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            let memory = try call.memory()
            var text = call.word(1)
            for (index, argument) in call.state.arguments.enumerated() {
                try call.charge(HostFuel.entry + UInt64(argument.count) * HostFuel.byte)
                try memory.store(text, at: call.word(0), offset: UInt32(index) * 4)
                try memory.store(argument, at: text)
                text = try GuestMemory.sum(text, UInt32(argument.count))
            }
        },
        "args_sizes_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            let memory = try call.memory()
            let arguments = call.state.arguments
            try memory.store(UInt32(arguments.count), at: call.word(0))
            try memory.store(UInt32(arguments.reduce(0) { $0 + $1.count }), at: call.word(1))
        },
        "environ_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            _ = try call.memory()
        },
        "environ_sizes_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            let memory = try call.memory()
            try memory.store(UInt32(0), at: call.word(0))
            try memory.store(UInt32(0), at: call.word(1))
        },
        "random_get": HostFunction([.int32, .int32]) { call throws(HostInterrupt) in
            let buffer = try call.memory().bytes(at: call.word(0), count: call.word(1))
            try call.charge(UInt64(buffer.count) * HostFuel.randomByte)
            call.state.random.fill(buffer)
        },
        "sched_yield": HostFunction([]) { _ throws(HostInterrupt) in },
        "proc_exit": HostFunction(ending: [.int32]) { call throws(HostInterrupt) in
            throw .ended(.exited(call.word(0)))
        },
    ]
}
