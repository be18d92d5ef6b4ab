// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What resources cost for an hour, in base units of one asset.
public struct ResourcePrices: Hashable, Sendable {
    /// One processor.
    public let processorHour: Amount
    /// One GiB of memory.
    public let memoryHour: Amount
    /// One GiB of a copy's own disk or of a volume.
    public let storageHour: Amount

    /// Joins the prices.
    public init(processorHour: Amount, memoryHour: Amount, storageHour: Amount) {
        self.processorHour = processorHour
        self.memoryHour = memoryHour
        self.storageHour = storageHour
    }
}

/// What a group of a deployment costs for some hours at some prices (DEPLOY-14).
public struct GroupCost: Hashable, Sendable {
    /// What it is the cost of.
    public let order: ResourceOrder
    /// Its processors.
    public let processors: Amount
    /// Its memory.
    public let memory: Amount
    /// Its disks and volumes.
    public let storage: Amount
    /// The sum.
    public let total: Amount
}

extension Deployment {
    /// What each group costs for so many hours, each part rounded up.
    ///
    /// - Returns: Nothing when a sum exceeds 128 bits.
    public func costs(at prices: ResourcePrices, hours: UInt64) -> [GroupCost]? {
        var costs: [GroupCost] = []
        for order in orders {
            guard let cost = Self.cost(of: order, prices, hours) else { return nil }
            costs.append(cost)
        }
        return costs
    }

    private static func cost(
        of order: ResourceOrder, _ prices: ResourcePrices, _ hours: UInt64
    ) -> GroupCost? {
        let storageBytes = order.resources.diskBytes &+ order.volumeBytes
        let gibibyte: UInt128 = 1 << 30
        guard
            let processors = prices.processorHour.scaledUp(
                by: UInt128(order.resources.milliProcessors) * UInt128(hours), over: 1_000),
            let memory = prices.memoryHour.scaledUp(
                by: UInt128(order.resources.memoryBytes) * UInt128(hours), over: gibibyte),
            let storage = prices.storageHour.scaledUp(
                by: UInt128(storageBytes) * UInt128(hours), over: gibibyte),
            let total = processors.adding(memory)?.adding(storage)
        else { return nil }
        return GroupCost(
            order: order, processors: processors, memory: memory, storage: storage, total: total)
    }
}
