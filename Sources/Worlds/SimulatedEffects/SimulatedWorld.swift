// SPDX-License-Identifier: Apache-2.0
public import Effects

/// A world made of one seed: nodes with disks of their own, a network between them, and a clock
/// that moves only when everybody waits.
///
/// The same seed and the same calls give the same history, in every process; ``traceDigest``
/// tells (EFFECTS-30). Nothing happens outside ``run(forMilliseconds:)`` and its relatives. The
/// world is driven from one place, and only tasks spawned through its effects may use them while
/// it runs.
public final class SimulatedWorld: @unchecked Sendable {
    // See Clockwork for what makes the unchecked conformance sound.
    private let core: Clockwork

    /// Makes a world without nodes.
    public init(seed: UInt64) { core = Clockwork(seed: seed) }

    // MARK: Nodes

    /// Makes and starts a node.
    ///
    /// - Parameters:
    ///   - name: Its address in the network. No two nodes share one.
    ///   - clockSkewMilliseconds: How far its calendar clock is ahead.
    /// - Returns: What the node's programs are built from.
    public func makeNode(_ name: String, clockSkewMilliseconds: Int64 = 0) -> Effects {
        precondition(!core.nodes.contains { $0.name == name }, "a node named \(name) exists")
        let node = Node(
            name: name, number: core.nodes.count, clockSkewMilliseconds: clockSkewMilliseconds,
            core: core)
        core.nodes.append(node)
        core.note(.nodeMade, UInt64(node.number), Trace.hash(name))
        return start(node)
    }

    /// Ends a node's life at once: its tasks are cancelled, its streams break, what it had not
    /// synced is lost. Its disk stays for ``restart(_:)``. Again is fine.
    public func crash(_ name: String) {
        let node = node(name)
        guard !node.life.isOver else { return }
        core.note(.nodeCrashed, UInt64(node.number))
        node.diskLife?.crash()
        node.life.end()
        let lost = node.disk.crash()
        if lost > 0 { core.note(.writeLost, UInt64(node.number), lost) }
        core.closeEverything(of: node.life)
    }

    /// Starts a node again after a crash, with what its disk holds.
    public func restart(_ name: String) -> Effects {
        let node = node(name)
        precondition(node.life.isOver, "node \(name) is running")
        node.restart(core)
        core.note(.nodeRestarted, UInt64(node.number))
        return start(node)
    }

    /// Whether a node is running.
    public func isRunning(_ name: String) -> Bool { !node(name).life.isOver }

    private func start(_ node: Node) -> Effects {
        let life = node.life
        let disk = DiskLife(life)
        node.diskLife = disk
        return Effects(
            time: SimulatedTime(life: life), chance: SimulatedChance(life: life),
            disk: SimulatedDisk(disk: disk), network: SimulatedNetwork(life: life),
            processes: SimulatedProcesses(), tasks: SimulatedTasks(life: life),
            workers: SimulatedWorkers())
    }

    private func node(_ name: String) -> Node {
        guard let node = core.nodes.first(where: { $0.name == name }) else {
            preconditionFailure("no node is named \(name)")
        }
        return node
    }

    // MARK: Running

    /// The world's time, which all nodes' monotonic clocks show.
    public var now: Instant { Instant(core.now) }

    /// Lets so many milliseconds pass.
    public func run(forMilliseconds milliseconds: UInt64) {
        _ = run(forAtMostMilliseconds: milliseconds) { false }
    }

    /// Lets time pass until `isDone`, which is asked after every moment, or until so many
    /// milliseconds have passed.
    ///
    /// - Returns: Whether `isDone` said so.
    public func run(forAtMostMilliseconds milliseconds: UInt64, until isDone: () -> Bool) -> Bool {
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        let limit = now.advanced(by: overflow ? .max : nanoseconds)
        return core.run(until: limit.value, isDone: isDone)
    }

    /// Runs `body` as a task of a node's present life and lets time pass until it ends.
    ///
    /// - Returns: Its value, or nothing when it has not ended in so many milliseconds.
    public func run<Value: Sendable>(
        on name: String, _ effects: Effects, withinMilliseconds milliseconds: UInt64 = 60_000,
        _ body: @escaping @Sendable (Effects) async -> Value
    ) -> Value? {
        let result = Slot<Value>()
        effects.tasks.spawn(name) { result.value = await body(effects) }
        _ = run(forAtMostMilliseconds: milliseconds) { result.value != nil }
        return result.value
    }

    /// Written by a task of the world, read by who drives it: never at the same time.
    private final class Slot<Value>: @unchecked Sendable {
        var value: Value?
    }

    /// A hash of everything that has happened: messages, timers, writes, faults, in order.
    public var traceDigest: UInt64 { core.trace.digest }

    /// How many events ``traceDigest`` covers.
    public var eventCount: UInt64 { core.trace.count }

    /// A number below `bound` from the world's own seed, for tests that choose what happens next.
    public func choose(below bound: UInt64) -> UInt64 { core.dice.below(max(bound, 1)) }

    // MARK: The network

    /// Sets how the way between all nodes behaves where nothing else is set.
    public func setLinks(_ conditions: LinkConditions) { core.fabric.usual = conditions }

    /// Sets how one direction between two nodes behaves.
    public func setLink(from: String, to: String, _ conditions: LinkConditions) {
        core.fabric.conditions[link(from, to)] = conditions
    }

    /// Holds back all messages in one direction until ``heal()`` or ``restore(from:to:)``.
    public func cut(from: String, to: String) { core.set([link(from, to)], cut: true) }

    /// Ends a cut of one direction; what was held back travels on.
    public func restore(from: String, to: String) { core.set([link(from, to)], cut: false) }

    /// Cuts every link between nodes of different groups; nodes in no group are a group together.
    public func partition(_ groups: [[String]]) {
        let groupOf = core.nodes.map { node in groups.firstIndex { $0.contains(node.name) } ?? -1 }
        var links: [Link] = []
        for from in groupOf.indices {
            for to in groupOf.indices where groupOf[from] != groupOf[to] {
                links.append(Link(from: from, to: to))
            }
        }
        core.set(links, cut: true)
    }

    /// Ends all cuts; what was held back travels on.
    public func heal() {
        let links = core.fabric.cuts.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        core.set(links, cut: false)
    }

    /// Breaks all streams between two nodes at both ends.
    public func resetStreams(between one: String, and other: String) {
        let links = [link(one, other), link(other, one)]
        for connection in core.fabric.connections where links.contains(connection.outward.link) {
            core.note(.streamReset, UInt64(links[0].from), UInt64(links[0].to))
            connection.reset()
        }
    }

    private func link(_ from: String, _ to: String) -> Link {
        Link(from: node(from).number, to: node(to).number)
    }

    // MARK: Clocks and disks

    /// Sets how far a node's calendar clock is ahead.
    public func setClockSkew(_ name: String, milliseconds: Int64) {
        node(name).clockSkewMilliseconds = milliseconds
    }

    /// Sets how a node's disk behaves.
    public func setDisk(_ name: String, _ conditions: DiskConditions) {
        node(name).diskConditions = conditions
    }

    /// The bytes on a node's disk.
    public func diskBytes(_ name: String) -> UInt64 { node(name).disk.bytes }

    /// Makes a record of a node's log unreadable, as a flipped bit does.
    public func damage(_ name: String, log path: String, record: UInt64) {
        node(name).disk.logs[path]?.write(isLost: false) { $0.damaged.insert(record) }
    }
}
