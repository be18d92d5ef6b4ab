// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What one copy of a service is promised (DEPLOY-8).
public struct Resources: Hashable, Sendable, CanonicalCodable {
    /// Thousandths of one processor.
    public var milliProcessors: UInt64
    /// Bytes of memory.
    public var memoryBytes: UInt64
    /// Bytes of the copy's own disk, which ends with it.
    public var diskBytes: UInt64

    /// A quarter of a processor: what a service has that says nothing.
    public static let milliProcessorsDefault: UInt64 = 250
    /// 256 MiB: what a service has that says nothing.
    public static let memoryBytesDefault: UInt64 = 256 << 20
    /// 1 GiB: what a service has that says nothing, for the files it writes outside volumes.
    public static let diskBytesDefault: UInt64 = 1 << 30

    /// Joins the fields; what is left out is the default.
    public init(
        milliProcessors: UInt64 = Self.milliProcessorsDefault,
        memoryBytes: UInt64 = Self.memoryBytesDefault, diskBytes: UInt64 = Self.diskBytesDefault
    ) {
        self.milliProcessors = milliProcessors
        self.memoryBytes = memoryBytes
        self.diskBytes = diskBytes
    }

    /// Nothing.
    public static let none = Resources(milliProcessors: 0, memoryBytes: 0, diskBytes: 0)

    /// Whether each is within its limit and none is zero.
    var isSound: Bool {
        (1...DeploymentLimits.milliProcessorsMax).contains(milliProcessors)
            && (1...DeploymentLimits.bytesMax).contains(memoryBytes)
            && (1...DeploymentLimits.bytesMax).contains(diskBytes)
    }

    /// The sum with so many copies of another; within the limits it fits (DEPLOY-3).
    func adding(_ other: Resources, copies: UInt32) -> Resources {
        let copies = UInt64(copies)
        return Resources(
            milliProcessors: milliProcessors &+ other.milliProcessors &* copies,
            memoryBytes: memoryBytes &+ other.memoryBytes &* copies,
            diskBytes: diskBytes &+ other.diskBytes &* copies)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(milliProcessors)
        encoder.write(memoryBytes)
        encoder.write(diskBytes)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        milliProcessors = try decoder.read()
        memoryBytes = try decoder.read()
        diskBytes = try decoder.read()
    }
}
