// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// Limits that a client asks for, as `HostConfig` and `update` have them.
enum ResourceWishes {
    /// The members that are limits of the runtime's, but for the processors of `NanoCpus`.
    static let names = [
        "Memory", "MemorySwap", "MemoryReservation", "MemorySwappiness", "PidsLimit", "NanoCpus",
        "CpuShares", "CpuQuota", "CpuPeriod", "CpusetCpus", "CpusetMems", "BlkioWeight",
    ]

    /// The least memory a container runs in, as Docker has it: 6 MiB.
    private static let memoryBytesMin: Int64 = 6 << 20
    /// The length of a period of processor time unless it is given, in microseconds.
    private static let periodMicroseconds: Int64 = 100_000

    /// Refuses what cannot be meant.
    static func check(_ host: JSON) throws(EngineFailure) {
        let memory = host["Memory"]?.signed ?? 0
        guard memory <= 0 || memory >= memoryBytesMin else {
            throw EngineFailure(.badRequest, "Minimum memory limit allowed is 6MB")
        }
        let swap = host["MemorySwap"]?.signed ?? 0
        guard swap <= 0 || memory > 0 && swap >= memory else {
            throw EngineFailure(
                .badRequest,
                "Minimum memoryswap limit should be larger than memory limit, see usage")
        }
        let processors = host["NanoCpus"]?.signed ?? 0
        guard processors >= 0 else {
            throw EngineFailure(.badRequest, "NanoCpus is less than 0")
        }
        guard processors == 0 || (host["CpuQuota"]?.signed ?? 0) == 0 else {
            throw EngineFailure(
                .badRequest, "Conflicting options: Nano CPUs and CPU Quota cannot both be set.")
        }
    }

    /// The specification's `resources`; what is 0 or empty is not asked for.
    static func json(_ host: JSON) -> JSON {
        var resources: JSON = [:]
        func put(_ part: String, _ name: String, _ value: JSON?) {
            guard let value else { return }
            let old = resources[part] ?? [:]
            resources = resources.replacing(part, by: old.replacing(name, by: value))
        }
        func number(_ name: String) -> JSON? {
            host[name]?.signed.flatMap { $0 == 0 ? nil : JSON($0) }
        }
        func text(_ name: String) -> JSON? {
            host[name]?.text.flatMap { $0.isEmpty ? nil : JSON($0) }
        }
        put("memory", "limit", number("Memory"))
        put("memory", "swap", number("MemorySwap"))
        put("memory", "reservation", number("MemoryReservation"))
        if let swappiness = host["MemorySwappiness"]?.signed, swappiness >= 0 {
            put("memory", "swappiness", JSON(swappiness))
        }
        put("pids", "limit", number("PidsLimit"))
        put("cpu", "shares", number("CpuShares"))
        put("cpu", "quota", number("CpuQuota"))
        put("cpu", "period", number("CpuPeriod"))
        put("cpu", "cpus", text("CpusetCpus"))
        put("cpu", "mems", text("CpusetMems"))
        put("blockIO", "weight", number("BlkioWeight"))
        if let processors = host["NanoCpus"]?.signed, processors > 0 {
            put("cpu", "quota", JSON(max(1_000, processors / 10_000)))
            put("cpu", "period", JSON(periodMicroseconds))
        }
        return resources
    }
}
