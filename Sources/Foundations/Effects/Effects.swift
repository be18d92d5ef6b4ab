// SPDX-License-Identifier: Apache-2.0

/// The whole outside world, as one value: time, chance, disk, network, processes, tasks, workers.
///
/// Nodes are built from it and from nothing else, so the same code runs in the real world
/// (`SystemEffects`) and in a seeded one (`SimulatedEffects`).
public struct Effects: Sendable {
    /// What time it is, and waiting.
    public let time: any TimeSource
    /// Random bytes.
    public let chance: any Chance
    /// Files, logs and key-value stores under one root folder.
    public let disk: any Disk
    /// Byte streams to other nodes.
    public let network: any Network
    /// Child processes.
    public let processes: any Processes
    /// Concurrent tasks that stay in this world.
    public let tasks: any TaskSpawner
    /// Threads for work that computes for long without waiting.
    public let workers: any Workers

    /// Joins the parts of a world.
    public init(
        time: any TimeSource, chance: any Chance, disk: any Disk, network: any Network,
        processes: any Processes, tasks: any TaskSpawner, workers: any Workers
    ) {
        self.time = time
        self.chance = chance
        self.disk = disk
        self.network = network
        self.processes = processes
        self.tasks = tasks
        self.workers = workers
    }
}
