// SPDX-License-Identifier: Apache-2.0
import Glibc

/// `update`: new limits for a container that runs.
enum UpdateVerb {
    private static let options: [RuntimeArguments.Option] = [
        .value("resources", "r"), .value("memory"), .value("memory-reservation"),
        .value("memory-swap"), .value("pids-limit"), .value("cpu-share"), .value("cpu-quota"),
        .value("cpu-period"), .value("cpu-burst"), .value("cpuset-cpus"), .value("cpuset-mems"),
        .value("blkio-weight"), .value("cpu-rt-period"), .value("cpu-rt-runtime"),
        .value("kernel-memory"), .value("kernel-memory-tcp"), .value("cpu-idle"),
    ]

    static func run(_ words: [String], _ program: RuntimeProgram) throws(RuntimeFailure) -> Int32 {
        let arguments = try RuntimeArguments(words, options)
        let container = try Container(root: program.root, name: try arguments.name("update"))
        try container.update(try resources(arguments))
        return 0
    }

    private static func resources(
        _ arguments: RuntimeArguments
    ) throws(RuntimeFailure) -> ResourceConfiguration {
        if let path = arguments["resources"] {
            let file =
                path == "-" ? OpenFile(try asking("dup") { dup(0) }) : try OpenFile.open(path)
            let bytes = try file.readAll(bytesMax: RuntimeLimits.configurationBytesMax)
            let json = try RuntimeConfiguration.json(bytes, file: path)
            return try ResourceConfiguration(
                ConfigurationField(json, at: .member(.top, "resources")))
        }
        var resources = ResourceConfiguration()
        resources.memory.limit = try arguments.number("memory")
        resources.memory.reservation = try arguments.number("memory-reservation")
        resources.memory.swap = try arguments.number("memory-swap")
        resources.processesMax = try arguments.number("pids-limit")
        resources.processor.shares = try arguments.number("cpu-share")
        resources.processor.quota = try arguments.number("cpu-quota")
        resources.processor.period = try arguments.number("cpu-period")
        resources.processor.burst = try arguments.number("cpu-burst")
        resources.processor.realTimePeriod = try arguments.number("cpu-rt-period")
        resources.processor.realTimeRuntime = try arguments.number("cpu-rt-runtime")
        resources.processor.idle = try arguments.number("cpu-idle")
        resources.processor.processors = arguments["cpuset-cpus"]
        resources.processor.memoryNodes = arguments["cpuset-mems"]
        resources.blocks.weight = try arguments.number("blkio-weight")
        return resources
    }
}
