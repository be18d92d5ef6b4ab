// SPDX-License-Identifier: Apache-2.0
// Stands for the work of a robot: says which operation it was asked for, and where.

/// Where the host enters the program.
@_expose(wasm, "_start")
@_cdecl("_start")
public func start() {
    var text = bytes("inspected")
    for argument in System.arguments() { text += bytes(" ") + argument }
    System.write(System.standardOutput, text + bytes("\n"))
}

private func bytes(_ text: StaticString) -> [UInt8] {
    Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
}
