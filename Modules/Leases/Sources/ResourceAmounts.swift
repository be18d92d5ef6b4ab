// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// So much of something that has a name: bytes of a class of storage, devices of a kind.
public struct NamedAmount: Hashable, Sendable, CanonicalCodable {
    /// The class or kind, such as `nvme` or `gpu/h200`.
    public let name: String
    /// Bytes, or devices; above zero.
    public let amount: UInt64

    /// Names an amount.
    public init(_ name: String, _ amount: UInt64) {
        self.name = name
        self.amount = amount
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.write(amount)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readText(limit: ResourceAmounts.nameBytesMax)
        amount = try decoder.read()
    }
}

/// What a machine has, or what somebody wants of it.
public struct ResourceAmounts: Hashable, Sendable {
    /// Thousandths of a core.
    public let milliCores: UInt64
    /// Bytes of memory.
    public let memoryBytes: UInt64
    /// Bytes that may leave in a second.
    public let egressBytesPerSecond: UInt64
    /// Bytes of storage by class, ascending by name.
    public let storage: [NamedAmount]
    /// Devices by kind, ascending by name.
    public let devices: [NamedAmount]

    /// The most classes of storage, and the most kinds of devices: one record then stays below
    /// 24 + 2 × 8 × 41 = 680 bytes.
    public static let kindsMax = 8
    /// The most bytes of a name.
    public static let nameBytesMax = 32

    /// Nothing.
    public static let zero = ResourceAmounts(milliCores: 0, memoryBytes: 0)

    /// Joins the fields.
    public init(
        milliCores: UInt64, memoryBytes: UInt64, egressBytesPerSecond: UInt64 = 0,
        storage: [NamedAmount] = [], devices: [NamedAmount] = []
    ) {
        self.milliCores = milliCores
        self.memoryBytes = memoryBytes
        self.egressBytesPerSecond = egressBytesPerSecond
        self.storage = storage
        self.devices = devices
    }

    /// Whether names are well formed, ascending and each has an amount above zero.
    public var isWellFormed: Bool {
        Self.isWellFormed(storage) && Self.isWellFormed(devices)
    }

    private static func isWellFormed(_ list: [NamedAmount]) -> Bool {
        list.count <= kindsMax
            && list.allSatisfy { $0.amount > 0 && LeaseWords.isName($0.name) }
            && zip(list, list.dropFirst()).allSatisfy { $0.name < $1.name }
    }

    /// Both together.
    ///
    /// - Returns: Nothing when a sum exceeds 64 bits, or more kinds come together than may.
    public func adding(_ other: ResourceAmounts) -> ResourceAmounts? {
        combined(other) { left, right in
            let (sum, overflow) = left.addingReportingOverflow(right)
            return overflow ? nil : sum
        }
    }

    /// What is left without `other`.
    ///
    /// - Returns: Nothing when there is less of anything.
    public func subtracting(_ other: ResourceAmounts) -> ResourceAmounts? {
        combined(other) { left, right in left >= right ? left - right : nil }
    }

    /// So many of these.
    ///
    /// - Returns: Nothing when a product exceeds 64 bits.
    public func multiplied(by count: UInt32) -> ResourceAmounts? {
        let factor = ResourceAmounts(
            milliCores: UInt64(count), memoryBytes: UInt64(count),
            egressBytesPerSecond: UInt64(count),
            storage: storage.map { NamedAmount($0.name, UInt64(count)) },
            devices: devices.map { NamedAmount($0.name, UInt64(count)) })
        return combined(factor) { left, right in
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? nil : product
        }
    }

    /// Whether all of this is there.
    public func fits(in capacity: ResourceAmounts) -> Bool {
        capacity.subtracting(self) != nil
    }

    private func combined(
        _ other: ResourceAmounts, _ join: (UInt64, UInt64) -> UInt64?
    ) -> ResourceAmounts? {
        guard let cores = join(milliCores, other.milliCores),
            let memory = join(memoryBytes, other.memoryBytes),
            let egress = join(egressBytesPerSecond, other.egressBytesPerSecond),
            let storage = Self.combined(storage, other.storage, join),
            let devices = Self.combined(devices, other.devices, join)
        else { return nil }
        return ResourceAmounts(
            milliCores: cores, memoryBytes: memory, egressBytesPerSecond: egress,
            storage: storage, devices: devices)
    }

    private static func combined(
        _ left: [NamedAmount], _ right: [NamedAmount], _ join: (UInt64, UInt64) -> UInt64?
    ) -> [NamedAmount]? {
        var all: [NamedAmount] = []
        for entry in left {
            let other = right.first { $0.name == entry.name }?.amount ?? 0
            guard let amount = join(entry.amount, other) else { return nil }
            if amount > 0 { all.append(NamedAmount(entry.name, amount)) }
        }
        for entry in right where !left.contains(where: { $0.name == entry.name }) {
            guard let amount = join(0, entry.amount) else { return nil }
            if amount > 0 { all.append(NamedAmount(entry.name, amount)) }
        }
        return all.count > kindsMax ? nil : all.sorted { $0.name < $1.name }
    }
}

extension ResourceAmounts: CanonicalCodable {
    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(milliCores)
        encoder.write(memoryBytes)
        encoder.write(egressBytesPerSecond)
        encoder.writeList(storage)
        encoder.writeList(devices)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        milliCores = try decoder.read()
        memoryBytes = try decoder.read()
        egressBytesPerSecond = try decoder.read()
        storage = try decoder.readList(limit: Self.kindsMax)
        devices = try decoder.readList(limit: Self.kindsMax)
    }
}

/// What names of regions, attributes, classes and kinds look like.
enum LeaseWords {
    /// Whether a name is 1 to 32 of a-z, 0-9 and `. - / = _`.
    static func isName(_ name: String) -> Bool {
        (1...ResourceAmounts.nameBytesMax).contains(name.utf8.count)
            && name.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Whether all are names, ascending, each once.
    static func areNames(_ names: [String]) -> Bool {
        names.allSatisfy(isName) && zip(names, names.dropFirst()).allSatisfy { $0 < $1 }
    }
}

extension CanonicalEncoder {
    mutating func writeNames(_ names: [String]) {
        writeLength(names.count)
        for name in names { writeText(name) }
    }
}

extension CanonicalDecoder {
    mutating func readNames(limit: Int) throws(CanonicalError) -> [String] {
        let count = try readLength(limit: limit)
        var names: [String] = []
        for _ in 0..<count {
            try names.append(readText(limit: ResourceAmounts.nameBytesMax))
        }
        return names
    }
}
