// SPDX-License-Identifier: Apache-2.0
// The part of WASI preview 1 that the examples use, and a little comfort over it.

@_extern(wasm, module: "wasi_snapshot_preview1", name: "args_sizes_get")
@_extern(c)
private func wasiArgumentSizes(
    _ count: UnsafeMutablePointer<UInt32>, _ bytes: UnsafeMutablePointer<UInt32>
) -> Int32

@_extern(wasm, module: "wasi_snapshot_preview1", name: "args_get")
@_extern(c)
private func wasiArguments(
    _ pointers: UnsafeMutablePointer<UInt32>, _ text: UnsafeMutablePointer<UInt8>
) -> Int32

@_extern(wasm, module: "wasi_snapshot_preview1", name: "fd_read")
@_extern(c)
private func wasiRead(
    _ descriptor: Int32, _ vectors: UnsafeRawPointer, _ count: Int32,
    _ read: UnsafeMutablePointer<UInt32>
) -> Int32

@_extern(wasm, module: "wasi_snapshot_preview1", name: "fd_write")
@_extern(c)
private func wasiWrite(
    _ descriptor: Int32, _ vectors: UnsafeRawPointer, _ count: Int32,
    _ written: UnsafeMutablePointer<UInt32>
) -> Int32

@_extern(wasm, module: "wasi_snapshot_preview1", name: "fd_close")
@_extern(c)
private func wasiClose(_ descriptor: Int32) -> Int32

@_extern(wasm, module: "wasi_snapshot_preview1", name: "path_open")
@_extern(c)
private func wasiOpen(
    _ folder: Int32, _ lookup: Int32, _ path: UnsafePointer<UInt8>, _ count: Int32,
    _ flags: Int32, _ rights: UInt64, _ inherited: UInt64, _ descriptorFlags: Int32,
    _ descriptor: UnsafeMutablePointer<Int32>
) -> Int32

@_extern(wasm, module: "wasi_snapshot_preview1", name: "proc_exit")
@_extern(c)
private func wasiExit(_ status: Int32)

private struct Vector {
    let start: UnsafeMutablePointer<UInt8>
    let count: UInt32
}

/// The program's world: arguments, streams and the files below `/input`.
enum System {
    static let standardInput: Int32 = 0
    static let standardOutput: Int32 = 1
    static let standardError: Int32 = 2
    /// The descriptor of `/input`.
    private static let inputFolder: Int32 = 3
    /// The right to read.
    private static let readRight: UInt64 = 1 << 1

    /// The arguments after the program's name, without their last zero bytes.
    static func arguments() -> [[UInt8]] {
        var count: UInt32 = 0
        var bytes: UInt32 = 0
        guard wasiArgumentSizes(&count, &bytes) == 0 else { return [] }
        var pointers = [UInt32](repeating: 0, count: Int(count))
        var text = [UInt8](repeating: 0, count: Int(bytes))
        guard wasiArguments(&pointers, &text) == 0 else { return [] }
        var arguments: [[UInt8]] = []
        var current: [UInt8] = []
        for byte in text {
            if byte == 0 {
                arguments.append(current)
                current = []
            } else {
                current.append(byte)
            }
        }
        return Array(arguments.dropFirst())
    }

    /// Opens a file below `/input` for reading; nothing when there is none.
    static func open(_ path: [UInt8]) -> Int32? {
        var descriptor: Int32 = -1
        let status = wasiOpen(
            inputFolder, 0, path, Int32(path.count), 0, readRight, 0, 0, &descriptor)
        return status == 0 ? descriptor : nil
    }

    /// Reads into a buffer; the number of bytes, 0 at the end, or nothing on an error.
    static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int? {
        var count: UInt32 = 0
        let status = buffer.withUnsafeMutableBufferPointer { bytes -> Int32 in
            guard let start = bytes.baseAddress else { return 0 }
            var vector = Vector(start: start, count: UInt32(bytes.count))
            return wasiRead(descriptor, &vector, 1, &count)
        }
        return status == 0 ? Int(count) : nil
    }

    /// Writes all bytes, or gives up at the first error.
    static func write(_ descriptor: Int32, _ bytes: [UInt8]) {
        var bytes = bytes
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeMutableBufferPointer { buffer -> UInt32? in
                guard let start = buffer.baseAddress else { return nil }
                var vector = Vector(start: start + done, count: UInt32(buffer.count - done))
                var count: UInt32 = 0
                return wasiWrite(descriptor, &vector, 1, &count) == 0 ? count : nil
            }
            guard let written, written > 0 else { return }
            done += Int(written)
        }
    }

    static func close(_ descriptor: Int32) {
        _ = wasiClose(descriptor)
    }

    static func exit(_ status: Int32) -> Never {
        wasiExit(status)
        fatalError("the host came back from proc_exit")
    }
}
