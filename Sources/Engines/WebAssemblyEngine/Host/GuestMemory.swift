// SPDX-License-Identifier: Apache-2.0

/// The program's linear memory during one host call.
///
/// Nothing grows the memory while the host runs, so the span is right until the call's end and
/// must not be kept longer. Every access is checked against it; addresses are any 32 bits.
struct GuestMemory {
    private let span: UnsafeMutableRawBufferPointer

    init(_ span: UnsafeMutableRawBufferPointer) {
        self.span = span
    }

    /// The bytes at an address; both numbers come from the program.
    func bytes(
        at address: UInt32, count: UInt32
    ) throws(HostInterrupt) -> UnsafeMutableRawBufferPointer {
        // Two 32-bit numbers cannot overflow this sum.
        let end = Int(address) + Int(count)
        guard end <= span.count else { throw .refused(.fault) }
        return UnsafeMutableRawBufferPointer(rebasing: span[Int(address)..<end])
    }

    /// An integer, little-endian, at any alignment.
    func load<Value: FixedWidthInteger>(
        _ type: Value.Type, at address: UInt32, offset: UInt32 = 0
    ) throws(HostInterrupt) -> Value {
        let place = try bytes(at: Self.sum(address, offset), count: Self.size(of: type))
        return Value(littleEndian: place.loadUnaligned(as: type))
    }

    /// Writes an integer, little-endian, at any alignment.
    func store<Value: FixedWidthInteger>(
        _ value: Value, at address: UInt32, offset: UInt32 = 0
    ) throws(HostInterrupt) {
        let place = try bytes(at: Self.sum(address, offset), count: Self.size(of: Value.self))
        place.storeBytes(of: value.littleEndian, as: Value.self)
    }

    /// Writes bytes.
    func store(_ source: some Collection<UInt8>, at address: UInt32) throws(HostInterrupt) {
        guard let count = UInt32(exactly: source.count) else { throw .refused(.fault) }
        try bytes(at: address, count: count).copyBytes(from: source)
    }

    /// An address so many bytes on, which must itself be an address.
    static func sum(_ address: UInt32, _ offset: UInt32) throws(HostInterrupt) -> UInt32 {
        let (sum, overflow) = address.addingReportingOverflow(offset)
        guard !overflow else { throw .refused(.fault) }
        return sum
    }

    private static func size<Value: FixedWidthInteger>(of type: Value.Type) -> UInt32 {
        UInt32(type.bitWidth / 8)
    }
}
