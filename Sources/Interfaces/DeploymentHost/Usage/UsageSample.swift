// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// What a container has used since it began, as the engine shows it.
struct UsageSample: Hashable {
    /// Nanoseconds of processors.
    var processorNanoseconds: UInt64
    /// Bytes of memory now.
    var memoryBytes: UInt64
    /// Bytes that came and went.
    var receivedBytes: UInt64
    var sentBytes: UInt64

    init(
        processorNanoseconds: UInt64, memoryBytes: UInt64, receivedBytes: UInt64 = 0,
        sentBytes: UInt64 = 0
    ) {
        self.processorNanoseconds = processorNanoseconds
        self.memoryBytes = memoryBytes
        self.receivedBytes = receivedBytes
        self.sentBytes = sentBytes
    }

    /// Reads one answer of `stats`; what it does not have counts as nothing.
    init(_ json: JSON) {
        processorNanoseconds = json["cpu_stats"]?["cpu_usage"]?["total_usage"]?.unsigned ?? 0
        memoryBytes = json["memory_stats"]?["usage"]?.unsigned ?? 0
        receivedBytes = 0
        sentBytes = 0
        for interface in json["networks"]?.members ?? [] {
            receivedBytes &+= interface.value["rx_bytes"]?.unsigned ?? 0
            sentBytes &+= interface.value["tx_bytes"]?.unsigned ?? 0
        }
    }
}

extension DeploymentHost {
    /// Adds what the copies of a lease used since the last call to its meter (HOST-7).
    ///
    /// - Parameter milliseconds: A clock that only goes forward.
    /// - Throws: ``HostFailure``; the meter then counts all of it the next time.
    public func measure(
        _ lease: LeaseName, into meter: inout UsageMeter, at milliseconds: UInt64
    ) async throws(HostFailure) {
        var samples: [String: UsageSample] = [:]
        for copy in try await copies(of: lease) where copy.status == .running {
            let step = "measure a container"
            let answer = try await engine.call(
                .get, "/containers/\(copy.id)/stats",
                query: [("stream", "false"), ("one-shot", "true")], accepting: [404, 409],
                for: step)
            guard answer.status == 200 else { continue }
            samples[copy.id] = UsageSample(try answer.document(of: step))
        }
        meter.take(samples, at: milliseconds)
    }
}
