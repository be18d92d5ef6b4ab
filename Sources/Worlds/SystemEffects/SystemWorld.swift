// SPDX-License-Identifier: Apache-2.0
public import Effects
import Glibc

/// The real world: this machine's clocks, files, sockets and processes.
public enum SystemWorld {
    /// Threads for files when nothing else is asked for: one syncs while another reads.
    public static let diskThreadsUsual = 2
    /// Threads that look up names; each lookup may take many seconds.
    private static let resolverThreadsMax = 2

    /// Builds the world of one node on one loop.
    ///
    /// Threads of the pools start when there is work for them.
    ///
    /// - Parameters:
    ///   - root: The folder all disk paths lie under; made when missing, for its owner only.
    ///   - loop: Where tasks, timers and sockets run.
    ///   - diskThreads: The most threads that wait for files.
    ///   - workers: The most threads that compute; nil means one for each processor.
    /// - Throws: ``DiskFailure`` when the root folder cannot be made.
    public static func make(
        root: String, loop: EventLoop, diskThreads: Int = diskThreadsUsual, workers: Int? = nil
    ) throws(DiskFailure) -> Effects {
        let disk = ThreadPool(name: "disk", threadsMax: diskThreads)
        let resolvers = ThreadPool(name: "names", threadsMax: resolverThreadsMax)
        let processors = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let width = max(1, workers ?? processors)
        let computing = ThreadPool(name: "worker", threadsMax: width)
        return Effects(
            time: SystemTime(loop: loop),
            chance: SystemChance(),
            disk: try SystemDisk(root: root, pool: disk),
            network: SystemNetwork(loop: loop, resolvers: resolvers, disk: disk),
            processes: SystemProcesses(loop: loop),
            tasks: SystemTasks(loop: loop),
            workers: SystemWorkers(pool: computing, width: width))
    }
}
